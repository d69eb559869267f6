"""What automatic payments did lately and do next, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from billing.models import AutoCharge, Payment
from billing.queries.payments import failure_in_words

State = AutoCharge.State

BADGES = {
    State.DUE: "warn",
    State.WAITING: "warn",
    State.PAID: "good",
    State.NOT_NEEDED: "none",
    State.GIVEN_UP: "bad",
}


@dataclass(frozen=True, slots=True)
class ChargeRow:
    """One automatic payment: what it is for, how it stands, and what comes next; `payment` is its last try."""

    charge: AutoCharge
    what_for: str
    badge: str
    reason: str
    next_at: datetime | None
    payment: Payment | None


def charge_rows(charges: Iterable[AutoCharge]) -> list[ChargeRow]:
    """The rows of automatic payments with their invoices and tries."""
    return [
        ChargeRow(
            charge=charge,
            what_for=_("Invoice %(number)s") % {"number": charge.invoice.number} if charge.invoice else _("Balance"),
            badge=BADGES[State(charge.state)],
            reason=failure_in_words(charge.failure, _method_of(charge)) if charge.state != State.PAID else "",
            next_at=charge.next_try_at if charge.state == State.DUE else None,
            payment=next(iter(charge.payments.all()), None),
        )
        for charge in charges
    ]


def _method_of(charge: AutoCharge) -> str:
    """What was charged at the last try."""
    tried = next(iter(charge.payments.all()), None)
    return tried.method if tried else Payment.Method.CARD
