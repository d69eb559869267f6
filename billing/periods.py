"""Billing periods: half-open intervals between two midnights of the customer's time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
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
        return cls.between(*month_from(billing_day, moment.astimezone(zone).date()), zone=zone)


class Kind(StrEnum):
    """How long a billing period is."""

    DAILY = "daily"
    WEEKLY = "weekly"
    SEMIMONTHLY = "semimonthly"
    MONTHLY = "monthly"
    ANNIVERSARY = "anniversary"
    THIRTY_DAYS = "30_days"


ONE_DAY = timedelta(days=1)
A_WEEK = timedelta(days=7)
THIRTY = timedelta(days=30)
SECOND_HALF = 16
LAST_DAY = 28  # the last that every month has
# A Monday and a first of the month, for who has no beginning of his own.
EPOCH = date(2001, 1, 1)


@dataclass(frozen=True, slots=True)
class Rule:
    """How periods run from the day `since` on, None for always; raises ValueError for a `billing_day` not in 1 to 28.

    Weeks run from Monday to Sunday, half months from the 1st to the 15th and from the 16th on, months from
    `billing_day`. `anchor` is the day from which anniversary months and 30 days are counted: a 29th to 31st counts as
    the 28th.
    """

    kind: Kind = Kind.MONTHLY
    billing_day: int = 1
    anchor: date = EPOCH
    since: date | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.billing_day <= LAST_DAY:
            raise ValueError("a billing day is 1 to 28")

    def days_with(self, day: date) -> tuple[date, date]:
        """The first day of the whole period that holds the day, and the first day after it."""
        match self.kind:
            case Kind.DAILY:
                return day, day + ONE_DAY
            case Kind.WEEKLY:
                monday = day - timedelta(days=day.weekday())
                return monday, monday + A_WEEK
            case Kind.SEMIMONTHLY:
                first, following = month_from(1, day)
                middle = first.replace(day=SECOND_HALF)
                return (first, middle) if day < middle else (middle, following)
            case Kind.THIRTY_DAYS:
                start = day - timedelta(days=(day - self.anchor).days % THIRTY.days)
                return start, start + THIRTY
            case _:
                return self.month_with(day)

    def month_with(self, day: date) -> tuple[date, date]:
        """The month that holds the day, as fees for a month are counted: that of the periods, where they are months."""
        if self.kind is Kind.ANNIVERSARY:
            return month_from(min(self.anchor.day, LAST_DAY), day)
        return month_from(1 if self.kind is Kind.SEMIMONTHLY else self.billing_day, day)


@dataclass(frozen=True, slots=True)
class Calendar:
    """A customer's billing periods in `zone`: his rules, oldest first, each until the next one's `since`.

    Together they tile time, without gap or overlap, whatever clocks do. Raises ValueError without a rule, and unless
    each rule but the first says since when.
    """

    zone: ZoneInfo
    rules: tuple[Rule, ...] = (Rule(),)

    def __post_init__(self) -> None:
        if not self.rules or any(rule.since is None for rule in self.rules[1:]):
            raise ValueError("a calendar has a rule, and each that follows begins on a day")

    @classmethod
    def monthly(cls, billing_day: int, zone: ZoneInfo) -> Calendar:
        """Months from a day of the month on, for ever."""
        return cls(zone, (Rule(billing_day=billing_day),))

    def period_with(self, moment: datetime) -> Period:
        """The billing period that holds the moment; one that a new rule begins or an old one ends may be shorter."""
        day = self.day(moment)
        period = self._period_on(day)
        # Where clocks went back over midnight, a date came twice; the second time belongs to the day after.
        while moment >= period.end:
            day += ONE_DAY
            period = self._period_on(day)
        return period

    def month_with(self, moment: datetime) -> Period:
        """The whole month around the moment by which fees for a month are counted; a new rule does not cut it."""
        day = self.day(moment)
        _since, rule, _until = self._rule_on(day)
        return Period.between(*rule.month_with(day), zone=self.zone)

    def day(self, moment: datetime) -> date:
        """The date at that moment on the customer's calendar."""
        return moment.astimezone(self.zone).date()

    def days(self, start: datetime, end: datetime) -> int:
        """The days that [start, end) touches; 0 when it is empty."""
        return (self.day(last_moment(end)) - self.day(start)).days + 1 if start < end else 0

    def _period_on(self, day: date) -> Period:
        since, rule, until = self._rule_on(day)
        first, end = rule.days_with(day)
        return Period.between(max(first, since) if since else first, min(end, until) if until else end, zone=self.zone)

    def _rule_on(self, day: date) -> tuple[date | None, Rule, date | None]:
        """The rule of the day, and between which days it counts; before the first one's beginning that one counts."""
        place = max((n for n, rule in enumerate(self.rules) if rule.since is None or rule.since <= day), default=0)
        since = self.rules[place].since if place else None
        return since, self.rules[place], self.rules[place + 1].since if place + 1 < len(self.rules) else None


def month_from(billing_day: int, day: date) -> tuple[date, date]:
    """The month, counted from `billing_day` (1 to 28), that holds the day: its first day, and the first after it."""
    first = day.replace(day=billing_day)
    if first > day:
        first = month_after(first, months=-1)
    return first, month_after(first)


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
