"""kill -9 at each step of an automatic payment: afterwards one charge, one booking, the invoice paid, one receipt."""

import json
import os
import signal
import subprocess
import sys
from datetime import timedelta
from uuid import uuid4

import pytest
import requests
from django.db import connection

from billing.models import AutoCharge, Payment, WebhookEvent
from billing.operations.payments import begin_payment, charge_stored, charging, settle_due
from billing.operations.provider_events import process_waiting
from billing.queries.invoices import unpaid
from tests.billing.payments.autopay.charged import NOW, charged_once, the_charge, told, tries, turn
from tests.billing.payments.conftest import succeeded_charges

pytestmark = pytest.mark.slow
ROUNDS = range(int(os.environ.get("KILL_ROUNDS", "2")))  # 20 in the nightly run
PLACES = (
    "K1 before the payment is written down",
    "K2 after it",
    "K3 writing it down there is sent",
    "K4 the answer is not kept",
    "K5 the provider's id is kept",
    "K6 confirming is sent",
    "K7 confirmed, not kept",
    "K8 booked, not looked at",
    "K9 before the receipt",
)
NOTICES = ("K10 the notice is stored", "K11 the notice is processed")


def killed(sandbox, place: str, *event: int) -> None:
    """Run a turn of the clock, or the event, in a process of its own that dies at that place."""
    needed = ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")
    database = {name: connection.settings_dict[name] for name in needed}
    command = [sys.executable, "-m", "tests.billing.payments.autopay.dying", json.dumps(database), sandbox.url]
    done = subprocess.run(  # noqa: S603
        [*command, place, NOW.isoformat(), *map(str, event)], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


def ten_minutes_pass() -> None:
    """Everything that the clock does, each minute."""
    for minute in range(1, 11):
        now = NOW + timedelta(minutes=minute)
        process_waiting(now=now)
        settle_due(now=now)
        turn(now)


@pytest.mark.parametrize("number", ROUNDS)
@pytest.mark.parametrize("place", PLACES)
def test_killed(invoice, sandbox, place, number):
    killed(sandbox, place)
    ten_minutes_pass()
    charged_once(sandbox)
    assert len(tries()) == 1, "the same payment went on"
    assert unpaid(invoice.customer) == 0
    assert told("auto_pay_failed") == 0


@pytest.mark.parametrize("number", ROUNDS)
@pytest.mark.parametrize("place", NOTICES)
def test_killed_while_the_providers_notice_is_processed(invoice, sandbox, place, number):
    """The answer was lost with the worker; what the provider tells about it meets another one."""
    killed(sandbox, "K6 confirming is sent")
    payment = tries()[0]
    event = WebhookEvent.objects.create(
        provider="stripe",
        event_id="evt_1",
        type="payment_intent.succeeded",
        object_id=payment.provider_id,
        payment_ref=str(payment.pk),
        received_at=NOW,
    )
    killed(sandbox, place, event.pk)
    event.refresh_from_db()
    assert event.processed_at is None
    ten_minutes_pass()
    event.refresh_from_db()
    assert event.processed_at is not None
    charged_once(sandbox)
    assert unpaid(invoice.customer) == 0


class Killed(BaseException):
    """As a kill, in this process: nothing of ours catches it."""


def die_at(monkeypatch, module, name) -> None:
    def die(*_args, **_kwargs):
        raise Killed

    monkeypatch.setattr(module, name, die)
    with pytest.raises(Killed):
        turn(NOW)
    monkeypatch.undo()


@pytest.mark.parametrize("away", [timedelta(hours=25), timedelta(days=8)], ids=["25 hours", "8 days"])
@pytest.mark.parametrize("name", ["apply_provider_state", "still_wanted", "confirmed"])
def test_dead_for_so_long_that_the_provider_forgot_all_keys(invoice, sandbox, monkeypatch, away, name):
    if name == "confirmed":
        confirm = charging.storing_gateway("stripe").confirm_charge
        monkeypatch.setattr(type(charging.storing_gateway("stripe")), "confirm_charge", taken_then_killed(confirm))
        with pytest.raises(Killed):
            turn(NOW)
        monkeypatch.undo()
    else:
        die_at(monkeypatch, charging, name)
    answer = requests.post(f"{sandbox.url}/_sandbox/clock", json={"advance": int(away.total_seconds())}, timeout=5)
    assert answer.status_code == 200
    for minute in range(12):
        settle_due(now=NOW + away + timedelta(minutes=minute))
        turn(NOW + away + timedelta(minutes=minute))
    charged_once(sandbox)


def taken_then_killed(confirm):
    def die(_self, **words):
        confirm(**words)
        raise Killed

    return die


def test_without_going_on_where_it_was_it_would_be_charged_twice(invoice, sandbox, card, monkeypatch):
    """The twin: a worker that finds the charge due and begins anew, blind for the try whose answer was lost."""
    confirm = charging.storing_gateway("stripe").confirm_charge
    monkeypatch.setattr(type(charging.storing_gateway("stripe")), "confirm_charge", taken_then_killed(confirm))
    with pytest.raises(Killed):
        turn(NOW)
    monkeypatch.undo()
    assert (the_charge().state, tries()[0].state) == (AutoCharge.State.DUE, Payment.State.UNKNOWN)
    blind = begin_payment(
        customer=card.customer, user=None, payment_id=uuid4(), amount=tries()[0].amount, stored=card,
        origin=Payment.Origin.AUTO, now=NOW,
    )  # fmt: skip
    charge_stored(payment=blind, now=NOW)
    assert succeeded_charges(sandbox) == 2
