"""Bank debits, iDEAL and PayPal: under way for days, taken back after months, stored with their mandates."""

from datetime import timedelta

import pytest
import requests
from django.utils import timezone

from billing.models import Payment, StoredMethod
from billing.operations.methods import refresh_method
from billing.operations.payments import charge_stored, check_payment, open_session, settle_due
from billing.operations.payments.states import State
from billing.queries.invoices import unpaid
from billing.queries.methods import preferred_method
from selfcare.errors import Refused
from selfcare.models import OutgoingMail
from tests.billing.bills import FEBRUARY, JANUARY, book, invoice_of
from tests.billing.payments.conftest import answer_challenge, balance, begin, booked, mails, pay_on_page
from tests.billing.payments.stored import begin_stored, set_up, told_by_control

Method = Payment.Method
ACH = {"kind": "us_bank_account", "routing": "110000000", "account": "000123456789"}
SEPA = {"kind": "sepa_debit", "iban": "DE89370400440532013000"}
IDEAL = {"kind": "ideal", "bank": "ing"}
PAYPAL = {"kind": "paypal"}


@pytest.fixture
def euros(alice):
    alice.customer.currency = "EUR"
    alice.customer.save()
    return alice


def checked(payment, after=timedelta(0)):
    return check_payment(payment_id=payment.pk, now=timezone.now() + after)


def paid_on_page(sandbox, user, method, form, *, save=False):
    """A payment on the provider's page, with the page of the bank or PayPal where there is one."""
    payment = open_session(payment=begin(user, method=method, save_method=save), now=timezone.now())
    answer = pay_on_page(payment.session_url, **form)
    if "/c/challenge/" in answer.headers["Location"]:
        answer_challenge(answer, sandbox.url)
    return checked(payment)


def bank_says(sandbox, payment, outcome):
    told_by_control(sandbox, f"payment_intents/{payment.provider_id}/answer", outcome=outcome)


def taken_back(sandbox, payment, reason="insufficient_funds"):
    (charge,) = [c for c in sandbox.state.objects["charge"].values() if c["payment_intent"] == payment.provider_id]
    told_by_control(sandbox, f"charges/{charge['id']}/dispute", reason=reason)


def test_a_bank_debit_is_under_way_for_days_and_then_booked_and_stored(sandbox, alice, easycall):
    payment = paid_on_page(sandbox, alice, Method.ACH, ACH, save=True)
    assert (payment.state, payment.paid_with, booked(payment)) == (State.PENDING, "Test Bank 6789", [])
    assert not StoredMethod.objects.exists(), "only what has paid is kept"
    assert settle_due(now=timezone.now() + timedelta(hours=2)) == 1
    bank_says(sandbox, payment, "succeeded")
    payment = checked(payment)
    assert (payment.state, booked(payment), mails("payment_received")) == (State.SUCCEEDED, [-50], 1)
    method = preferred_method(easycall)
    assert (method.kind, method.brand, method.last4, method.mandate[:8]) == ("ach", "Test Bank", "6789", "mandate_")


def test_a_returned_debit_fails_with_words_for_an_account(sandbox, alice):
    payment = paid_on_page(sandbox, alice, Method.ACH, ACH)
    bank_says(sandbox, payment, "account_closed")
    payment = checked(payment)
    assert (payment.state, payment.failure, booked(payment)) == (State.FAILED, "account_closed", [])
    assert "does not know this account" in OutgoingMail.objects.get().body


