"""The volume of a discount: when its counter starts anew, how much each window has, and what is told about it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from billing.money import round_to
from billing.periods import Calendar, Kind, Rule

from .discount import Threshold


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


def reset_window(reset: Reset, at: datetime, *, calendar: Calendar) -> Window:
    """Return the counter's window that contains `at` (aware), cut at midnights of the calendar's zone.

    Weeks run from Monday, months from the first; billing periods are the calendar's. Windows of one kind follow each
    other without gap or overlap, clock changes included.
    """
    if at.tzinfo is None:
        raise ValueError("the moment carries a time zone")
    if reset is Reset.NEVER:
        return Window(None, None)
    by = calendar if reset is Reset.BILLING_PERIOD else Calendar(calendar.zone, (Rule(Kind(reset.value)),))
    period = by.period_with(at)
    return Window(period.start, period.end)


def first_share(window: Window, *, starts_at: datetime, zone: ZoneInfo) -> Decimal:
    """Which part of a window's volume a discount has that starts in it, by days; the day it starts on counts whole."""
    if window.start is None or window.end is None or starts_at <= window.start:
        return Decimal(1)
    first, start, end = (moment.astimezone(zone).date() for moment in (window.start, starts_at, window.end))
    return Decimal((end - start).days) / (end - first).days


def prorated(thresholds: Sequence[Threshold], *, share: Decimal, digits: int) -> tuple[Threshold, ...]:
    """The thresholds for a part of a period, rounded to `digits` decimals but never to nothing, and still rising."""
    smallest = Decimal(1).scaleb(-digits)
    steps: list[Threshold] = []
    last = Decimal(0)
    for step in thresholds:
        if step.upto is None:
            steps.append(step)
        else:
            last = max(round_to(step.upto * share, digits), last + smallest)
            steps.append(replace(step, upto=last))
    return tuple(steps)


def left_over(thresholds: Sequence[Threshold], *, used: Decimal, rolled_over: Decimal) -> Decimal:
    """What goes over into the next window: 100 with 90 used leaves 10, so that the next has 110.

    What came from the window before is used first and does not go over again, so that nothing piles up: at most the
    first step's own volume is left. A first step without end leaves nothing.
    """
    if not thresholds or thresholds[0].upto is None:
        return Decimal(0)
    own = thresholds[0].upto
    return min(max(own + rolled_over - used, Decimal(0)), own)


def raised(thresholds: Sequence[Threshold], by: Decimal) -> tuple[Threshold, ...]:
    """The thresholds with so much more volume in the first step."""
    return tuple(step if step.upto is None else replace(step, upto=step.upto + by) for step in thresholds)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to be told: `percent` of the step up to `upto` is used; 100 is all of it."""

    step: int
    upto: Decimal
    percent: int


def notices(
    thresholds: Sequence[Threshold], *, before: Decimal, after: Decimal, percent: int | None, reached: bool
) -> list[Notice]:
    """What is told when the counter goes from `before` to `after`, for each step with an end, in order.

    A step that was used up at once is told once, as used up.
    """
    found: list[Notice] = []
    start = Decimal(0)
    for number, step in enumerate(thresholds):
        if step.upto is None:
            break
        edge = step.upto if percent is None else start + (step.upto - start) * percent / 100
        if reached and before < step.upto <= after:
            found.append(Notice(number, step.upto, 100))
        elif percent is not None and before < edge <= after:
            found.append(Notice(number, step.upto, percent))
        start = step.upto
    return found
