"""Everything that can go wrong between us and the provider: nothing is charged twice, lost, or called failed."""

import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from billing.gateways.stripe import charges
from billing.models import Payment
from billing.operations.payments import (
    charge_stored,
    charging,
    check_payment,
    open_session,
    settle_due,
)
from billing.operations.payments.states import GRACE, State
from selfcare.errors import Refused
from tests.billing.payments.conftest import begin, booked, mails, pay_on_page, succeeded_charges
from tests.billing.payments.rounds import ROUNDS
from tests.billing.payments.stored import begin_stored, stored_card

CREATE, CONFIRM, PAGE = "/v1/payment_intents", "/v1/payment_intents/*/confirm", "/v1/checkout/sessions"
KINDS = [
    "timeout_before",
    "timeout_after",
    "error_before",
    "error_after",
    "rate_limit",
    "reset_before",
    "reset_after",
    "malformed",
    "slow",
]


def charged(payment, after=timedelta(0)):
    """Press the button; a provider that is busy charges nothing, and the person presses again later."""
    try:
        return charge_stored(payment=payment, now=timezone.now() + after)
    except Refused:
        return Payment.objects.get(pk=payment.pk)


@pytest.mark.slow
@pytest.mark.parametrize("round", ROUNDS)
@pytest.mark.parametrize("path", [CREATE, CONFIRM])
@pytest.mark.parametrize("kind", KINDS)
def test_a_stored_card_through_every_fault(sandbox, alice, fault, impatient, kind, path, round):
    payment = begin_stored(alice, stored_card(sandbox, alice))
    fault(kind, method="POST", path=path, seconds=1)
    payment = charged(payment)
    assert payment.state != State.FAILED
    payment = charged(payment, GRACE)
    settle_due(now=timezone.now() + timedelta(hours=2))
    payment.refresh_from_db()
    taken = succeeded_charges(sandbox)
    assert payment.state == (State.SUCCEEDED if taken else State.CANCELLED)
    assert (len(booked(payment)), mails("payment_received"), mails("payment_failed")) == (taken, taken, 0)
    assert taken == (0 if (kind, path) == ("error_before", CREATE) else 1)


@pytest.mark.slow
@pytest.mark.parametrize("round", ROUNDS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_through_every_fault(sandbox, alice, fault, impatient, kind, round):
    payment = begin(alice)
    fault(kind, method="POST", path=PAGE, seconds=1)
    try:
        payment = open_session(payment=payment, now=timezone.now())
    except Refused:
        payment = open_session(payment=payment, now=timezone.now())
    fault(kind, method="GET", path=f"{PAGE}*", seconds=1)
    for minutes in (3, 10, 80):
        settle_due(now=timezone.now() + timedelta(minutes=minutes))
        payment.refresh_from_db()
        if payment.session_url and not succeeded_charges(sandbox):
            pay_on_page(payment.session_url)
    taken = succeeded_charges(sandbox)
    assert (payment.state, len(booked(payment))) == (State.SUCCEEDED if taken else State.CANCELLED, taken)
    assert taken == (0 if kind.endswith("_before") else 1)


def test_a_name_that_nobody_knows_and_a_door_that_speaks_no_tls(sandbox, alice, settings, impatient):
    payment = begin_stored(alice, stored_card(sandbox, alice))
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        for base in ("http://nowhere.invalid", f"https://127.0.0.1:{deaf.getsockname()[1]}"):
            settings.STRIPE_API_BASE = base
            assert charged(payment, GRACE).state == State.UNKNOWN
    settings.STRIPE_API_BASE = sandbox.url
    assert charged(payment, 3 * GRACE).state == State.SUCCEEDED
    assert succeeded_charges(sandbox) == 1


def pressed(act, times: int = 32) -> None:
    """The button is pressed so often at once."""

    def press(_number: int) -> None:
        try:
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(press, range(times)))


@pytest.mark.slow
def test_pay_now_on_the_page_and_with_a_stored_card_at_once(sandbox, alice):
    card = stored_card(sandbox, alice)
    page_id, stored_id = uuid4(), uuid4()
    pressed(lambda: open_session(payment=begin(alice, payment_id=page_id), now=timezone.now()))
    pressed(lambda: charge_stored(payment=begin_stored(alice, card, payment_id=stored_id), now=timezone.now()))
    payment = check_payment(payment_id=stored_id, now=timezone.now())
    assert (payment.state, booked(payment)) == (State.SUCCEEDED, [-50])
    assert (len(sandbox.state.objects["checkout.session"]), succeeded_charges(sandbox)) == (1, 1)


@pytest.mark.slow
def test_without_lock_and_key_pay_now_charges_twice(sandbox, alice, monkeypatch):
    """The twin: it shows that the press of 32 would find a double charge, were there one."""
    payment_id = begin_stored(alice, stored_card(sandbox, alice)).pk
    monkeypatch.setattr(charging, "claim", lambda payment, now: True)
    monkeypatch.setattr(charges, "key_of", lambda order: str(uuid4()))
    pressed(lambda: charge_stored(payment=Payment.objects.get(pk=payment_id), now=timezone.now()))
    assert succeeded_charges(sandbox) > 1
