"""A list of days that somebody has as a file: a calendar (iCalendar, RFC 5545) or a table with date and name.

All or nothing: the first entry that is no plain day ends the reading, with its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum, auto

from centrex.sheets.reading import DATE_MARK, Unreadable, decoded, read_table, tidy
from centrex.sheets.repeats import OddRule, repeated

MAX_FILE = 256 * 1024
MAX_DAYS = 500
LONGEST_EVENT = 31
MOST_REPEATING = 200
NAME_LENGTH = 60
DAY = timedelta(days=1)
PROPERTY = re.compile(r"([A-Za-z-]+)(?:;[^:\"]*(?:\"[^\"]*\"[^:\"]*)*)?:(.*)", re.DOTALL)
ESCAPED = re.compile(r"\\([nN,;\\])")


class Mistake(Enum):
    """Why the list cannot be taken."""

    TOO_LARGE = auto()
    UNREADABLE = auto()
    EMPTY = auto()
    NO_DATE = auto()
    WITH_TIME = auto()
    REPEATS = auto()
    TOO_LONG = auto()
    TOO_MANY = auto()


class NoDays(Exception):
    """The file is no list of days; `place` is the line, None for the file as a whole, `found` what stands there."""

    def __init__(self, mistake: Mistake, *, place: int | None = None, found: str = "") -> None:
        super().__init__(mistake, place, found)
        self.mistake, self.place, self.found = mistake, place, found


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A day and what it is called."""

    day: date
    name: str


def read_days(content: bytes, *, today: date) -> list[NamedDay]:
    """The days of the file in their order, each once; NoDays when there is anything else in it.

    What repeats is taken from this year's beginning until the end of the second year after it.
    """
    if len(content) > MAX_FILE:
        raise NoDays(Mistake.TOO_LARGE)
    try:
        is_calendar = content.lstrip(b"\xef\xbb\xbf\r\n ")[:15].upper() == b"BEGIN:VCALENDAR"
        found = calendar_days(decoded(content), today) if is_calendar else table_days(content)
        days: dict[date, NamedDay] = {}
        for each in found:
            days.setdefault(each.day, each)
            if len(days) > MAX_DAYS:
                raise NoDays(Mistake.TOO_MANY)
    except Unreadable as error:
        raise NoDays(Mistake.UNREADABLE) from error
    if not days:
        raise NoDays(Mistake.EMPTY)
    return sorted(days.values(), key=lambda each: each.day)


def table_days(content: bytes) -> Iterator[NamedDay]:
    """The days of a table; a first row without a date is its head."""
    table = read_table(content)
    first = written_date(table.heads[0]) if table.heads else None
    if first is not None:
        yield NamedDay(first, name_of(table.heads))
    for line in table.lines:
        day = written_date(line.cells[0])
        if day is None:
            raise NoDays(Mistake.NO_DATE, place=line.place, found=line.cells[0].lstrip(DATE_MARK)[:40])
        yield NamedDay(day, name_of(line.cells))


def name_of(cells: tuple[str, ...]) -> str:
    """The second cell."""
    return " ".join((cells[1] if len(cells) > 1 else "").lstrip(DATE_MARK).split())[:NAME_LENGTH]


def written_date(text: str) -> date | None:
    """2026-12-25, 25.12.2026, or what a spreadsheet program made of it; dates with slashes can be read in two ways."""
    marked = text.startswith(DATE_MARK)
    plain = text.lstrip(DATE_MARK).partition(" 00:00:00")[0] if marked else text
    iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", plain, re.ASCII)
    dotted = re.fullmatch(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})", plain, re.ASCII)
    if iso:
        return real_date(iso[1], iso[2], iso[3])
    return real_date(dotted[3], dotted[2], dotted[1]) if dotted else None


def real_date(year: str, month: str, day: str) -> date | None:
    """The day, if the calendar has it and it is of this age."""
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2099 else None


@dataclass(slots=True)
class Event:
    """An entry of a calendar while it is read; `end` is the day after its last.

    It repeats by `rule`, but for the days `besides`.
    """

    place: int
    start: date | None = None
    end: date | None = None
    name: str = ""
    rule: str = ""
    besides: list[date] = field(default_factory=list)


def calendar_days(text: str, today: date) -> Iterator[NamedDay]:
    """The days of a calendar: each of its entries lasts whole days; some of them repeat."""
    event: Event | None = None
    repeating = 0
    inner = 0  # an alarm inside an entry has properties of its own
    for place, line in unfolded(text):
        match = PROPERTY.fullmatch(line)
        if match is None:
            continue
        name, value = match[1].upper(), match[2].strip()
        if name == "BEGIN" and event is not None:
            inner += 1
        elif name == "END" and inner:
            inner -= 1
        elif name == "BEGIN" and value.upper() == "VEVENT":
            event = Event(place)
        elif name == "END" and event is not None:
            repeating += event.rule != ""
            if repeating > MOST_REPEATING:
                raise NoDays(Mistake.TOO_MANY)
            yield from days_of(event, today)
            event = None
        elif event is not None and not inner:
            take(event, name, value, place)


def take(event: Event, name: str, value: str, place: int) -> None:
    """One property of an entry."""
    match name:
        case "SUMMARY":
            plain = ESCAPED.sub(lambda found: " " if found[1] in "nN" else found[1], value)
            event.name = " ".join(tidy(plain).split())[:NAME_LENGTH]
        case "DTSTART":
            event.start = calendar_date(value, place)
        case "DTEND":
            event.end = calendar_date(value, place)
        case "RRULE" if not event.rule:
            event.rule = value
        case "EXDATE":
            event.besides += [calendar_date(each, place) for each in value.split(",")]
        case "RRULE" | "RDATE" | "RECURRENCE-ID" | "EXRULE":
            raise NoDays(Mistake.REPEATS, place=place, found=event.name)
        case _:
            pass


def calendar_date(value: str, place: int) -> date:
    """20261225; NoDays for a time of day."""
    match = re.fullmatch(r"(\d{4})(\d{2})(\d{2})", value, re.ASCII)
    day = real_date(match[1], match[2], match[3]) if match else None
    if day is None:
        has_time = re.fullmatch(r"\d{8}T\d{6}Z?", value, re.ASCII) is not None
        raise NoDays(Mistake.WITH_TIME if has_time else Mistake.NO_DATE, place=place, found=value[:40])
    return day


def days_of(event: Event, today: date) -> Iterator[NamedDay]:
    """Each day of an entry, as often as it comes."""
    if event.start is None:
        raise NoDays(Mistake.NO_DATE, place=event.place, found=event.name)
    length = (event.end - event.start).days if event.end else 1
    if length > LONGEST_EVENT:
        raise NoDays(Mistake.TOO_LONG, place=event.place, found=event.name)
    try:
        starts = repeated(event.start, event.rule, today=today) if event.rule else [event.start]
    except OddRule as error:
        raise NoDays(Mistake.REPEATS, place=event.place, found=event.name or event.rule[:40]) from error
    for start in starts:
        if start not in event.besides:
            for count in range(max(length, 1)):
                yield NamedDay(start + count * DAY, event.name)


def unfolded(text: str) -> Iterator[tuple[int, str]]:
    """The lines with the number of the line on which each begins; a line that begins with a space goes on (3.1)."""
    begun, held = 0, ""
    for place, line in enumerate(re.split(r"\r\n|\n|\r", text), start=1):
        if line[:1] in (" ", "\t") and begun:
            held += line[1:]
            continue
        if begun:
            yield begun, held
        begun, held = place, line
    if begun:
        yield begun, held
