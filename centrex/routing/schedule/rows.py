"""The rows of the period wizard, written as text and read back.

A row is an interval of the clock that belongs to the days on which it starts: Monday to Friday 20:00-08:00 covers
Saturday 03:00 and not Monday 03:00. The notation joins days and hours by "and", so an interval over midnight becomes
a part for the evenings and one for the mornings after; minutes other than 00 split the first and last hour off.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from centrex.routing.schedule.notation import MONTHS, WEEKDAYS, Range, Sub, parse

MIDNIGHT = 24 * 60
DAYS_IN = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
FEBRUARY, MARCH = 2, 3
WRITTEN = ("mo", "md", "yd", "wd", "hr", "min")


@dataclass(frozen=True, slots=True)
class Row:
    """From minute `start` of a day until minute `end`, which is not in it; `end` <= `start` is on the day after.

    Equal ends are a whole day. Empty sets do not restrict. Week days count from 1, Sunday.
    """

    start: int = 0
    end: int = MIDNIGHT
    weekdays: frozenset[int] = frozenset()
    months: frozenset[int] = frozenset()
    monthdays: frozenset[int] = frozenset()


Dates = tuple[tuple[str, frozenset[int]], ...]  # scale -> values; what is left out is not restricted


def write(rows: Iterable[Row]) -> str:
    """The rows as text; no rows are never, a row without any limit is always."""
    subs = [sub for row in rows for sub in subs_of(row)]
    if not subs:
        return "none"
    return "" if any(not sub for sub in subs) else ", ".join(subs)


def rows_of(text: str) -> list[Row] | None:
    """The rows that `write` would make this period from; None when no rows do. PeriodError for a mistake."""
    period = parse(text)
    if period.always:
        return [Row()]
    wanted = list(period.subs)
    rows = []
    while wanted:
        found = next(guesses(wanted), None)
        if found is None:
            return None
        row, length = found
        rows.append(row)
        wanted = wanted[length:]
    return rows


def subs_of(row: Row) -> Iterator[str]:
    """The parts of the text for one row."""
    dates = dates_of(row)
    if row.start < row.end:
        yield from (with_dates(dates, clock) for clock in clocks(row.start, row.end))
        return
    if not dates:
        yield from (with_dates(dates, clock) for clock in round_midnight(row.start, row.end))
        return
    yield from (with_dates(dates, clock) for clock in clocks(row.start, MIDNIGHT))
    for after in days_after(row):
        yield from (with_dates(after, clock) for clock in clocks(0, row.end))


def guesses(subs: Sequence[Sub]) -> Iterator[tuple[Row, int]]:
    """Rows that are written as the first of `subs`, each with how many it takes, the longest first."""
    for length in range(min(len(subs), 3 + 3 * (len(MONTHS) + 2)), 0, -1):
        row = guess(subs[0], subs[length - 1])
        if row is None:
            continue
        written = parse(write([row]))
        if tuple(map(values, written.subs)) == tuple(map(values, subs[:length])):
            yield row, length


def guess(first: Sub, last: Sub) -> Row | None:
    """The only row that could begin and end with these parts."""
    if {scale for scale, _ranges in (*first.scales, *last.scales)} - set(WRITTEN):
        return None
    dates = {scale: found for scale, found in values(first) if scale in ("wd", "mo", "md")}
    start, end = clock_of(first)[0], clock_of(last)[1]
    return Row(
        start=start,
        end=end,
        weekdays=dates.get("wd", frozenset()),
        months=dates.get("mo", frozenset()),
        monthdays=dates.get("md", frozenset()),
    )


def clock_of(sub: Sub) -> tuple[int, int]:
    """Where the clock of a part begins and ends, in minutes."""
    hours, minutes = (sub.ranges(scale) or (Range(0, top),) for scale, top in (("hr", 23), ("min", 59)))
    start = hours[0].first * 60 + minutes[0].first
    return start, hours[-1].last * 60 + minutes[-1].last + 1


def values(sub: Sub) -> tuple[tuple[str, frozenset[int]], ...]:
    """The part as sets of values, so that two ways to write the same are equal."""
    tops = {"mo": (1, 12), "md": (1, 31), "yd": (1, 366), "wd": (1, 7), "hr": (0, 23), "min": (0, 59)}
    return tuple(
        (
            scale,
            frozenset(value for value in range(tops[scale][0], tops[scale][1] + 1) if any(value in e for e in ranges)),
        )
        for scale in WRITTEN
        if scale in tops and (ranges := sub.ranges(scale)) is not None
    )


def dates_of(row: Row) -> Dates:
    """The days on which the row starts."""
    named = (("mo", row.months), ("md", row.monthdays), ("wd", row.weekdays))
    return tuple((scale, chosen) for scale, chosen in named if chosen)


def days_after(row: Row) -> list[Dates]:
    """The days after those on which the row starts."""
    weekdays = frozenset(day % 7 + 1 for day in row.weekdays)
    ending = (("wd", weekdays),) if weekdays else ()
    if not row.months and not row.monthdays:
        return [ending]
    months = row.months or frozenset(range(1, 13))
    days = row.monthdays or frozenset(range(1, 32))
    after: dict[int, frozenset[int]] = {}
    for month in months:
        length = 29 if month == FEBRUARY else DAYS_IN[month - 1]
        inside = frozenset(day + 1 for day in days if day < length)
        after[month] = after.get(month, frozenset()) | inside
        if length in days and month != FEBRUARY:
            after[month % 12 + 1] = after.get(month % 12 + 1, frozenset()) | {1}
    found = [*grouped(after)]
    if FEBRUARY in months:
        found += after_february(days, already=1 in after.get(MARCH, frozenset()))
    return [(*dates, *ending) for dates in found]


def after_february(days: frozenset[int], *, already: bool) -> list[Dates]:
    """1 March, where it follows a day of February that the row names: which one depends on the year."""
    if already or not days & {28, 29}:
        return []
    first = (("mo", frozenset({MARCH})), ("md", frozenset({1})))
    if {28, 29} <= days:
        return [first]
    day_of_year = 60 if 28 in days else 61  # 1 March is the 60th day of a common year, the 61st of a leap year
    return [(*first, ("yd", frozenset({day_of_year})))]


def grouped(after: dict[int, frozenset[int]]) -> Iterator[Dates]:
    """Months with the same days together."""
    seen: dict[frozenset[int], set[int]] = {}
    for month, days in sorted(after.items()):
        if days:
            seen.setdefault(days, set()).add(month)
    for days, months in seen.items():
        yield (("mo", frozenset(months)), ("md", days))


def clocks(start: int, end: int) -> Iterator[str]:
    """The text for [start, end) within one day: an hour begun, the whole hours, an hour not ended."""
    if (start, end) == (0, MIDNIGHT):
        yield ""
        return
    if start // 60 == (end - 1) // 60 and (start % 60 or end % 60):
        yield f"hr{{{start // 60}}} {span('min', start % 60, (end - 1) % 60)}"
        return
    first, last = -(-start // 60), end // 60
    if start % 60:
        yield f"hr{{{start // 60}}} {span('min', start % 60, 59)}"
    if first < last:
        yield span("hr", first, last - 1)
    if end % 60:
        yield f"hr{{{last}}} {span('min', 0, end % 60 - 1)}"


def round_midnight(start: int, end: int) -> Iterator[str]:
    """The text for an interval over midnight that every day has."""
    if start == end:
        yield ""
        return
    if start % 60 == end % 60 == 0:
        yield span("hr", start // 60, (end // 60 - 1) % 24)
        return
    yield from clocks(start, MIDNIGHT)
    if end:
        yield from clocks(0, end)


def with_dates(dates: Dates, clock: str) -> str:
    """One part of the text."""
    names = {"mo": MONTHS, "wd": WEEKDAYS}
    written = [listed(scale, sorted(chosen), names.get(scale)) for scale, chosen in dates]
    return " ".join([*written, *([clock] if clock else [])])


def listed(scale: str, chosen: list[int], names: tuple[str, ...] | None) -> str:
    """A scale with its values, neighbours as a range."""
    runs: list[list[int]] = []
    for value in chosen:
        if runs and value == runs[-1][1] + 1:
            runs[-1][1] = value
        else:
            runs.append([value, value])
    word = (lambda value: names[value - 1]) if names else str
    texts = [word(first) if first == last else f"{word(first)}-{word(last)}" for first, last in runs]
    return f"{scale}{{{' '.join(texts)}}}"


def span(scale: str, first: int, last: int) -> str:
    """A scale with one range."""
    return f"{scale}{{{first}}}" if first == last else f"{scale}{{{first}-{last}}}"
