"""Spending limits from values alone: what a customer's usual limit is, how much of one is used, when money is low."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, Decimal
from zoneinfo import ZoneInfo

from billing.money import minor_digits

USUAL_DAYS = 30
WARNINGS = (50, 80, 100)
CLEARLY_MORE = Decimal("1.1")
NIGHT_FROM, NIGHT_UNTIL = 20, 6


@dataclass(frozen=True, slots=True)
class Policy:
    """The ITSP's rule for who has chosen nothing: `times` a usual day, and `least` at least.

    The owner himself may choose up to `most_times` that amount.
    """

    is_limited: bool = True
    least: Decimal = Decimal(20)
    times: Decimal = Decimal(3)
    most_times: Decimal = Decimal(3)


def usual_limit(policy: Policy, *, spent: Decimal, currency: str) -> Decimal:
    """The limit for a day, in whole units, of a customer who spent so much in the last USUAL_DAYS days."""
    least = policy.least if minor_digits(currency) else policy.least * 100
    usual = max(least, policy.times * spent / USUAL_DAYS)
    return usual.quantize(Decimal(1), ROUND_CEILING)


def percent_reached(spent: Decimal, limit: Decimal) -> int | None:
    """The highest of WARNINGS that `spent` has reached; of a limit of 0 all of it, with the first charge."""
    if spent <= 0:
        return None
    return max((percent for percent in WARNINGS if spent * 100 >= limit * percent), default=None)


def is_low(available: Decimal, threshold: Decimal) -> bool:
    """Whether too little is left."""
    return available < threshold


def is_clearly_more(available: Decimal, threshold: Decimal) -> bool:
    """Whether enough is left again to tell the next time: a tenth above, so that a small payment is not followed by
    the same notice after the next call."""
    return available >= threshold * CLEARLY_MORE and available > threshold


def is_night(moment: datetime, *, zone: ZoneInfo) -> bool:
    """Whether it is night on the customer's clock: from 20:00 to 6:00."""
    hour = moment.astimezone(zone).hour
    return hour >= NIGHT_FROM or hour < NIGHT_UNTIL
