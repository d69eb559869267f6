"""A period with days on which it does not count: holidays, and days with hours of their own.

A special day is a day of the calendar, from midnight to midnight by the clock on the wall: an interval that began
the evening before ends there, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from centrex.routing.schedule.evaluate import DAY, FARTHEST_DAYS, is_active, moments_of
from centrex.routing.schedule.notation import Period

MIDNIGHT = time()


@dataclass(frozen=True, slots=True)
class Span:
    """Open from `start` until `end`, which is not in it; midnight as `end` is the end of the day."""

    start: time
    end: time

    def __contains__(self, clock: object) -> bool:
        if not isinstance(clock, time):
            return False
        return self.start <= clock and (clock < self.end or self.end == MIDNIGHT)


SpecialDays = Mapping[date, Span | None]  # None: closed


def is_open(period: Period, days: SpecialDays, local: datetime) -> bool:
    """Whether it is the time at the wall clock `local`: by the special day if it is one, else by the period."""
    if local.date() not in days:
        return is_active(period, local)
    span = days[local.date()]
    return span is not None and local.time() in span


def next_opening_change(period: Period, days: SpecialDays, now: datetime, zone: ZoneInfo) -> datetime | None:
    """The first moment (UTC) after `now` at which `is_open` changes; None when it never does."""
    before = is_open(period, days, now.astimezone(zone))
    day, last = now.astimezone(zone).date(), last_day(period, days, now.astimezone(zone).date())
    while day <= last:
        for moment in sorted({*moments_of(period, day, zone), *moments_of_special_day(days.get(day), day, zone)}):
            if moment > now and is_open(period, days, moment.astimezone(zone)) != before:
                return moment
        day += DAY
    return None


def last_day(period: Period, days: SpecialDays, today: date) -> date:
    """The last day that can bring a change; a period that holds always or never changes on special days only."""
    return today + FARTHEST_DAYS * DAY if period.subs else max([today, *days]) + DAY


def moments_of_special_day(span: Span | None, day: date, zone: ZoneInfo) -> set[datetime]:
    """When a special day with hours of its own opens and closes."""
    if span is None:
        return set()
    walls = [datetime.combine(day, clock) for clock in (span.start, span.end) if clock != MIDNIGHT]
    return {wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for wall in walls for fold in (0, 1)}
