"""Whether a period holds at a moment, and when that changes next.

A period is about the clock on the wall: an hour that summer time skips does not come, one that it repeats comes twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from centrex.routing.schedule.notation import Period, Range, Sub

DATE_SCALES = ("yr", "mo", "wk", "yd", "md", "wd")
DAY = timedelta(days=1)
FARTHEST_DAYS = 12 * 366  # a 29 February is at most eight years away


def is_active(period: Period, local: datetime) -> bool:
    """Whether `period` holds at the wall clock `local`, to the second."""
    return period.always or any(holds(sub, local) for sub in period.subs)


def next_change(period: Period, now: datetime, zone: ZoneInfo) -> datetime | None:
    """The first moment (UTC) after `now` at which the period begins or ends to hold; None when it never does."""
    if not period.subs:
        return None
    before = is_active(period, now.astimezone(zone))
    today = now.astimezone(zone).date()
    for count in range(FARTHEST_DAYS):
        day = today + count * DAY
        for moment in moments_of(period, day, zone):
            if moment > now and is_active(period, moment.astimezone(zone)) != before:
                return moment
    return None


def holds(sub: Sub, local: datetime) -> bool:
    """Whether each scale of the part does."""
    return all(any(within(scale, each, local) for each in ranges) for scale, ranges in sub.scales)


def within(scale: str, each: Range, local: datetime) -> bool:
    """Whether the wall clock is in one range of a scale."""
    if scale == "yr":
        ends = sorted(full_year(end, local.year) for end in (each.first, each.last))
        return ends[0] <= local.year <= ends[1]
    return value_of(scale, local) in each


def full_year(typed: int, current: int) -> int:
    """Two digits mean the current century."""
    return current // 100 * 100 + typed if typed <= 99 else typed


def value_of(scale: str, local: datetime) -> int:
    """What the wall clock shows on a scale."""
    match scale:
        case "mo":
            return local.month
        case "md":
            return local.day
        case "yd":
            return local.timetuple().tm_yday
        case "wd":
            return local.isoweekday() % 7 + 1
        case "wk":
            return week_of_month(local)
        case "hr":
            return local.hour
        case "min":
            return local.minute
        case _:
            return local.second


def week_of_month(day: date) -> int:
    """1 for the days up to the first Saturday; each Sunday but the 1st begins another week."""
    sunday_before_first = (day.replace(day=1).isoweekday()) % 7  # days between that Sunday and the 1st
    return (day.day - 1 + sunday_before_first) // 7 + 1


def moments_of(period: Period, day: date, zone: ZoneInfo) -> Iterator[datetime]:
    """The moments (UTC, ascending) of a local day at which the period may begin or end to hold."""
    seconds = {0}
    noon = datetime.combine(day, time(12))
    for sub in period.subs:
        dates = Sub(tuple(scale for scale in sub.scales if scale[0] in DATE_SCALES))
        if holds(dates, noon):
            seconds |= edges(sub)
    walls = (datetime.combine(day, time()) + timedelta(seconds=second) for second in seconds if second < 86400)
    moments = {wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for wall in walls for fold in (0, 1)}
    return iter(sorted(moments | shifts(day, zone)))


def edges(sub: Sub) -> set[int]:
    """The seconds of a day at which the hours, minutes and seconds of a part may begin or end to hold."""
    hours, minutes, seconds = (
        starts(sub.ranges(scale), size) for scale, size in (("hr", 24), ("min", 60), ("sec", 60))
    )
    if sub.ranges("sec") is not None:
        minutes = set(range(60))  # within every minute that holds
    if sub.ranges("min") is not None or sub.ranges("sec") is not None:
        hours = set(range(24))
    return {hour * 3600 + minute * 60 + second for hour in hours for minute in minutes for second in seconds}


def starts(ranges: tuple[Range, ...] | None, size: int) -> set[int]:
    """Where ranges begin, and what comes after their ends; 0 for a scale without any."""
    return {0} | {end % size for each in ranges or () for end in (each.first, each.last + 1)}


def shifts(day: date, zone: ZoneInfo) -> set[datetime]:
    """The moments (UTC) of a local day at which the clocks are put forward or back, found to the second."""
    low = datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
    high = datetime.combine(day + DAY, time(), tzinfo=zone).astimezone(UTC)
    if low.astimezone(zone).utcoffset() == high.astimezone(zone).utcoffset():
        return set()
    offset = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = (low + (high - low) / 2).replace(microsecond=0)
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == offset else (low, middle)
    return {high}
