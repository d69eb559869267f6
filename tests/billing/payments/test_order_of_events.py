"""The provider's messages in every order: the end is the same, as each only makes us ask for the truth."""

from dataclasses import replace
from datetime import timedelta
from itertools import accumulate, permutations

import pytest
from django.utils import timezone

from billing.gateways.base import ProviderPayment
from billing.gateways.registry import storing_gateway
from billing.models import Payment
from billing.operations.payments import apply_provider_state, check_payment, checks, open_session, settle
from billing.operations.payments.states import State
from tests.billing.payments.conftest import begin, booked, mails, pay_on_page, refund
from tests.billing.payments.stored import told_by_control
from tests.billing.payments.test_debits import ACH, bank_says, taken_back

# created, processing, succeeded, charge.updated, refunded, dispute.created, dispute.closed
STAGES = range(7)


def truths(sandbox, user, method: str) -> list[ProviderPayment]:
    """What the provider answers after each of the seven events, of a payment that lives through all of them."""
    payment = open_session(payment=begin(user, method=method), now=timezone.now())
    seen = []

    def look():
        seen.append(storing_gateway("stripe").get_payment(session_id=payment.session_id, provider_id=""))

    look()
    if method == Payment.Method.ACH:
        pay_on_page(payment.session_url, **ACH)
        look()
        payment.provider_id = seen[-1].provider_id
        bank_says(sandbox, payment, "succeeded")
    else:
        look()
        pay_on_page(payment.session_url)
    look()
    look()
    payment.provider_id = seen[-1].provider_id
    refund(sandbox, payment, 2000)
    look()
    taken_back(sandbox, payment, "debit_not_authorized" if method == Payment.Method.ACH else "fraudulent")
    look()
    for dispute in sandbox.state.objects["dispute"].values():
        if dispute["status"] == "needs_response":
            told_by_control(sandbox, f"disputes/{dispute['id']}/decide", outcome="won")
    look()
    return seen


def orders() -> set[tuple[int, ...]]:
    """Of all orders of arrival, what the provider answers in turn: it is never behind a message it sent.

    The same answer several times in a row is left out here; each is applied twice below.
    """
    return {tuple(dict.fromkeys(accumulate(order, max))) for order in permutations(STAGES)}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("method", "state", "left"), [(Payment.Method.CARD, State.SUCCEEDED, -30), (Payment.Method.ACH, State.DISPUTED, 0)]
)
def test_all_5040_orders_end_alike(sandbox, alice, monkeypatch, method, state, left):
    monkeypatch.setattr(settle, "receipt_attached", lambda payment: ())  # 64 PDFs are not what is tried here
    answers = truths(sandbox, alice, method)
    ends = set()
    found = orders()
    assert len(found) == 64
    for number, order in enumerate(sorted(found)):
        payment = begin(alice, method=method)
        now = timezone.now()
        own = {"reference": str(payment.pk), "session_id": f"cs_{method}_{number}"}
        for step, stage in enumerate(order):
            said = replace(answers[stage], **own, provider_id=f"pi_{method}_{number}" if stage > 1 else "")
            for _ in range(2):
                apply_provider_state(payment_id=payment.pk, found=said, now=now + timedelta(seconds=step))
        payment.refresh_from_db()
        ends.add((payment.state, sum(booked(payment)), payment.reversed))
    assert ends == {(state, left, 50 + left)}
    assert mails("payment_received") == 64


def test_an_answer_that_was_overtaken_is_asked_for_again(sandbox, alice, monkeypatch):
    """One who asked while a dispute was open is slow; meanwhile another hears that it was won."""
    answers = truths(sandbox, alice, Payment.Method.CARD)
    payment = Payment.objects.get()
    check_payment(payment_id=payment.pk, now=timezone.now())
    gateway = checks.gateway("stripe")
    asked = []

    def get_payment(**ids):
        asked.append(ids)
        if len(asked) > 1:
            return answers[6]
        apply_provider_state(payment_id=payment.pk, found=answers[5], now=timezone.now())
        apply_provider_state(payment_id=payment.pk, found=answers[6], now=timezone.now())
        return answers[5]

    monkeypatch.setattr(gateway, "get_payment", get_payment)
    end = check_payment(payment_id=payment.pk, now=timezone.now())
    assert (end.state, sum(booked(end)), len(asked)) == (State.SUCCEEDED, -30, 2)
