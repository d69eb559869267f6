"""Refunds by staff: within what is left, once whoever presses how often, booked by what the provider says."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from threading import Barrier
from uuid import uuid4

import pytest
import requests
from django.urls import reverse
from django.utils import timezone

from billing.gateways import stripe as gateway
from billing.gateways.base import Unanswered
from billing.models import Payment, Refund
from billing.operations.guards import AlreadyStarted
from billing.operations.payments import apply_provider_state, check_payment, open_session
from billing.operations.refunds import (
    approve_refund,
    ask_refund,
    begin,
    begin_refund,
    check_refund,
    decline_refund,
    give_up_refund,
    refundable,
    settle_refunds,
)
from billing.operations.refunds.states import CALENDAR, MOVES, State
from billing.queries.invoices import unpaid
from selfcare.errors import Refused
from selfcare.models import AuditEvent, Brand, OutgoingMail
from tests.billing.bills import FEBRUARY, JANUARY, book, invoice_of
from tests.billing.payments.conftest import LATER, balance, booked, mails, pay_on_page
from tests.billing.payments.conftest import begin as begin_payment
from tests.factories import UserFactory
from tests.parallel import parallel
from tests.people import signed_in


@pytest.fixture
def paid(opened) -> Payment:
    """50 USD, paid with a card."""
    pay_on_page(opened.session_url)
    return check_payment(payment_id=opened.pk, now=timezone.now())


@pytest.fixture
def boss(db):
    """Another member of staff."""
    return UserFactory(username="boss", is_staff=True, is_superuser=True, customer=None)


def written(payment, staff, amount="20", refund_id=None, now=None) -> Refund:
    return begin_refund(
        payment=payment,
        staff=staff,
        refund_id=refund_id or uuid4(),
        amount=Decimal(amount),
        reason="Paid twice",
        now=now or timezone.now(),
    )


def refunded(payment, staff, amount="20") -> Refund:
    return ask_refund(refund=written(payment, staff, amount), now=timezone.now())


def given_back(sandbox) -> list[int]:
    return [refund["amount"] for refund in sandbox.state.objects["refund"].values() if refund["status"] != "failed"]


def test_a_part_and_then_the_rest(paid, dora, sandbox):
    book(paid.customer, "30", at=JANUARY.start)
    book(paid.customer, "20", at=FEBRUARY.start)
    for period in (JANUARY, FEBRUARY):
        invoice_of(paid.customer, period)
    assert unpaid(paid.customer) == 0
    first = refunded(paid, dora)
    assert (first.state, first.payment.provider_id[:3], first.provider_id[:3]) == (State.SUCCEEDED, "pi_", "re_")
    paid.refresh_from_db()
    assert (paid.state, booked(paid), balance(paid.customer)) == (Payment.State.SUCCEEDED, [-50, 20], 20)
    assert unpaid(paid.customer) == 20, "the newest invoice is open again"
    assert refundable(paid) == 30
    refunded(paid, dora, "30")
    paid.refresh_from_db()
    assert (paid.state, booked(paid), refundable(paid)) == (Payment.State.REFUNDED, [-50, 20, 30], 0)
    assert given_back(sandbox) == [2000, 3000]
    assert mails("refund_made") == 2
    assert "20.00 USD" in OutgoingMail.objects.get(key=f"refund_made:{first.pk}").body


@pytest.mark.parametrize("amount", ["50.01", "1000", "0", "-1", "0.001", "NaN"])
def test_no_more_than_was_paid(paid, dora, sandbox, amount):
    with pytest.raises(Refused):
        written(paid, dora, amount)
    assert (Refund.objects.count(), given_back(sandbox)) == (0, [])


def test_no_more_than_is_left(paid, dora, sandbox):
    refunded(paid, dora, "20")
    written(paid, dora, "10")
    with pytest.raises(Refused, match=r"at most 20\.00 USD"):
        written(paid, dora, "20.01")
    assert written(paid, dora, "20").state == State.CREATED
    with pytest.raises(Refused, match="Nothing is left"):
        written(paid, dora, "0.01")


def test_what_was_refunded_on_the_providers_pages_counts(paid, dora, sandbox):
    requests.post(
        f"{sandbox.url}/v1/refunds",
        {"payment_intent": paid.provider_id, "amount": 4500},
        headers={"Authorization": "Bearer sk_test_x"},
        timeout=5,
    )
    late = refunded(paid, dora, "20")
    assert late.state == State.FAILED, "the provider knows it before we do"
    assert "greater than" in late.failure
    check_payment(payment_id=paid.pk, now=timezone.now())
    paid.refresh_from_db()
    assert (refundable(paid), booked(paid)) == (5, [-50, 45])


def test_not_while_it_is_disputed(paid, dora):
    found = gateway.Stripe().get_payment(session_id=paid.session_id, provider_id=paid.provider_id)
    disputed = replace(found, disputed=Decimal(50))
    apply_provider_state(payment_id=paid.pk, found=disputed, now=timezone.now())
    with pytest.raises(Refused, match="disputes this payment"):
        written(paid, dora)
    assert not Refund.objects.exists()


@pytest.mark.parametrize("state", [Payment.State.PENDING, Payment.State.FAILED, Payment.State.UNKNOWN])
def test_not_before_it_is_paid(opened, dora, state):
    Payment.objects.update(state=state)
    with pytest.raises(Refused, match="has not been paid"):
        written(opened, dora)


@pytest.mark.parametrize(("method", "days"), [(Payment.Method.ACH, 5), (Payment.Method.SEPA, 7)])
def test_a_bank_debit_waits_until_the_bank_cannot_return_it(paid, dora, method, days):
    Payment.objects.update(method=method)
    with pytest.raises(Refused, match="may still send this debit back"):
        written(paid, dora, now=paid.paid_at + timedelta(days=days, seconds=-1))
    assert written(paid, dora, now=paid.paid_at + timedelta(days=days)).state == State.CREATED


def test_money_that_came_another_way_goes_back_another_way(paid, dora):
    Payment.objects.update(method=Payment.Method.PAYNEARME)
    with pytest.raises(Refused, match="Cash cannot be sent back"):
        written(paid, dora)
    Payment.objects.update(provider="manual")
    with pytest.raises(Refused, match="recorded by staff"):
        written(paid, dora)


def presses(payment, staff, ids) -> list[Callable[[], Refund]]:
    def press(refund_id) -> Refund:
        refund = written(payment, staff, "50", refund_id)
        return ask_refund(refund=refund, now=timezone.now())

    return [lambda refund_id=refund_id: press(refund_id) for refund_id in ids]


def test_sixteen_presses_of_one_form_are_one_refund(paid, dora, sandbox):
    parallel(presses(paid, dora, [uuid4()] * 16))
    assert (Refund.objects.count(), given_back(sandbox), booked(paid)) == (1, [5000], [-50, 50])
    assert mails("refund_made") == 1


@pytest.mark.parametrize("round_", range(3))
def test_sixteen_forms_at_once_are_one_refund(paid, dora, sandbox, round_):
    results = parallel(presses(paid, dora, [uuid4() for _ in range(16)]))
    assert sum(isinstance(result, Refused) for result in results) == 15
    assert (Refund.objects.count(), given_back(sandbox), booked(paid)) == (1, [5000], [-50, 50])


def test_without_the_lock_there_is_more_than_one(paid, dora, monkeypatch):
    """The twin: the same sixteen presses, when nobody holds the payment's row while he counts what is left."""

    def unlocked(payment):
        return Payment.objects.select_related("customer").get(pk=payment.pk)

    slow = begin._refuse_amount

    def slower(payment, amount):
        slow(payment, amount)
        gate.wait(timeout=10)

    gate = Barrier(16)
    monkeypatch.setattr(begin, "lock_payment", unlocked)
    monkeypatch.setattr(begin, "_refuse_amount", slower)
    parallel([lambda: written(paid, dora, "50") for _ in range(16)])
    assert Refund.objects.count() > 1


