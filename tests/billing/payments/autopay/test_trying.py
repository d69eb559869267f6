"""From an invoice to its payment: exactly what is open, once, whatever else happens meanwhile."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from billing import tasks
from billing.models import Account, AutoCharge, AutoPay, OfferedMethod, Payment, StoredMethod
from billing.operations.autopay import find_due, is_at_work
from billing.operations.invoices import void_invoice
from billing.operations.payments import charging, open_session, record_payment
from billing.queries.auto_pay import still_wanted
from billing.queries.invoices import unpaid
from selfcare.models import OutgoingMail
from tests.billing.bills import FEBRUARY, book, invoice_of, pay
from tests.billing.payments.autopay.charged import (
    DAY,
    NOW,
    answers_as,
    charged_once,
    days,
    ledger_is_right,
    store,
    the_charge,
    told,
    tries,
    turn,
)
from tests.billing.payments.conftest import balance, begin, pay_on_page, succeeded_charges
from tests.factories import AutoPayFactory

State = AutoCharge.State


def test_an_invoice_is_paid_as_soon_as_it_is_made(invoice, sandbox):
    assert is_at_work(invoice)
    turn(NOW)
    payment = charged_once(sandbox)
    assert (payment.user, payment.origin, payment.amount) == (None, Payment.Origin.AUTO, 30)
    assert not is_at_work(invoice)
    assert (unpaid(invoice.customer), balance(invoice.customer)) == (0, 0)
    days(NOW, 3)
    charged_once(sandbox)


def test_earlier_debts_are_charged_with_it(invoice, sandbox):
    pay(invoice.customer, "12", at=NOW)
    AutoPay.objects.update(since=FEBRUARY.end)
    book(invoice.customer, "20", at=FEBRUARY.start)
    invoice_of(invoice.customer, FEBRUARY)
    turn(FEBRUARY.end + DAY)
    assert [each.amount for each in tries()] == [38]
    assert unpaid(invoice.customer) == 0


def test_two_invoices_are_two_payments_and_neither_pays_twice(invoice, sandbox):
    book(invoice.customer, "20", at=FEBRUARY.start)
    invoice_of(invoice.customer, FEBRUARY)
    for minute in range(3):
        turn(FEBRUARY.end + DAY + timedelta(minutes=minute))
    assert [each.amount for each in tries()] == [30, 20]
    assert succeeded_charges(sandbox) == 2
    assert unpaid(invoice.customer) == 0


def paid_by_hand(invoice):
    record_payment(
        payment_id=uuid4(), customer=invoice.customer, staff=None, amount=Decimal(30), words="Transfer", now=NOW
    )


def paid_in_part(invoice):
    pay(invoice.customer, "10", at=NOW)


def made_void(invoice):
    void_invoice(invoice=invoice, staff=None, reason="wrong", now=NOW)


def wish_taken_back(invoice):
    AutoPay.objects.update(pay_invoices=False)


def method_removed(invoice):
    StoredMethod.objects.update(removed_at=NOW, is_default=False)


MEANWHILE = [
    (paid_by_hand, State.NOT_NEEDED, 0),
    (paid_in_part, State.PAID, 20),
    (made_void, State.NOT_NEEDED, 0),
    (wish_taken_back, State.NOT_NEEDED, 0),
    (method_removed, State.DUE, 0),
]


@pytest.mark.parametrize(("happens", "state", "amount"), MEANWHILE)
def test_what_happens_before_the_try_counts(invoice, sandbox, happens, state, amount):
    find_due(now=NOW)
    happens(invoice)
    days(NOW, 1)
    check_the_end(sandbox, state, amount)


@pytest.mark.parametrize(("happens", "state", "amount"), MEANWHILE)
def test_what_happens_between_writing_down_and_confirming_counts(invoice, sandbox, happens, state, amount, monkeypatch):
    """The charge stands at the provider, unconfirmed, with the old amount: it is given up there."""
    happen_once(monkeypatch, partial(happens, invoice))
    turn(NOW)
    assert succeeded_charges(sandbox) == 0
    assert [intent["status"] for intent in sandbox.state.objects["payment_intent"].values()] == ["canceled"]
    days(NOW, 1)
    check_the_end(sandbox, state, amount)


def happen_once(monkeypatch, act):
    """Right before auto-pay asks whether the payment is still wanted."""
    waiting = [act]

    def asked(payment):
        if waiting:
            waiting.pop()()
        return still_wanted(payment)

    monkeypatch.setattr(charging, "still_wanted", asked)


def check_the_end(sandbox, state, amount):
    assert the_charge().state == state
    paid = [each.amount for each in tries() if each.state == Payment.State.SUCCEEDED]
    assert paid == ([amount] if amount else [])
    assert succeeded_charges(sandbox) == len(paid)
    ledger_is_right()


def test_while_the_customer_pays_on_the_page_auto_pay_waits(invoice, sandbox, alice):
    payment = open_session(payment=begin(alice, "30"), now=timezone.now())
    for minute in (0, 1, 11, 22):
        turn(NOW + timedelta(minutes=minute))
    assert tries() == []
    pay_on_page(payment.session_url)
    turn(NOW + timedelta(minutes=35))
    assert (tries(), the_charge().state) == ([], State.NOT_NEEDED)
    assert succeeded_charges(sandbox) == 1
    assert unpaid(invoice.customer) == 0


def test_too_little_goes_with_the_next_invoice(invoice, sandbox):
    pay(invoice.customer, "26", at=NOW)
    turn(NOW)
    assert (tries(), the_charge().state, the_charge().failure) == ([], State.NOT_NEEDED, "too_little")


def test_too_much_for_one_payment_is_told_once(invoice, sandbox, settings):
    settings.MAXIMUM_PAYMENT = 29
    days(NOW, 3)
    assert (tries(), the_charge().state, told("auto_pay_cap")) == ([], State.DUE, 1)
    settings.MAXIMUM_PAYMENT = 30
    turn(NOW + 4 * DAY)
    charged_once(sandbox)


def test_a_way_to_pay_that_is_not_offered_any_more(invoice, sandbox):
    OfferedMethod.objects.create(method="card", is_offered=False)
    days(NOW, 2)
    assert (tries(), the_charge().failure, told("auto_pay_cap")) == ([], "not_offered", 1)
    OfferedMethod.objects.update(is_offered=True)
    turn(NOW + 3 * DAY)
    charged_once(sandbox)


def test_without_a_method_it_waits_for_one(invoice, sandbox):
    find_due(now=NOW)
    StoredMethod.objects.update(removed_at=NOW, is_default=False)
    turn(NOW)
    assert (the_charge().failure, tries()) == ("no_method", [])
    store(sandbox, invoice.customer)
    turn(NOW + timedelta(minutes=1))
    charged_once(sandbox)


def test_the_provider_is_too_busy_then_not(invoice, sandbox, fault):
    fault("rate_limit", path="/v1/payment_intents*", times=2)
    turn(NOW)
    turn(NOW + timedelta(minutes=1))
    assert succeeded_charges(sandbox) == 0
    days(NOW + timedelta(minutes=2), 1)
    charged_once(sandbox)


@pytest.mark.parametrize("path", ["/v1/payment_intents", "/v1/payment_intents/*/confirm"])
@pytest.mark.parametrize("kind", ["error_before", "error_after", "timeout_before", "timeout_after", "reset_after"])
def test_lost_answers(invoice, sandbox, fault, impatient, kind, path):
    fault(kind, path=path, seconds=1)
    turn(NOW)
    assert told("auto_pay_failed") == 0
    for minute in (1, 4, 5, 8, 9):
        turn(NOW + timedelta(minutes=minute))
    charged_once(sandbox)
    assert told("auto_pay_failed") == 0


def test_a_crossing_is_paid_and_the_tax_comes_on_top(sandbox, charlie):
    lotus = charlie.customer
    lotus.tax_rate = Decimal(19)
    lotus.save()
    store(sandbox, lotus)
    AutoPayFactory(customer=lotus, pay_invoices=False, by_threshold=True, threshold=20, amount=50)
    pay(lotus, "25", at=NOW)
    turn(NOW)
    assert tries() == []
    book(lotus, "5.01", at=NOW)
    for minute in range(3):
        turn(NOW + timedelta(minutes=minute))
    payment = Payment.objects.get(origin="auto")
    assert (payment.amount, payment.total, payment.state) == (50, Decimal("59.50"), "succeeded")
    assert balance(lotus) == Decimal("-69.99")
    book(lotus, "50", at=NOW)
    turn(NOW + timedelta(hours=1))
    assert len(tries()) == 2


def test_a_crossing_that_was_paid_by_hand_meanwhile_is_not_needed(sandbox, wish):
    AutoPay.objects.update(pay_invoices=False, by_threshold=True, threshold=100, amount=50)
    Account.objects.update_or_create(customer=wish.customer, defaults={"balance": 0})
    book(wish.customer, "101", at=NOW)
    find_due(now=NOW)
    pay(wish.customer, "2", at=NOW)
    turn(NOW + timedelta(minutes=1))
    assert (the_charge().state, tries()) == (State.NOT_NEEDED, [])


def test_the_cap_of_a_day_counts_all_automatic_payments(invoice, sandbox):
    AutoPay.objects.update(daily_cap=45)
    book(invoice.customer, "20", at=FEBRUARY.start)
    invoice_of(invoice.customer, FEBRUARY)
    start = FEBRUARY.end + DAY  # 05:00 UTC is midnight in New York
    for minute in range(5):
        turn(start + timedelta(minutes=minute))
    assert [each.amount for each in tries()] == [30]
    assert told("auto_pay_cap") == 1
    assert "20.00" in OutgoingMail.objects.get(key__startswith="auto_pay_cap:").subject.replace("\xa0", " ")
    days(start, 2)
    assert [each.amount for each in tries()] == [30, 20]
    assert told("auto_pay_cap") == 1


@pytest.mark.parametrize(
    ("zone", "first", "hours"),
    [
        ("America/New_York", datetime(2026, 3, 8, 5, tzinfo=UTC), 23),
        ("America/New_York", datetime(2026, 11, 1, 4, tzinfo=UTC), 25),
        ("Australia/Lord_Howe", datetime(2026, 10, 3, 13, 30, tzinfo=UTC), 23.5),
        ("Asia/Kathmandu", datetime(2026, 3, 7, 18, 15, tzinfo=UTC), 24),
    ],
)
def test_a_day_is_the_customers_own_also_when_clocks_change(sandbox, alice, zone, first, hours):
    """A payment just before midnight; the cap is free again at the next one, not a moment earlier."""
    customer = alice.customer
    customer.time_zone = zone
    customer.save()
    store(sandbox, customer)
    AutoPayFactory(customer=customer, pay_invoices=False, by_threshold=True, threshold=100, amount=50, daily_cap=50)
    end = first + timedelta(hours=hours)
    book(customer, "101", at=NOW)
    turn(first)
    assert len(tries()) == 1
    turn(first + timedelta(minutes=1))
    book(customer, "60", at=NOW)
    turn(end - timedelta(minutes=1))
    assert len(tries()) == 1, "the same day"
    assert told("auto_pay_cap") == 1
    turn(end)
    assert len(tries()) == 2, "the next day"


def test_the_task(invoice, sandbox):
    with time_machine.travel(NOW):
        tasks.pay_automatically()
    charged_once(sandbox)


def test_a_stolen_card_that_was_replaced(invoice, sandbox, card):
    answers_as(sandbox, card, "stolen_card")
    days(NOW, 4)
    assert AutoPay.objects.get().stopped_because == "stolen_card"
    assert (len(tries()), told("auto_pay_stopped"), the_charge().next_try_at) == (1, 1, None)
    store(sandbox, invoice.customer)
    turn(NOW + 5 * DAY)
    charged_once(sandbox)
    assert AutoPay.objects.get().stopped_at is None


def test_a_card_replaced_while_it_waits_for_its_day_is_tried_at_once(invoice, sandbox, card):
    answers_as(sandbox, card, "insufficient_funds")
    turn(NOW)
    turn(NOW + timedelta(minutes=1))
    assert len(tries()) == 1
    store(sandbox, invoice.customer)
    turn(NOW + timedelta(minutes=2))
    charged_once(sandbox)
    assert len(tries()) == 2
