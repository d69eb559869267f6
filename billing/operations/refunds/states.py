"""The states of a refund as data: which are still open, and when the provider is asked again."""

from __future__ import annotations

from datetime import datetime, timedelta

from billing.gateways.base import Progress
from billing.models import Refund

State = Refund.State

# Of these the provider may not have told yet; the others have ended, or wait for a person.
ASKED = frozenset({State.CREATED, State.UNKNOWN, State.PENDING})
# What these take from the payment may not be in the ledger yet.
RESERVED = frozenset({State.WAITING, State.CREATED, State.UNKNOWN})

# What was given back can still fail: the payer's bank may send it back after days. What was given up here may have
# been done there all the same.
MOVES: dict[str, frozenset[State]] = {
    State.WAITING: frozenset(),
    State.DECLINED: frozenset(),
    State.CREATED: frozenset({State.PENDING, State.SUCCEEDED, State.FAILED}),
    State.UNKNOWN: frozenset({State.PENDING, State.SUCCEEDED, State.FAILED}),
    State.PENDING: frozenset({State.SUCCEEDED, State.FAILED}),
    State.SUCCEEDED: frozenset({State.FAILED}),
    State.FAILED: frozenset({State.PENDING, State.SUCCEEDED}),
}

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
CALENDAR: dict[str, tuple[timedelta, ...]] = {
    State.CREATED: (15 * MINUTE, HOUR),
    State.UNKNOWN: (MINUTE, 5 * MINUTE, HOUR, 6 * HOUR, DAY, DAY, DAY, DAY, DAY),
    State.PENDING: (HOUR, *[DAY] * 14),
}

STATES = {Progress.PAID: State.SUCCEEDED, Progress.FAILED: State.FAILED}


def next_check(state: str, *, checks: int, now: datetime) -> datetime | None:
    """When to ask the provider after so many checks; None for an ended refund, and when a person must look."""
    waits = CALENDAR.get(state, ())
    return now + waits[checks] if checks < len(waits) else None
