"""Thirty days with a bank that refuses, for each kind of refusal: how often it is asked, and on which days."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from billing.models import AutoCharge, AutoPay, Payment
from selfcare.models import OutgoingMail
from tests.billing.bills import FEBRUARY, book, invoice_of
from tests.billing.payments.autopay.charged import (
    DAY,
    NOW,
    answers_as,
    charged_once,
    days,
    ledger_is_right,
    the_charge,
    told,
    tries,
    turn,
)
from tests.billing.payments.conftest import succeeded_charges

State = AutoCharge.State
SOFT = (
    "insufficient_funds",
    "generic_decline",
    "processing_error",
    "card_velocity_exceeded",
    "withdrawal_count_limit_exceeded",
    "issuer_not_available",
    "try_again_later",
    "charge_fails",
)
HARD = (
    "stolen_card",
    "lost_card",
    "pickup_card",
    "expired_card",
    "card_not_supported",
    "currency_not_supported",
    "transaction_not_allowed",
    "revocation_of_authorization",
)


def days_of_tries(customer) -> list[int]:
    zone = ZoneInfo(customer.time_zone)
    first = NOW.astimezone(zone).date()
    return [(each.created_at.astimezone(zone).date() - first).days for each in tries()]


def no_money_moved(sandbox) -> None:
    assert succeeded_charges(sandbox) == 0
    assert told("payment_received") == 0
    ledger_is_right()


@pytest.mark.parametrize("code", SOFT)
def test_soft(invoice, sandbox, card, code):
    answers_as(sandbox, card, code)
    days(NOW, 30, step=timedelta(hours=6))
    assert days_of_tries(invoice.customer) == [0, 1, 3, 5]
    charge = the_charge()
    assert (charge.state, charge.tries, charge.next_try_at) == (State.GIVEN_UP, 4, None)
    assert (told("auto_pay_failed"), told("payment_failed"), told("auto_pay_stopped")) == (4, 0, 0)
    assert AutoPay.objects.get().stopped_at is None
    mails = OutgoingMail.objects.filter(key__startswith="auto_pay_failed:").order_by("id")
    assert ["We try again on" in mail.body for mail in mails] == [True, True, True, False]
    assert "We try again on 2026-02-02" in mails[0].body
    no_money_moved(sandbox)


@pytest.mark.parametrize("code", HARD)
def test_hard(invoice, sandbox, card, code):
    answers_as(sandbox, card, code)
    days(NOW, 30, step=timedelta(hours=6))
    assert days_of_tries(invoice.customer) == [0]
    wish = AutoPay.objects.get()
    assert (wish.stopped_because, wish.stopped_method) == (code, card)
    assert (told("auto_pay_stopped"), told("auto_pay_failed"), told("payment_failed")) == (1, 0, 0)
    no_money_moved(sandbox)


def test_while_it_is_stopped_no_other_invoice_is_charged(invoice, sandbox, card):
    answers_as(sandbox, card, "lost_card")
    turn(NOW)
    book(invoice.customer, "20", at=FEBRUARY.start)
    invoice_of(invoice.customer, FEBRUARY)
    days(FEBRUARY.end + DAY, 3)
    assert (len(tries()), AutoCharge.objects.count()) == (1, 1)


def test_do_not_honor_twice(invoice, sandbox, card):
    answers_as(sandbox, card, "do_not_honor")
    days(NOW, 30, step=timedelta(hours=6))
    assert days_of_tries(invoice.customer) == [0, 1]
    assert AutoPay.objects.get().stopped_because == "do_not_honor"
    assert (told("auto_pay_failed"), told("auto_pay_stopped")) == (1, 1)


def test_refused_at_first_and_paid_on_a_later_day(invoice, sandbox, card):
    answers_as(sandbox, card, "insufficient_funds")
    days(NOW, 2)
    answers_as(sandbox, card, "visa")
    days(NOW + 2 * DAY, 10)
    payment = charged_once(sandbox)
    assert days_of_tries(invoice.customer) == [0, 1, 3]
    assert (payment.created_at.hour, told("auto_pay_failed")) == (15, 2)  # nine in New York, at the next turn


def test_days_away_are_left_out_and_not_made_up_for(invoice, sandbox, card):
    answers_as(sandbox, card, "insufficient_funds")
    turn(NOW)
    for late in (4, 4, 4, 5, 5, 6, 8, 9, 9):
        turn(NOW + late * DAY + timedelta(hours=3))
    assert days_of_tries(invoice.customer) == [0, 4, 5, 8]
    assert the_charge().state == State.GIVEN_UP


def test_never_twice_on_a_day_even_when_somebody_insists(invoice, sandbox, card):
    answers_as(sandbox, card, "insufficient_funds")
    turn(NOW)
    AutoCharge.objects.update(next_try_at=NOW)
    for hour in range(6):
        turn(NOW + timedelta(hours=hour))
    assert days_of_tries(invoice.customer) == [0]


def test_without_the_guard_it_would_be_asked_again_and_again(invoice, sandbox, card, monkeypatch):
    """The twin: no rule about the day."""
    monkeypatch.setattr("billing.operations.autopay.trying._was_tried_today", lambda *_args: False)
    answers_as(sandbox, card, "insufficient_funds")
    for hour in range(4):
        AutoCharge.objects.update(next_try_at=NOW)
        turn(NOW + timedelta(hours=hour))
    assert days_of_tries(invoice.customer) == [0, 0, 0, 0]


def test_what_the_mail_says(invoice, sandbox, card):
    answers_as(sandbox, card, "insufficient_funds")
    turn(NOW)
    mail = OutgoingMail.objects.get(key__startswith="auto_pay_failed:")
    assert mail.to == ["alice@example.com"]
    assert mail.subject.replace("\xa0", " ") == "Your automatic payment of 30.00 USD did not go through"
    for words in (invoice.number, "Visa 4242", "Nothing was charged", "not enough money", str(tries()[0].pk)):
        assert words in mail.body
    assert Payment.objects.get().failure == "insufficient_funds"
