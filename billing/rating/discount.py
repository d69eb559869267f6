"""Volume discounts: which part of a call falls under which threshold, and when a counter starts again.

Thresholds are ordered steps of volume ("0-100 min: 100 %, then 50 %"). Volume is counted in one unit
throughout, seconds or money, as the plan says. Beyond the last finite threshold there is no discount.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from billing.money import CHARGE_DIGITS, round_charge, split_to
from billing.periods import midnight, month_after


@dataclass(frozen=True, slots=True)
class Threshold:
    """Up to `upto` units in all (None: without end) the price falls by `percent`; 100 is free."""

    upto: Decimal | None
    percent: Decimal

    def __post_init__(self) -> None:
        if self.upto is not None and not (self.upto.is_finite() and self.upto > 0):
            raise ValueError("a threshold is above zero")
        if not (self.percent.is_finite() and 0 <= self.percent <= 100):
            raise ValueError("a discount is 0 to 100 percent")


@dataclass(frozen=True, slots=True)
class Piece:
    """So many units of a call that share one discount."""

    units: Decimal
    percent: Decimal


@dataclass(frozen=True, slots=True)
class DiscountedPiece:
    """A piece with its price before the discount, the discount, and what is charged (5 decimals each)."""

    units: Decimal
    percent: Decimal
    full_amount: Decimal
    discount: Decimal
    amount: Decimal


def split_over_thresholds(*, used: Decimal, units: Decimal, thresholds: Sequence[Threshold]) -> tuple[Piece, ...]:
    """Split the units of one call over the thresholds, `used` units having gone before.

    The pieces are in order, none is empty, and they sum to `units`. Raises ValueError for negative volumes
    and for thresholds that do not rise.
    """
    if used < 0 or units < 0:
        raise ValueError("volumes are zero or more")
    _check_rising(thresholds)
    pieces: list[Piece] = []
    position, left = used, units
    for threshold in thresholds:
        room = left if threshold.upto is None else max(threshold.upto - position, Decimal(0))
        taken = min(room, left)
        if taken:
            pieces.append(Piece(taken, threshold.percent))
            position, left = position + taken, left - taken
    if left:
        pieces.append(Piece(left, Decimal(0)))
    return tuple(pieces)


def discount_amount(amount: Decimal, pieces: Sequence[Piece]) -> tuple[DiscountedPiece, ...]:
    """Spread the price of a call (5 decimals) over its pieces by units and take each piece's discount off.

    The full amounts sum exactly to `amount`. A call without units (no pieces) gives an empty tuple, so its
    amount stays as it is.
    """
    if not pieces:
        return ()
    shares = split_to(amount, [piece.units for piece in pieces], CHARGE_DIGITS)
    return tuple(_discounted(piece, share) for piece, share in zip(pieces, shares, strict=True))


def average_percent(pieces: Sequence[Piece]) -> Decimal:
    """Return the discount of a call that is kept in one xDR, weighted by units: 2 of 8 minutes free is 25."""
    units = sum((piece.units for piece in pieces), Decimal(0))
    if not units:
        return Decimal(0)
    return sum((piece.units * piece.percent for piece in pieces), Decimal(0)) / units


class Combination(StrEnum):
    """How discounts that apply to the same call go together."""

    EXCLUSIVE = "exclusive"
    CUMULATIVE = "cumulative"
    SEQUENTIAL = "sequential"


def combine_percents(percents: Sequence[Decimal], how: Combination) -> Decimal:
    """Return one percentage for several, the one of highest precedence first; 0 for none.

    Exclusive takes the first, cumulative adds up (100 at most), sequential takes each off what the one
    before left: 50 and 50 are 75.
    """
    if how is Combination.EXCLUSIVE:
        return percents[0] if percents else Decimal(0)
    if how is Combination.CUMULATIVE:
        return min(sum(percents, Decimal(0)), Decimal(100))
    left = Decimal(100)
    for percent in percents:
        left -= left * percent / 100
    return 100 - left


def roll_over(thresholds: Sequence[Threshold], *, used: Decimal) -> tuple[Threshold, ...]:
    """Return next period's thresholds, raised by what was left of the first: 100 with 90 used gives 110."""
    _check_rising(thresholds)
    if not thresholds or thresholds[0].upto is None:
        return tuple(thresholds)
    unused = max(thresholds[0].upto - used, Decimal(0))
    return tuple(Threshold(None if step.upto is None else step.upto + unused, step.percent) for step in thresholds)


def _discounted(piece: Piece, full_amount: Decimal) -> DiscountedPiece:
    discount = round_charge(full_amount * piece.percent / 100)
    return DiscountedPiece(piece.units, piece.percent, full_amount, discount, full_amount - discount)


def _check_rising(thresholds: Sequence[Threshold]) -> None:
    ends = [step.upto for step in thresholds]
    if None in ends[:-1]:
        raise ValueError("only the last threshold may be without end")
    finite = [end for end in ends if end is not None]
    if any(later <= earlier for earlier, later in pairwise(finite)):
        raise ValueError("each threshold is above the one before")


class Reset(StrEnum):
    """When the counter of a discount starts again."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    BILLING_PERIOD = "billing_period"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Window:
    """A half-open stretch of time in UTC, `start` <= moment < `end`; None is without bound."""

    start: datetime | None
    end: datetime | None

    def __contains__(self, moment: datetime) -> bool:
        return (self.start is None or self.start <= moment) and (self.end is None or moment < self.end)


def reset_window(reset: Reset, at: datetime, *, zone: ZoneInfo, billing_day: int = 1) -> Window:
    """Return the counter's window that contains `at` (aware), cut at local midnights in `zone`.

    Weeks run from Monday; billing periods from `billing_day` (1-31; 29 and later count as the 28th, which
    every month has). Windows of one kind follow each other without gap or overlap, clock changes included.
    """
    if at.tzinfo is None:
        raise ValueError("the moment carries a time zone")
    if not 1 <= billing_day <= 31:
        raise ValueError("a billing day is 1 to 31")
    if reset is Reset.NEVER:
        return Window(None, None)
    first, following = _bounds(reset, at.astimezone(zone).date(), min(billing_day, 28))
    return Window(midnight(first, zone=zone), midnight(following, zone=zone))


def _bounds(reset: Reset, day: date, billing_day: int) -> tuple[date, date]:
    if reset is Reset.DAILY:
        return day, day + timedelta(days=1)
    if reset is Reset.WEEKLY:
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=7)
    start_day = billing_day if reset is Reset.BILLING_PERIOD else 1
    # A day before the start day belongs to the period that began the month before.
    first = day.replace(day=start_day)
    if first > day:
        first = month_after(first, months=-1)
    return first, month_after(first)
