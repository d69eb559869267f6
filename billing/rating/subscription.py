"""What a periodic fee costs: which periods there are, when each is charged, and what a part of one costs.

Time is counted in days of the customer's calendar. The parts of a period, however it is cut, sum to its whole fee.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from billing.money import round_money, round_to
from billing.periods import ONE_DAY, Calendar, Period, last_moment, midnight, month_after

QUANTITY_DIGITS = 3


class Cycle(StrEnum):
    """How long a period is: a day, a month, or a month counted from the day of the beginning.

    A month is the billing period where that is a month; else each billing period is charged its days' part of it.
    """

    DAILY = "daily"
    MONTHLY = "monthly"
    ANNIVERSARY = "anniversary"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What was agreed: `fee` (0 or more, `currency`, after any discount) for each period of [started_at, ended_at).

    `in_arrears` charges a period at its end, else at its beginning. Without `prorated` the periods that it begins and
    ends in cost the whole fee, and a month is charged as a whole even if billing periods are shorter; a gap that a
    changed billing day leaves is always charged by days.
    """

    fee: Decimal
    currency: str
    calendar: Calendar
    started_at: datetime
    ended_at: datetime | None = None
    cycle: Cycle = Cycle.MONTHLY
    in_arrears: bool = False
    prorated: bool = True

    def period_with(self, moment: datetime) -> Period:
        """The whole period that holds the moment."""
        if self.cycle is Cycle.MONTHLY:
            return self.calendar.month_with(moment)
        zone, day = self.calendar.zone, self.calendar.day(moment)
        if self.cycle is Cycle.DAILY:
            return Period.between(day, day + ONE_DAY, zone=zone)
        first = self.calendar.day(self.started_at)
        months = (day.year - first.year) * 12 + day.month - first.month
        if anniversary(first, months) > day:
            months -= 1
        return Period.between(anniversary(first, months), anniversary(first, months + 1), zone=zone)


@dataclass(frozen=True, slots=True)
class Part:
    """The charge for [period): `days` of a period of `of_days`; `amount` is rounded to the currency.

    It is due at `due_at`. `months` is the part as a quantity of months, 3 decimals.
    """

    period: Period
    days: int
    of_days: int
    amount: Decimal
    due_at: datetime
    months: Decimal

    @property
    def is_whole(self) -> bool:
        """Whether it is a whole period."""
        return self.days == self.of_days


def anniversary(first: date, months: int) -> date:
    """The day so many months after `first`; the 31st is the last day of a shorter month."""
    month = month_after(first.replace(day=1), months=months)
    return month.replace(day=min(first.day, monthrange(month.year, month.month)[1]))


def reduced(fee: Decimal, discount: Decimal) -> Decimal:
    """A fee less `discount` percent, not rounded."""
    return fee * (100 - discount) / 100


def part_from(start: datetime, *, terms: Terms) -> Part:
    """The charge for the period that holds `start`, from that day to its end or to the end of the subscription.

    An amount is what is left of the fee at its beginning less what is left at its end, each rounded, so that all parts
    of a period sum to the fee. The days on which a subscription begins and ends count.
    """
    calendar, whole = terms.calendar, terms.period_with(start)
    ended_at = terms.ended_at or whole.end
    end = min(whole.end, ended_at, _billed_until(start, terms)) if terms.prorated else whole.end
    of_days = calendar.days(whole.start, whole.end)
    left, later = calendar.days(start, whole.end), calendar.days(_next_day(end, calendar), whole.end)
    amount = _share(terms, left, of_days) - _share(terms, later, of_days)
    if not terms.prorated and start == terms.started_at:
        amount = round_money(terms.fee, terms.currency)
    month = calendar.month_with(start)
    return Part(
        period=Period(start, end),
        days=left - later,
        of_days=of_days,
        amount=amount,
        due_at=min(end, ended_at) if terms.in_arrears else start,
        months=round_to(Decimal(left - later) / _days_of_month(terms, of_days, month, calendar), QUANTITY_DIGITS),
    )


def parts_due(start: datetime, *, now: datetime, terms: Terms) -> Iterator[Part]:
    """The charges that are due by `now`, the first one from `start` on, oldest first."""
    while (part := next_part(start, terms=terms)) is not None and part.due_at <= now:
        yield part
        start = part.period.end


def next_part(start: datetime, *, terms: Terms) -> Part | None:
    """The charge after all that is charged up to `start`; None when the subscription ends before."""
    if terms.ended_at is not None and start >= terms.ended_at:
        return None
    return part_from(start, terms=terms)


def _billed_until(start: datetime, terms: Terms) -> datetime:
    """The end of the billing period, in which what a month costs is cut; other cycles do not follow it."""
    if terms.cycle is not Cycle.MONTHLY:
        return terms.period_with(start).end
    return terms.calendar.period_with(start).end


def _share(terms: Terms, days: int, of_days: int) -> Decimal:
    return round_money(terms.fee * days / of_days, terms.currency)


def _next_day(moment: datetime, calendar: Calendar) -> datetime:
    """The midnight at or after the moment: the day on which a part ends is its own."""
    day = calendar.day(last_moment(moment)) + ONE_DAY
    return midnight(day, zone=calendar.zone)


def _days_of_month(terms: Terms, of_days: int, month: Period, calendar: Calendar) -> int:
    """The days of the month in which a part is counted: its own period, or for a day the billing period around it."""
    return calendar.days(month.start, month.end) if terms.cycle is Cycle.DAILY else of_days
