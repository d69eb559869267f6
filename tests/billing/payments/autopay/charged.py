"""What the tests of auto-pay start from: stored cards at the sandbox, wishes, invoices, and a turn of the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import requests
from django.core.management import call_command

from billing.models import AutoCharge, Payment, StoredMethod
from billing.operations.autopay import find_due, resume_replaced, try_due
from billing.operations.methods.payers import payer_ref
from billing.sandbox.server import Sandbox
from selfcare.models import Customer, OutgoingMail
from tests.billing.payments.conftest import booked, succeeded_charges
from tests.factories import StoredMethodFactory

NOW = datetime(2026, 2, 1, 12, tzinfo=UTC)
HEADERS = {"Authorization": "Bearer sk_test_x"}
DAY = timedelta(days=1)


def store(sandbox: Sandbox, customer: Customer, card: str = "visa", *, test_id: str = "pm_card_visa") -> StoredMethod:
    """Store a card as the preferred one; `card` is the sandbox's name for how its bank answers."""
    payer = payer_ref(customer, provider="stripe")
    address = f"{sandbox.url}/v1/payment_methods/{test_id}/attach"
    answer = requests.post(address, {"customer": payer}, headers=HEADERS, timeout=5)
    assert answer.status_code == 200, answer.text
    StoredMethod.objects.filter(customer=customer).update(is_default=False)
    method: StoredMethod = StoredMethodFactory(customer=customer, ref=answer.json()["id"], is_default=True)
    answers_as(sandbox, method, card)
    return method


def answers_as(sandbox: Sandbox, method: StoredMethod, card: str) -> None:
    """From now on the bank answers as that test card's does."""
    sandbox.state.objects["payment_method"][method.ref]["_card"] = card


def turn(now: datetime) -> None:
    """What the clock does each minute."""
    find_due(now=now)
    resume_replaced(now=now)
    try_due(now=now)


def days(since: datetime, count: int, *, step: timedelta = timedelta(hours=3)) -> None:
    """The clock turns for so many days."""
    for number in range(int(count * DAY / step)):
        turn(since + number * step)


def the_charge() -> AutoCharge:
    return AutoCharge.objects.get()


def tries() -> list[Payment]:
    return list(Payment.objects.filter(origin=Payment.Origin.AUTO).order_by("created_at"))


def told(template: str) -> int:
    return OutgoingMail.objects.filter(key__startswith=f"{template}:").count()


def charged_once(sandbox: Sandbox, amount: int = 30) -> Payment:
    """The payment: taken once, booked once, its charge paid, one receipt; and the ledger is right."""
    payment = Payment.objects.get(state=Payment.State.SUCCEEDED)
    assert succeeded_charges(sandbox) == 1
    assert booked(payment) == [-amount]
    assert payment.auto_charge is not None
    assert (payment.auto_charge.state, payment.auto_charge.next_try_at) == (AutoCharge.State.PAID, None)
    assert told("payment_received") == 1
    ledger_is_right()
    return payment


def ledger_is_right() -> None:
    call_command("check_ledger", stdout=Silent())


class Silent:
    """Where the command writes that all is well."""

    def write(self, _text: Any) -> None:
        """Nobody reads it."""