@pytest.mark.parametrize(
    ("method", "form", "reason", "later"),
    [
        (Method.ACH, ACH, "insufficient_funds", timedelta(days=5)),
        (Method.SEPA, SEPA, "customer_initiated", timedelta(weeks=8)),
        (Method.SEPA, SEPA, "debit_not_authorized", timedelta(days=395)),
    ],
)
def test_what_comes_back_after_the_period_was_closed_opens_the_invoice_again(
    sandbox, alice, easycall, method, form, reason, later
):
    if method == Method.SEPA:
        easycall.currency = alice.customer.currency = "EUR"
        easycall.save()
    book(easycall, "30", at=JANUARY.start)
    book(easycall, "30", at=FEBRUARY.start)
    invoice_of(easycall, JANUARY)
    payment = paid_on_page(sandbox, alice, method, form)
    bank_says(sandbox, payment, "succeeded")
    checked(payment)
    invoice_of(easycall, FEBRUARY)
    assert unpaid(easycall) == 10
    taken_back(sandbox, payment, reason)
    for _ in range(2):
        payment = checked(payment, later)
    assert (payment.state, booked(payment), unpaid(easycall)) == (State.DISPUTED, [-50, 50], 60)


def test_a_debit_that_came_back_costs_the_fee_once(sandbox, alice, easycall, settings):
    settings.RETURN_FEE = 15
    payment = paid_on_page(sandbox, alice, Method.ACH, ACH)
    bank_says(sandbox, payment, "succeeded")
    checked(payment)
    taken_back(sandbox, payment)
    for days in (5, 6):
        payment = checked(payment, timedelta(days=days))
    assert sorted(booked(payment)) == [-50, 15, 50]
    assert balance(easycall) == 15


def test_ideal_sets_a_direct_debit_up(sandbox, euros):
    method = set_up(euros, "sepa", **IDEAL)
    assert (method.kind, method.last4, method.mandate[:8], method.usable) == ("sepa", "3000", "mandate_", True)
    payment = charge_stored(payment=begin_stored(euros, method), now=timezone.now())
    assert (payment.state, payment.paid_with) == (State.PENDING, "SEPA 3000")
    bank_says(sandbox, payment, "succeeded")
    assert booked(checked(payment)) == [-50]


def test_an_ideal_payment_leaves_a_direct_debit(sandbox, euros):
    payment = paid_on_page(sandbox, euros, Method.SEPA, IDEAL, save=True)
    assert (payment.state, payment.paid_with) == (State.SUCCEEDED, "iDEAL")
    method = StoredMethod.objects.get()
    assert (method.kind, method.last4, method.mandate[:8]) == ("sepa", "3000", "mandate_")


def test_a_revoked_mandate(sandbox, euros):
    method = set_up(euros, "sepa", **IDEAL)
    waiting = begin_stored(euros, method)
    told_by_control(sandbox, f"mandates/{method.mandate}/revoke")
    payment = charge_stored(payment=waiting, now=timezone.now())
    assert (payment.state, payment.failure) == (State.FAILED, "payment_intent_mandate_invalid")
    assert {intent["status"] for intent in sandbox.state.objects["payment_intent"].values()} == {"canceled"}
    method = refresh_method(method=method, now=timezone.now())
    assert method.usable is False
    with pytest.raises(Refused, match="can no longer be used"):
        begin_stored(euros, method)


def test_paypal_is_approved_stored_and_charged_later(sandbox, alice):
    payment = paid_on_page(sandbox, alice, Method.PAYPAL, PAYPAL, save=True)
    assert (payment.state, payment.paid_with) == (State.SUCCEEDED, "PayPal")
    method = StoredMethod.objects.get()
    assert (method.kind, str(method)) == ("paypal", "PayPal")
    later = charge_stored(payment=begin_stored(alice, method, origin=Payment.Origin.AUTO), now=timezone.now())
    assert (later.state, booked(later)) == (State.SUCCEEDED, [-50])


def test_paypal_that_is_not_approved(sandbox, alice):
    payment = open_session(payment=begin(alice, method=Method.PAYPAL), now=timezone.now())
    answer_challenge(pay_on_page(payment.session_url, **PAYPAL), sandbox.url, "fail")
    assert (checked(payment).state, checked(payment).failure) == (State.PENDING, "payment_method_customer_decline")
    requests.post(f"{sandbox.url}/_sandbox/clock", json={"advance": 7200}, timeout=5)
    assert checked(payment).state == State.FAILED
    assert "not approved" in OutgoingMail.objects.get().body