def test_a_form_that_was_used_is_not_taken_for_another_refund(paid, dora):
    once = written(paid, dora, "20").pk
    with pytest.raises(AlreadyStarted):
        written(paid, dora, "21", refund_id=once)
    assert written(paid, dora, "20", refund_id=once).pk == once


@pytest.mark.parametrize("kind", ["error_after", "timeout_after"])
def test_a_lost_answer_is_found_by_the_janitor(paid, dora, sandbox, fault, impatient, kind):
    fault(kind, path="/v1/refunds", seconds=1)
    refund = refunded(paid, dora)
    assert refund.state == State.UNKNOWN
    assert refundable(paid) == 30, "what may be on its way is not given back a second time"
    assert settle_refunds(now=timezone.now() + LATER) == 1
    refund.refresh_from_db()
    assert (refund.state, given_back(sandbox), booked(paid)) == (State.SUCCEEDED, [2000], [-50, 20])
    assert settle_refunds(now=timezone.now() + timedelta(days=1)) == 0


@pytest.mark.parametrize("kind", ["error_before", "timeout_before"])
def test_what_was_never_done_is_failed_and_never_done_later(paid, dora, sandbox, fault, impatient, kind):
    Brand(name="ITSP", support_email="care@example.net").save()
    fault(kind, path="/v1/refunds", seconds=1)
    refund = refunded(paid, dora)
    assert check_refund(refund_id=refund.pk, now=timezone.now()).state == State.UNKNOWN, "it may be under way"
    assert settle_refunds(now=timezone.now() + LATER) == 1
    refund.refresh_from_db()
    assert (refund.state, given_back(sandbox), booked(paid)) == (State.FAILED, [], [-50])
    assert "can be begun anew" in OutgoingMail.objects.get(to=["care@example.net"]).body
    assert refundable(paid) == 50


