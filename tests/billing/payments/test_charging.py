"""Stored cards that are charged: written down first, taken once, through crashes, faults and many at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
import requests
from django.db import connection
from django.utils import timezone

from billing.models import Payment
from billing.operations.guards import AlreadyStarted
from billing.operations.payments import (
    begin_payment,
    cancel_orphans,
    cancel_payment,
    charge_stored,
    charging,
    check_payment,
    confirm_on_session,
    settle_due,
)
from billing.operations.payments.states import GRACE, State
from selfcare.errors import Refused
from tests.billing.payments.conftest import balance, booked, mails, succeeded_charges
from tests.billing.payments.stored import begin_stored, post, stored_card

AUTO = Payment.Origin.AUTO


@pytest.fixture
def card(sandbox, alice):
    return stored_card(sandbox, alice)


@pytest.fixture
def begun_stored(alice, card):
    return begin_stored(alice, card)


def charged(payment, after=timedelta(0)):
    return charge_stored(payment=payment, now=timezone.now() + after)


def intents(sandbox):
    return list(sandbox.state.objects["payment_intent"].values())


def test_a_stored_card_is_charged_at_once(sandbox, begun_stored, easycall):
    payment = charged(begun_stored)
    assert (payment.state, payment.paid_with, booked(payment)) == (State.SUCCEEDED, "Visa 4242", [-50])
    assert (balance(easycall), mails("payment_received")) == (-50, 1)
    again = charged(payment)
    assert (again.state, booked(again), succeeded_charges(sandbox)) == (State.SUCCEEDED, [-50], 1)


def test_nothing_is_taken_before_its_id_is_kept(sandbox, begun_stored, monkeypatch):
    def look(payment):
        assert Payment.objects.get(pk=payment.pk).provider_id == intents(sandbox)[0]["id"]
        assert succeeded_charges(sandbox) == 0
        return True

    monkeypatch.setattr(charging, "still_wanted", look)
    assert charged(begun_stored).state == State.SUCCEEDED


def test_what_is_no_longer_wanted_is_cancelled_at_the_provider(sandbox, begun_stored, monkeypatch):
    monkeypatch.setattr(charging, "still_wanted", lambda payment: False)
    assert charged(begun_stored).state == State.CANCELLED
    assert [intent["status"] for intent in intents(sandbox)] == ["canceled"]


CREATE, CONFIRM = "/v1/payment_intents", "/v1/payment_intents/*/confirm"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (CREATE, "error_after"),
        (CREATE, "timeout_before"),
        (CREATE, "timeout_after"),
        (CONFIRM, "error_before"),
        (CONFIRM, "error_after"),
        (CONFIRM, "timeout_before"),
        (CONFIRM, "timeout_after"),
    ],
)
def test_a_lost_answer_is_no_second_charge(sandbox, begun_stored, fault, impatient, path, kind):
    fault(kind, method="POST", path=path, seconds=1)
    payment = charged(begun_stored)
    assert (payment.state, booked(payment)) == (State.UNKNOWN, [])
    assert charged(payment).state == State.UNKNOWN, "the first call may still be under way"
    payment = charged(payment, GRACE)
    assert (payment.state, booked(payment)) == (State.SUCCEEDED, [-50])
    assert (len(intents(sandbox)), succeeded_charges(sandbox)) == (1, 1)


def test_an_error_that_the_provider_keeps_for_the_key_ends_in_nothing_charged(sandbox, begun_stored, fault):
    fault("error_before", method="POST", path=CREATE)
    payment = charged(charged(begun_stored), GRACE)
    assert (payment.state, intents(sandbox)) == (State.UNKNOWN, [])
    payment = check_payment(payment_id=payment.pk, now=timezone.now() + 2 * GRACE)
    assert (payment.state, booked(payment)) == (State.CANCELLED, [])


def test_a_busy_provider_is_asked_again_with_the_same_form(sandbox, begun_stored, fault):
    for path in ("/v1/payment_intents", "/v1/payment_intents/*/confirm"):
        fault("rate_limit", method="POST", path=path)
        with pytest.raises(Refused, match="busy"):
            charged(begun_stored)
    assert charged(begun_stored).state == State.SUCCEEDED
    assert (len(intents(sandbox)), succeeded_charges(sandbox)) == (1, 1)


def test_a_person_who_went_away_is_not_charged_an_hour_later(sandbox, begun_stored, fault, impatient):
    fault("error_before", method="POST", path="/v1/payment_intents/*/confirm")
    charged(begun_stored)
    now = timezone.now()
    for minutes in (2, 10, 75):
        settle_due(now=now + timedelta(minutes=minutes))
    begun_stored.refresh_from_db()
    assert (begun_stored.state, succeeded_charges(sandbox)) == (State.CANCELLED, 0)
    assert [intent["status"] for intent in intents(sandbox)] == ["canceled"]


@pytest.mark.parametrize(
    ("test_id", "failure"),
    [("pm_card_chargeCustomerFail", "generic_decline")],
)
def test_a_declined_card(sandbox, alice, test_id, failure):
    payment = charged(begin_stored(alice, stored_card(sandbox, alice, test_id)))
    assert (payment.state, payment.failure, booked(payment)) == (State.FAILED, failure, [])
    assert charged(payment, GRACE).state == State.FAILED
    assert len(sandbox.state.objects["charge"]) == 1


def test_a_card_that_was_removed_meanwhile(sandbox, begun_stored, card):
    post(sandbox, f"payment_methods/{card.ref}/detach")
    payment = charged(begun_stored)
    assert (payment.state, payment.failure) == (State.FAILED, "provider_refused")


def test_the_bank_wants_to_see_the_payer_who_is_at_the_page(sandbox, alice):
    payment = charged(begin_stored(alice, stored_card(sandbox, alice, "pm_card_authenticationRequired")))
    assert (payment.state, payment.action_url[:4], booked(payment)) == (State.REQUIRES_ACTION, "http", [])
    requests.post(payment.action_url, {"outcome": "complete"}, allow_redirects=False, timeout=5)
    payment = check_payment(payment_id=payment.pk, now=timezone.now())
    assert (payment.state, payment.action_url, booked(payment)) == (State.SUCCEEDED, "", [-50])


@pytest.mark.parametrize(("outcome", "state"), [("complete", State.SUCCEEDED), ("fail", State.FAILED)])
def test_the_bank_wants_to_see_a_payer_who_is_not_there(sandbox, alice, settings, outcome, state):
    method = stored_card(sandbox, alice, "pm_card_authenticationRequired")
    payment = charged(begin_stored(alice, method, origin=AUTO))
    assert (payment.state, payment.failure) == (State.REQUIRES_ACTION, "authentication_required")
    assert payment.action_url == f"{settings.PORTAL_URL}/billing/payments/{payment.pk}/"
    assert charged(payment, GRACE).state == State.REQUIRES_ACTION, "it is not tried blindly again"
    payment = confirm_on_session(payment=payment, now=timezone.now(), return_url="http://portal.example/back/")
    assert payment.action_url.startswith(sandbox.url)
    same = confirm_on_session(payment=payment, now=timezone.now())
    assert same.action_url == payment.action_url
    back = requests.post(payment.action_url, {"outcome": outcome}, allow_redirects=False, timeout=5)
    assert back.headers["Location"].startswith("http://portal.example/back/")
    payment = confirm_on_session(payment=payment, now=timezone.now())
    assert (payment.state, len(booked(payment))) == (state, int(state == State.SUCCEEDED))
    assert len(intents(sandbox)) == 1


def test_what_is_given_up_is_booked_if_it_was_taken_meanwhile(sandbox, begun_stored, fault, impatient):
    fault("error_after", method="POST", path="/v1/payment_intents/*/confirm")
    payment = charged(begun_stored)
    assert payment.state == State.UNKNOWN
    payment = cancel_payment(payment=payment, now=timezone.now())
    assert (payment.state, booked(payment)) == (State.SUCCEEDED, [-50])


@pytest.mark.parametrize("after", [timedelta(hours=25), timedelta(days=8)])
def test_keys_that_the_provider_forgot_are_no_second_charge(sandbox, begun_stored, fault, impatient, after):
    fault("timeout_after", method="POST", path="/v1/payment_intents", seconds=1)
    assert charged(begun_stored).provider_id == ""
    requests.post(f"{sandbox.url}/_sandbox/clock", json={"advance": int(after.total_seconds())}, timeout=5)
    payment = charged(begun_stored, after)
    assert (payment.state, len(intents(sandbox)), booked(payment)) == (State.SUCCEEDED, 1, [-50])


def test_a_charge_that_no_payment_goes_on_with_is_cancelled_after_an_hour(sandbox, alice, card, begun_stored):
    """Two charges were written down for one payment, as after a crash of days, and one for a payment that ended."""
    going_on, ended = begun_stored, begin_stored(alice, card)
    made = {}
    for name, payment in (("own", going_on), ("second", going_on), ("ended", ended)):
        payer = sandbox.state.objects["payment_method"][card.ref]["customer"]
        words = {"amount": 5000, "currency": "usd", "customer": payer, "payment_method": card.ref}
        made[name] = post(sandbox, "payment_intents", **words, **{"metadata[payment]": str(payment.pk)})["id"]
    Payment.objects.filter(pk=going_on.pk).update(state=State.UNKNOWN, provider_id=made["own"])
    Payment.objects.filter(pk=ended.pk).update(state=State.CANCELLED)
    now = timezone.now()
    assert cancel_orphans(now=now) == 0, "the answer may still be on its way"
    assert cancel_orphans(now=now + timedelta(hours=2)) == 2
    statuses = {name: sandbox.state.objects["payment_intent"][made[name]]["status"] for name in made}
    assert statuses == {"own": "requires_confirmation", "second": "canceled", "ended": "canceled"}
    assert cancel_orphans(now=now + timedelta(hours=3)) == 0


def press(number: int, alice, method, payment_id) -> None:
    """Press Pay Now once, in a thread of its own."""
    try:
        payment = begin_stored(alice, method, payment_id=payment_id)
        charged(payment)
    finally:
        connection.close()


def test_pay_now_pressed_32_times_at_once(sandbox, alice, card):
    payment_id = uuid4()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: press(number, alice, card, payment_id), range(32)))
    payment = check_payment(payment_id=payment_id, now=timezone.now())
    assert (payment.state, booked(payment), mails("payment_received")) == (State.SUCCEEDED, [-50], 1)
    assert (len(intents(sandbox)), succeeded_charges(sandbox)) == (1, 1)


def test_the_same_form_for_another_way_to_pay_is_refused(alice, card, begun_stored):
    with pytest.raises(AlreadyStarted):
        begin_payment(
            customer=alice.customer,
            user=alice,
            payment_id=begun_stored.pk,
            amount=begun_stored.amount,
            now=timezone.now(),
        )


def test_a_method_of_somebody_else_or_a_removed_one_is_refused(sandbox, alice, charlie, card):
    with pytest.raises(Refused, match="can no longer be used"):
        begin_stored(charlie, card)
    card.removed_at = timezone.now()
    with pytest.raises(Refused, match="can no longer be used"):
        begin_stored(alice, card)
