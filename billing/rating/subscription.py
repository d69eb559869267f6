"""What a monthly fee costs: whole months in advance, and of the month that it begins in the days that are left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from billing.money import round_money, round_to
from billing.periods import Period

QUANTITY_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Calendar:
    """How a customer's months run: from `billing_day` (1 to 28) at midnight of `zone`."""

    billing_day: int
    zone: ZoneInfo

    def month_with(self, moment: datetime) -> Period:
        """The billing period that holds the moment."""
        return Period.month_with(moment, billing_day=self.billing_day, zone=self.zone)

    def day(self, moment: datetime) -> date:
        """The date at that moment on the customer's calendar."""
        return moment.astimezone(self.zone).date()

    def days(self, period: Period) -> int:
        """The days of a period; the one that it begins in counts, however late it begins."""
        return (self.day(period.end) - self.day(period.start)).days


@dataclass(frozen=True, slots=True)
class Part:
    """The charge for one period: `days` of a billing period of `of_days`; `amount` is rounded to the currency."""

    period: Period
    days: int
    of_days: int
    amount: Decimal

    @property
    def months(self) -> Decimal:
        """The part as a quantity of months, 3 decimals."""
        return round_to(Decimal(self.days) / self.of_days, QUANTITY_DIGITS)

    @property
    def is_whole(self) -> bool:
        """Whether it is a whole month."""
        return self.days == self.of_days


def part_from(start: datetime, *, fee: Decimal, currency: str, calendar: Calendar) -> Part:
    """The charge for the billing period that holds `start`, from that day to its end."""
    month = calendar.month_with(start)
    period = Period(start, month.end)
    days, of_days = calendar.days(period), calendar.days(month)
    return Part(period, days, of_days, round_money(fee * days / of_days, currency))


def parts_due(start: datetime, *, now: datetime, fee: Decimal, currency: str, calendar: Calendar) -> Iterator[Part]:
    """The charges of all periods that have begun by `now`, the first one from `start` on, oldest first."""
    while start <= now:
        part = part_from(start, fee=fee, currency=currency, calendar=calendar)
        yield part
        start = part.period.end