def test_written_down_and_then_the_process_died(paid, dora, sandbox):
    refund = written(paid, dora)
    settle_refunds(now=timezone.now() + timedelta(minutes=20))
    refund.refresh_from_db()
    assert (refund.state, given_back(sandbox)) == (State.FAILED, [])


def test_a_busy_provider_is_asked_again_with_the_same_form(paid, dora, sandbox, fault):
    fault("rate_limit", path="/v1/refunds")
    refund = written(paid, dora)
    with pytest.raises(Refused, match="busy"):
        ask_refund(refund=refund, now=timezone.now())
    again = written(paid, dora, refund_id=refund.pk)
    assert ask_refund(refund=again, now=timezone.now()).state == State.SUCCEEDED
    assert given_back(sandbox) == [2000]


def test_the_payment_cannot_be_asked_after_the_refund(paid, dora, sandbox, fault, impatient):
    """The refund is done, but what it does to the payment is not known yet: it stays reserved until the janitor."""
    fault("error_before", method="GET", path="/v1/checkout/sessions/*")
    refund = written(paid, dora)
    with pytest.raises(Unanswered):
        ask_refund(refund=refund, now=timezone.now())
    refund.refresh_from_db()
    assert (refund.state, refundable(paid), booked(paid)) == (State.UNKNOWN, 30, [-50])
    settle_refunds(now=timezone.now() + LATER)
    refund.refresh_from_db()
    assert (refund.state, given_back(sandbox), booked(paid)) == (State.SUCCEEDED, [2000], [-50, 20])


def test_a_hopeless_refund_goes_to_a_person(paid, dora, sandbox, fault, impatient):
    Brand(name="ITSP", support_email="care@example.net").save()
    fault("error_after", path="/v1/refunds")
    now = timezone.now()
    refund = refunded(paid, dora)
    sandbox.stop()
    asked = [settle_refunds(now=now + timedelta(days=2 * day)) for day in range(1, 15)]
    refund.refresh_from_db()
    assert (sum(asked), refund.state) == (len(CALENDAR[State.UNKNOWN]), State.UNKNOWN)
    assert "has not said how" in OutgoingMail.objects.get(to=["care@example.net"]).body
    give_up_refund(refund=refund, staff=dora, reason="Not there, looked at the pages", now=now)
    refund.refresh_from_db()
    assert (refund.state, refund.failure) == (State.FAILED, "Not there, looked at the pages")
    with pytest.raises(Refused, match="has ended"):
        give_up_refund(refund=refund, staff=dora, reason="x", now=now)


def test_prepaid_gets_its_tax_back(charlie, lotus, dora, sandbox):
    lotus.tax_rate = Decimal(21)
    lotus.save()
    charlie.refresh_from_db()
    payment = open_session(payment=begin_payment(charlie, "10"), now=timezone.now())
    pay_on_page(payment.session_url)
    payment = check_payment(payment_id=payment.pk, now=timezone.now())
    assert refundable(payment) == Decimal("12.1")
    refunded(payment, dora, "6.05")
    payment.refresh_from_db()
    assert (booked(payment), refundable(payment)) == ([-10, 5], Decimal("6.05"))
    refunded(payment, dora, "6.05")
    assert (booked(payment), given_back(sandbox)) == ([-10, 5, 5], [605, 605])


