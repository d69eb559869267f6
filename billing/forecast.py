"""What a billing period may come to: pure, values in, values out.

What people use depends on the day of the week, so each day to come is expected to be like the mean of the same weekday
in the last eight weeks. Fees are booked when a period begins and are in what is spent already; they are not expected
again. The range is the one in which four of five periods would end if the days differed from their means at random.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

WEEKS = 8
FEWEST_WEEKS = 4
FOUR_OF_FIVE = Decimal("1.28")  # standard deviations of a normal distribution to either side
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Forecast:
    """What all of the period is expected to cost, and between which amounts; never below what is spent."""

    expected: Decimal
    low: Decimal
    high: Decimal


def forecast(
    *, spent: Decimal, usage: Mapping[date, Decimal], known_since: date | None, today: date, end: date
) -> Forecast | None:
    """The period that ends before `end`, of which `spent` is charged until now; `usage` is what a day's use cost.

    None where the customer has used his telephones for less than four weeks (`known_since` is his first day), or where
    nothing was used in the weeks looked at.
    """
    weeks = _whole_weeks(known_since, today)
    if weeks < FEWEST_WEEKS or end <= today:
        return None
    seen = {weekday: [usage.get(today - timedelta(days=7 * n + _back(today, weekday)), ZERO) for n in range(weeks)]
            for weekday in range(7)}  # fmt: skip
    if not any(value for values in seen.values() for value in values):
        return None
    rest, variance = _rest_of_today(seen[today.weekday()], usage.get(today, ZERO))
    for ahead in range(1, (end - today).days):
        values = seen[(today + timedelta(days=ahead)).weekday()]
        rest += _mean(values)
        variance += _variance(values)
    spread = FOUR_OF_FIVE * variance.sqrt()
    expected = spent + rest
    return Forecast(expected=expected, low=max(expected - spread, spent), high=expected + spread)


def _whole_weeks(known_since: date | None, today: date) -> int:
    return min((today - known_since).days // 7, WEEKS) if known_since else 0


def _back(today: date, weekday: int) -> int:
    """How many days ago that weekday was last, before today: 1 to 7."""
    return (today.weekday() - weekday - 1) % 7 + 1


def _rest_of_today(values: list[Decimal], used: Decimal) -> tuple[Decimal, Decimal]:
    """What today still lacks of its mean; a day that is above it already adds nothing."""
    rest = max(_mean(values) - used, ZERO)
    return rest, _variance(values) if rest else ZERO


def _mean(values: list[Decimal]) -> Decimal:
    return sum(values, ZERO) / len(values)


def _variance(values: list[Decimal]) -> Decimal:
    """The variance of the days that these are a sample of; there are at least four."""
    mean = _mean(values)
    return sum(((value - mean) ** 2 for value in values), ZERO) / (len(values) - 1)
