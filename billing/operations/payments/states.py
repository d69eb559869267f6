"""The states of a payment as data: which may follow which, and when the provider is asked again.

CREATED is written before anything is asked of the provider. UNKNOWN is written when the asking begins, so that a
crash or a lost answer leaves the truth: nobody knows. What the provider says, asked for, moves it on.
"""

from datetime import datetime, timedelta

from billing.gateways.base import Progress, ProviderPayment
from billing.models import Payment
from billing.queries.payments import BANK_DEBITS

State = Payment.State

OPEN = frozenset({State.CREATED, State.UNKNOWN, State.PENDING, State.REQUIRES_ACTION})
TAKEN = frozenset({State.SUCCEEDED, State.REFUNDED, State.DISPUTED})
ENDED = frozenset({State.FAILED, State.CANCELLED})

# An answer that arrives late can only move a payment on. Money that was taken is booked even if the payment was
# given up; after that only taking it back, and the end of that, can follow.
MOVES: dict[str, frozenset[State]] = {
    State.CREATED: frozenset({State.UNKNOWN, State.PENDING, State.REQUIRES_ACTION}) | ENDED | TAKEN,
    State.UNKNOWN: frozenset({State.PENDING, State.REQUIRES_ACTION}) | ENDED | TAKEN,
    State.PENDING: frozenset({State.REQUIRES_ACTION}) | ENDED | TAKEN,
    State.REQUIRES_ACTION: frozenset({State.PENDING}) | ENDED | TAKEN,
    State.FAILED: TAKEN,
    State.CANCELLED: TAKEN,
    State.SUCCEEDED: frozenset({State.REFUNDED, State.DISPUTED}),
    State.DISPUTED: frozenset({State.SUCCEEDED, State.REFUNDED}),
    State.REFUNDED: frozenset({State.SUCCEEDED, State.DISPUTED}),
}

# Debits of a bank account: the bank answers within days, and may take back for weeks what it gave.
DEBITS = frozenset(BANK_DEBITS)

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
# How long after the last change or check the janitor asks; after the last of them a person is told.
CALENDAR: dict[str, tuple[timedelta, ...]] = {
    State.CREATED: (15 * MINUTE, HOUR),
    State.UNKNOWN: (MINUTE, 5 * MINUTE, HOUR, 6 * HOUR, DAY, DAY, DAY, DAY, DAY),
    State.PENDING: (5 * MINUTE, HOUR, DAY, DAY, DAY),
    State.REQUIRES_ACTION: (5 * MINUTE, HOUR, DAY, DAY, DAY),
}
# A slip can be paid for two weeks, and the shop's message may be late.
SLIP_CALENDAR = (HOUR, *[DAY] * 16)
# Ten business days are at most 16 days, with two public holidays.
DEBIT_CALENDAR = (5 * MINUTE, *[HOUR] * (16 * 24))
# After this time a request that the provider does not know of will not arrive any more.
GRACE = 2 * MINUTE
# A charge that is written down at the provider and was not confirmed for so long is given up.
UNCONFIRMED_FOR = HOUR


def next_check(state: str, *, checks: int, now: datetime, method: str = "") -> datetime | None:
    """When to ask the provider after so many checks; None for an ended payment, and when a person must look."""
    waits = CALENDAR.get(state, ())
    if method == Payment.Method.PAYNEARME and state == State.PENDING:
        waits = SLIP_CALENDAR
    if method in DEBITS and state in (State.PENDING, State.REQUIRES_ACTION):
        waits = DEBIT_CALENDAR
    return now + waits[checks] if checks < len(waits) else None


def state_for(found: ProviderPayment) -> State:
    """The state that the provider's answer means."""
    if found.progress == Progress.EXPIRED:
        return State.FAILED if found.failure else State.CANCELLED
    if found.progress == Progress.FAILED:
        return State.FAILED
    if found.progress == Progress.UNCONFIRMED:
        return State.UNKNOWN
    if found.progress == Progress.ACTION:
        return State.REQUIRES_ACTION
    if found.progress != Progress.PAID:
        return State.PENDING
    if found.refunded >= found.amount:
        return State.REFUNDED
    return State.DISPUTED if found.disputed else State.SUCCEEDED