def test_a_large_one_needs_a_second_person(paid, dora, boss, settings, sandbox):
    settings.REFUND_APPROVAL_ABOVE = 30
    assert written(paid, dora, "30").state == State.CREATED
    refund = written(paid, dora, "20")
    assert refund.state == State.WAITING, "parts count together"
    assert ask_refund(refund=refund, now=timezone.now()).state == State.WAITING
    with pytest.raises(Refused, match="Another person"):
        approve_refund(refund=refund, staff=dora, now=timezone.now())
    results = parallel([lambda: approve_refund(refund=refund, staff=boss, now=timezone.now()) for _ in range(4)])
    assert sum(isinstance(result, Refused) for result in results) == 3
    refund.refresh_from_db()
    assert (refund.state, refund.decided_by) == (State.CREATED, boss)
    assert ask_refund(refund=refund, now=timezone.now()).state == State.SUCCEEDED
    assert given_back(sandbox) == [2000]


def test_a_declined_one_sends_nothing_and_frees_the_amount(paid, dora, boss, settings, sandbox):
    settings.REFUND_APPROVAL_ABOVE = 0
    refund = written(paid, dora, "50")
    assert refundable(paid) == 0
    decline_refund(refund=refund, staff=boss, reason="He was not charged twice", now=timezone.now())
    assert refundable(paid) == 50
    for act in (approve_refund, decline_refund):
        with pytest.raises(Refused, match="decided already"):
            act(refund=refund, staff=boss, now=timezone.now(), **({"reason": "x"} if act is decline_refund else {}))
    assert settle_refunds(now=timezone.now() + timedelta(days=9)) == 0
    assert given_back(sandbox) == []


def test_nobody_can_be_both_persons_in_the_database(paid, dora):
    refund = written(paid, dora)
    with pytest.raises(Exception, match="refund_decided_by_another"):
        Refund.objects.filter(pk=refund.pk).update(decided_by=dora)


def test_every_state_has_its_moves():
    assert set(MOVES) == set(State)
    assert MOVES[State.WAITING] == MOVES[State.DECLINED] == frozenset()
    assert all(State.CREATED not in moves and State.UNKNOWN not in moves for moves in MOVES.values())


def form(page, **said: object) -> dict[str, object]:
    once = re.search(r'name="once" value="([^"]+)"', page.content.decode())[1]
    return {"once": once, "reason": "Paid twice"} | said


def test_staff_refund_on_the_payments_page(as_dora, dora, paid, sandbox):
    address = reverse("admin:billing_payment_refund", args=[paid.pk])
    page = as_dora.get(address)
    assert "50.00 USD can be given back" in page.content.decode()
    said = form(page, amount="20")
    for _ in range(2):
        answer = as_dora.post(address, said, follow=True)
        assert "given back and is booked" in answer.content.decode()
    assert given_back(sandbox) == [2000]
    event = AuditEvent.objects.get(action="refund")
    assert (event.user, event.customer, event.record_id) == (dora, paid.customer, str(paid.pk))
    assert list(event.changes.values()) == [["", "20.00 USD"], ["", "Paid twice"]]
    refused = as_dora.post(address, form(as_dora.get(address), amount="31"))
    assert "at most 30.00 USD" in refused.content.decode()


def test_two_persons_in_the_administration(as_dora, boss, paid, settings, sandbox):
    settings.REFUND_APPROVAL_ABOVE = 10
    address = reverse("admin:billing_payment_refund", args=[paid.pk])
    answer = as_dora.post(address, form(as_dora.get(address), amount="20"), follow=True)
    assert "Another member of your staff" in answer.content.decode()
    refund = Refund.objects.get()
    agree = reverse("admin:billing_refund_approve", args=[refund.pk])
    assert "began this refund yourself" in as_dora.post(agree).content.decode()
    assert given_back(sandbox) == []
    answer = signed_in(boss).post(agree, follow=True)
    assert "given back and is booked" in answer.content.decode()
    assert given_back(sandbox) == [2000]
    ask = as_dora.post(reverse("admin:billing_refund_ask", args=[refund.pk]), follow=True)
    assert "Given back" in ask.content.decode()


def test_only_with_the_right(as_alice, client, paid):
    refund = Refund.objects.create(
        payment=paid, amount=1, reason="x", created_at=timezone.now(), changed_at=timezone.now()
    )
    addresses = [reverse("admin:billing_payment_refund", args=[paid.pk])]
    addresses += [
        reverse(f"admin:billing_refund_{act}", args=[refund.pk]) for act in ("approve", "decline", "ask", "give_up")
    ]
    clerk = signed_in(UserFactory(username="clerk", is_staff=True, customer=None))
    for address in addresses:
        assert clerk.post(address, {"reason": "x"}).status_code == 403
        assert as_alice.post(address).status_code == 302
        assert client.post(address).status_code == 302
    refund.refresh_from_db()
    assert refund.state == State.CREATED
