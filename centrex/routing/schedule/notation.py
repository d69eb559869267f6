"""The notation of Time::Period 1.25, the Perl module that defined it.

    period := "" | "none" | sub ("," sub)*       sub := (scale "{" range* "}")+       range := v | v "-" v

Letters may be large or small and space is free. Empty means always, "none" never. Two things are stricter than
in Perl: the whole text is checked, where Perl stops reading at the first part that holds, and letters after the
number of a day of the year (`yd{5x}`) are a mistake.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("su", "mo", "tu", "we", "th", "fr", "sa")
SCALES = {
    "yr": "yr", "year": "yr", "mo": "mo", "month": "mo", "wk": "wk", "week": "wk", "yd": "yd", "yday": "yd",
    "md": "md", "mday": "md", "wd": "wd", "wday": "wd", "hr": "hr", "hour": "hr", "min": "min", "minute": "min",
    "sec": "sec", "second": "sec",
}  # fmt: skip
BOUNDS = {
    "mo": (1, 12), "wk": (1, 6), "yd": (1, 366), "md": (1, 31), "wd": (1, 7), "hr": (0, 23), "min": (0, 59),
    "sec": (0, 59),
}  # fmt: skip
SPACE = " \t\r\n\f\v"
SCALE = re.compile(r"\s*([a-z]*)\s*\{([^{}]*)\}\s*")
SPACED_RANGE = re.compile(r"(\w+)\s*-\s*(\w+)", re.ASCII)
CLOCK = re.compile(r"(\d+)(am|pm|noon)", re.ASCII)
NUMBER = re.compile(r"\d{1,9}", re.ASCII)


class PeriodError(ValueError):
    """The text is no period; `position` counts the characters before the mistake, `code` says what it is."""

    def __init__(self, code: str, position: int, found: str = "") -> None:
        super().__init__(f"{code} at {position}: {found!r}")
        self.code, self.position, self.found = code, position, found


@dataclass(frozen=True, slots=True)
class Range:
    """From `first` to `last`, both with all of their unit; a later `first` goes over the end and on from the start."""

    first: int
    last: int

    def __contains__(self, value: object) -> bool:
        if not isinstance(value, int):
            return False
        if self.first <= self.last:
            return self.first <= value <= self.last
        return value >= self.first or value <= self.last


@dataclass(frozen=True, slots=True)
class Sub:
    """Scales that must all hold; each holds when one of its ranges does. Week days count from 1, Sunday."""

    scales: tuple[tuple[str, tuple[Range, ...]], ...]

    def ranges(self, scale: str) -> tuple[Range, ...] | None:
        """The ranges of a scale; None when it is not restricted."""
        return dict(self.scales).get(scale)


@dataclass(frozen=True, slots=True)
class Period:
    """Times at which something holds: at any of its `subs`, or `always`. Without either, never."""

    subs: tuple[Sub, ...] = ()
    always: bool = False


ALWAYS, NEVER = Period(always=True), Period()


@lru_cache(maxsize=4096)
def parse(text: str) -> Period:
    """The period that `text` describes; PeriodError with the place of the first mistake."""
    low = text.lower()
    if not low.strip(SPACE):
        return ALWAYS
    if low.strip(SPACE) == "none":
        return NEVER
    subs, position = [], 0
    pieces = low.split(",")
    while pieces and not pieces[-1].strip(SPACE):
        pieces.pop()  # Perl's split forgets what is empty at the end
    for piece in pieces:
        subs.append(sub_of(piece, position))
        position += len(piece) + 1
    return Period(tuple(subs))


def sub_of(text: str, offset: int) -> Sub:
    """One part between commas; `offset` is where it begins in the whole."""
    scales: dict[str, tuple[Range, ...]] = {}
    position = 0
    while position < len(text):
        match = SCALE.match(text, position)
        if match is None:
            raise PeriodError("braces", offset + position, text[position:].strip(SPACE))
        scale = SCALES.get(match[1])
        if scale is None:
            raise PeriodError("scale", offset + match.start(1), match[1])
        scales[scale] = scales.get(scale, ()) + ranges_of(scale, match[2], offset + match.start(2))
        position = match.end()
    if not scales:
        raise PeriodError("empty", offset)
    return Sub(tuple(scales.items()))


def ranges_of(scale: str, text: str, offset: int) -> tuple[Range, ...]:
    """The ranges between the braces of a scale."""
    # Blanks round a hyphen do not divide; they are kept as long as they are, so that positions stay true.
    joined = SPACED_RANGE.sub(lambda found: found[0].translate({ord(space): "\0" for space in SPACE}), text)
    found = re.finditer(rf"[^{SPACE}]+", joined)
    return tuple(range_of(scale, each[0], offset + each.start()) for each in found)


def range_of(scale: str, text: str, position: int) -> Range:
    """One range or one value; NUL stands for a blank beside a hyphen."""
    first, hyphen, last = text.rpartition("-")
    first, last = (first if hyphen else last).rstrip("\0"), last.lstrip("\0")
    if not first or not last:
        raise PeriodError("range", position, text.replace("\0", " "))
    read = READERS[scale]
    return Range(read(first, position), read(last, position + len(text) - len(last)))


def number(scale: str) -> Callable[[str, int], int]:
    """A reader of numbers within the bounds of the scale."""
    lowest, highest = BOUNDS[scale]

    def read(text: str, position: int) -> int:
        if not NUMBER.fullmatch(text):
            raise PeriodError("value", position, text)
        if not lowest <= int(text) <= highest:
            raise PeriodError("bounds", position, text)
        return int(text)

    return read


def named(scale: str, names: tuple[str, ...]) -> Callable[[str, int], int]:
    """A reader of names, by their first letters, or numbers."""
    as_number, length = number(scale), len(names[0])

    def read(text: str, position: int) -> int:
        if not re.search("[a-z]", text):
            return as_number(text, position)
        if text[:length] not in names:
            raise PeriodError("value", position, text)
        return names.index(text[:length]) + 1

    return read


def hour(text: str, position: int) -> int:
    """An hour: 0-23, 12am, 1am ... 11am, 12noon or 12pm, 1pm ... 11pm."""
    match = CLOCK.fullmatch(text)
    if match is None:
        return number("hr")(text, position)
    count, half = int(match[1]), match[2]
    if half == "noon" and count != 12:
        raise PeriodError("value", position, text)
    hours = count % 12 if count == 12 else count
    hours += 0 if half == "am" else 12
    if hours > 23:
        raise PeriodError("bounds", position, text)
    return hours


def year(text: str, position: int) -> int:
    """A year: 1970 and later, or two digits of the current century."""
    if not NUMBER.fullmatch(text):
        raise PeriodError("value", position, text)
    if 99 < int(text) < 1970:
        raise PeriodError("bounds", position, text)
    return int(text)


READERS: dict[str, Callable[[str, int], int]] = {
    "yr": year,
    "mo": named("mo", MONTHS),
    "wk": number("wk"),
    "yd": number("yd"),
    "md": number("md"),
    "wd": named("wd", WEEKDAYS),
    "hr": hour,
    "min": number("min"),
    "sec": number("sec"),
}
