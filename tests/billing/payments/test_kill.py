"""kill -9 between any two steps: afterwards one charge, one ledger row, one mail, and the payment ends."""

import json
import signal
import subprocess
import sys
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from billing.models import Payment, Refund, WebhookEvent
from billing.operations.payments import check_payment, open_session, settle_due
from billing.operations.payments.states import State
from billing.operations.provider_events import process_waiting
from billing.operations.refunds import begin_refund, settle_refunds
from tests.billing.payments.conftest import LATER, booked, mails, pay_on_page, succeeded_charges

pytestmark = pytest.mark.slow


def killed(sandbox, act: str, place: str, key: object) -> None:
    """Run the act in a process of its own that dies at that place."""
    needed = ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")
    database = {name: connection.settings_dict[name] for name in needed}
    command = [sys.executable, "-m", "tests.billing.payments.dying", json.dumps(database), sandbox.url]
    done = subprocess.run([*command, act, place, str(key)], capture_output=True, text=True, timeout=60, check=False)  # noqa: S603
    assert done.returncode == -signal.SIGKILL, done.stderr


def settle_and_pay(payment: Payment) -> Payment:
    """The janitor comes by; if there is a page to pay on by then, the customer pays there."""
    settle_due(now=timezone.now() + LATER)
    payment.refresh_from_db()
    if payment.state == State.PENDING:
        pay_on_page(payment.session_url)
        check_payment(payment_id=payment.pk, now=timezone.now())
    payment.refresh_from_db()
    return payment


@pytest.mark.parametrize(
    ("place", "end"),
    [
        ("before the call", State.CANCELLED),
        ("before the answer is kept", State.SUCCEEDED),
        ("after the answer is kept", State.SUCCEEDED),
    ],
)
def test_killed_while_opening_the_page(begun, sandbox, place, end):
    killed(sandbox, "open", place, begun.pk)
    payment = settle_and_pay(begun)
    assert payment.state == end
    paid = int(end == State.SUCCEEDED)
    assert succeeded_charges(sandbox) == mails("payment_received") == len(booked(payment)) == paid
    assert len(sandbox.state.objects["checkout.session"]) == paid


@pytest.mark.parametrize(
    "place", ["before the booking", "before the allocation", "before the mail", "after the booking"]
)
def test_killed_while_booking(begun, sandbox, place):
    payment = open_session(payment=begun, now=timezone.now())
    pay_on_page(payment.session_url)
    killed(sandbox, "check", place, payment.pk)
    all_or_nothing = (len(booked(payment)), mails("payment_received"))
    assert all_or_nothing == ((1, 1) if place == "after the booking" else (0, 0))
    settle_due(now=timezone.now() + timedelta(hours=1))
    payment.refresh_from_db()
    assert (payment.state, booked(payment), mails("payment_received")) == (State.SUCCEEDED, [-50], 1)
    assert succeeded_charges(sandbox) == 1


def test_killed_after_the_booking_before_the_event_is_done(begun, sandbox):
    payment = open_session(payment=begun, now=timezone.now())
    pay_on_page(payment.session_url)
    event = WebhookEvent.objects.create(
        provider="stripe",
        event_id="evt_1",
        type="checkout.session.completed",
        object_id=payment.session_id,
        payment_ref=str(payment.pk),
        received_at=timezone.now(),
    )
    killed(sandbox, "event", "before the event is done", event.pk)
    event.refresh_from_db()
    assert (event.processed_at, booked(payment)) == (None, [-50])
    assert process_waiting(now=timezone.now()) == 1
    event.refresh_from_db()
    assert event.processed_at is not None
    assert (booked(payment), mails("payment_received")) == ([-50], 1)


@pytest.mark.parametrize(
    ("place", "end"),
    [
        ("before the refund is asked", Refund.State.FAILED),
        ("before the refund's answer is kept", Refund.State.SUCCEEDED),
        ("before the booking", Refund.State.SUCCEEDED),
        ("before the refund moves", Refund.State.SUCCEEDED),
        ("after the refund", Refund.State.SUCCEEDED),
    ],
)
def test_killed_while_refunding(begun, dora, sandbox, place, end):
    """Afterwards the money went back once or not at all, and both sides say the same."""
    payment = open_session(payment=begun, now=timezone.now())
    pay_on_page(payment.session_url)
    check_payment(payment_id=payment.pk, now=timezone.now())
    said = {"amount": Decimal(20), "reason": "Paid twice", "now": timezone.now()}
    refund = begin_refund(payment=payment, staff=dora, refund_id=uuid4(), **said)
    killed(sandbox, "refund", place, refund.pk)
    settle_refunds(now=timezone.now() + LATER)
    refund.refresh_from_db()
    done = int(end == Refund.State.SUCCEEDED)
    assert (refund.state, len(sandbox.state.objects["refund"])) == (end, done)
    assert (booked(payment), mails("refund_made")) == ([-50, 20][: 1 + done], done)
