"""Which step of dunning is next for an invoice, and when: values in, values out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Step:
    """A step so many days after the due date; an invoice on which less than `least` is open is left alone."""

    days: int
    act: str
    least: Decimal = Decimal(0)
    fee: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Next:
    """The step that comes next, and its day on the customer's calendar."""

    step: Step
    day: date


def next_step(steps: Sequence[Step], *, due_date: date, taken: Mapping[int, date], outstanding: Decimal) -> Next | None:
    """The next step of an invoice with so much open, None when there is none.

    `taken` maps the days of steps to when they were taken. A step is never nearer to the one taken last than set, so
    that a reminder that went out late leaves the customer his time; one that was skipped, or set since, is not made
    good for.
    """
    last = max(taken, default=0)
    for step in sorted(steps, key=lambda each: each.days):
        if step.days > last and outstanding >= max(step.least, Decimal(0)) and outstanding > 0:
            since = taken[last] if taken else due_date
            return Next(step, max(due_date + timedelta(days=step.days), since + timedelta(days=step.days - last)))
    return None
