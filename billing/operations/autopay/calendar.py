"""When an automatic payment that the bank refused is tried again: the calendar as data, and one pure rule.

Banks and card networks count refused tries: more than a few, or several on a day, make the next one less likely.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from billing.operations.payments.declines import Kind

# Days after the first refusal; a day that nobody was there to try on is left out, not made up for.
RETRY_DAYS = (1, 3, 5, 7)
MOST_TRIES = 4
HOUR_OF_DAY = time(9)  # wages and transfers are on the account by then
# These say nothing the first time, and mean it when they come again.
FINAL_WHEN_REPEATED = frozenset({"do_not_honor"})


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refused try: the provider's code, what it means, and the day on the customer's calendar."""

    code: str
    kind: Kind
    day: date


def is_final(refusals: Sequence[Refusal]) -> bool:
    """Whether the last of these, all with one payment method, means that it must not be charged again."""
    last = refusals[-1]
    again = sum(refusal.code == last.code for refusal in refusals) > 1
    return last.kind == Kind.HARD or (last.code in FINAL_WHEN_REPEATED and again)


def next_day(refusals: Sequence[Refusal], *, today: date) -> date | None:
    """The day of the next try after these, with the same method; None when there is none."""
    if len(refusals) >= MOST_TRIES:
        return None
    days = (refusals[0].day + timedelta(days=wait) for wait in RETRY_DAYS)
    return next((day for day in days if day > today), None)


def moment_on(day: date, *, zone: ZoneInfo) -> datetime:
    """When a payment is tried on that day of the customer's calendar."""
    return datetime.combine(day, HOUR_OF_DAY, tzinfo=zone)
