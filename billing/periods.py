"""Billing periods: half-open intervals between two midnights of the customer's time zone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Period:
    """The half-open interval [start, end) in UTC; raises ValueError if it is empty or has no time zone."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a period needs times with a time zone")
        if self.end <= self.start:
            raise ValueError("a period ends after it starts")

    @classmethod
    def between(cls, first: date, end: date, *, zone: ZoneInfo) -> Self:
        """From midnight of `first` to midnight of `end`, as the clocks of `zone` show it."""
        return cls(start=midnight(first, zone=zone), end=midnight(end, zone=zone))

    @classmethod
    def month_with(cls, moment: datetime, *, billing_day: int, zone: ZoneInfo) -> Self:
        """The month, counted from `billing_day` (1 to 28) in `zone`, that holds the moment."""
        day = moment.astimezone(zone).date()
        first = day.replace(day=billing_day)
        if first > day:
            first = month_after(first, months=-1)
        return cls.between(first, month_after(first), zone=zone)


def midnight(day: date, *, zone: ZoneInfo) -> datetime:
    """When the day begins in `zone`, in UTC; where clocks skip midnight, at the first moment after it."""
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def last_moment(end: datetime) -> datetime:
    """The last moment inside a period that ends, exclusively, at `end`; the ledger counts microseconds."""
    return end - timedelta(microseconds=1)


def month_after(day: date, *, months: int = 1) -> date:
    """The same day so many months later; for days from 1 to 28, which every month has."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day.replace(year=years, month=month + 1)
