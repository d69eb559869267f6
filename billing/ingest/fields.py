"""Reading single fields of call records: every function returns a checked value or raises `Unreadable`.

Bytes are decoded as UTF-8; what is not UTF-8 (a caller's name cut in the middle of a letter) becomes U+FFFD
and stops nothing. One physical line is one row: a quoted field may not run over the end of its line.
"""

import csv
import re
import unicodedata
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from itertools import product

MAX_LINE = 16_384
MAX_TEXT = 200
MAX_SECONDS = 31 * 86_400
_YEARS = range(1990, 2100)
# Control, format (among them the marks that turn the writing direction) and surrogate characters, and the
# two Unicode line ends: nothing a name needs, and all of them used to deceive.
_UNWANTED = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_TIME = re.compile(
    r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?",
    re.ASCII,
)


class Unreadable(ValueError):
    """A line or field that cannot be what it should be; the message is a sentence for the reject file."""


def split_line(raw: bytes) -> list[str]:
    """Split one raw line of CSV (RFC 4180 quoting) into fields; a blank line gives none."""
    if len(raw) > MAX_LINE:
        raise Unreadable(f"The line is longer than {MAX_LINE} bytes.")
    if b"\0" in raw:
        raise Unreadable("The line contains NUL bytes.")
    text = raw.decode("utf-8", "replace").removeprefix("\ufeff").rstrip("\r\n")
    if not text.strip():
        return []
    try:
        return next(csv.reader([text], strict=True))
    except csv.Error as error:
        raise Unreadable(f"The quoting or line end is broken ({error}).") from error


def clean(text: str, limit: int = MAX_TEXT) -> str:
    """Return the text on one line, without control and direction characters, cut to `limit` characters."""
    if text.isascii() and text.isprintable():  # nearly all there is, and quickly done
        return text.strip()[:limit].rstrip()
    kept = (" " if char in "\t\r\n" else char for char in text)
    return "".join(char for char in kept if unicodedata.category(char) not in _UNWANTED).strip()[:limit].rstrip()


def read_number(text: str, what: str) -> str:
    """Return a dialled number, extension or SIP user; may be empty."""
    number = clean(text, limit=MAX_LINE)
    if len(number) > 64 or len(number.split()) > 1:
        raise Unreadable(f"The {what} {number[:70]!r} is not a number anyone can dial.")
    if len(number) > 32 and number.removeprefix("+").isdigit():
        raise Unreadable(f"The {what} has {len(number)} digits; no number is that long.")
    return number


def read_id(text: str, what: str) -> str:
    """Return an identifier that must be there."""
    found = clean(text, limit=MAX_LINE)
    if not found:
        raise Unreadable(f"The {what} is missing.")
    if len(found) > MAX_TEXT:
        raise Unreadable(f"The {what} is longer than {MAX_TEXT} characters.")
    return found


def read_seconds(text: str, what: str) -> int:
    """Return a whole number of seconds, 0 to 31 days."""
    stripped = text.strip()
    if re.fullmatch(r"-\d+", stripped, re.ASCII):
        raise Unreadable(f"The {what} is negative ({stripped[:20]}).")
    if not re.fullmatch(r"\d{1,12}", stripped, re.ASCII):
        raise Unreadable(f"The {what} {clean(stripped, 20)!r} is not a whole number of seconds.")
    if int(stripped) > MAX_SECONDS:
        raise Unreadable(f"The {what} of {int(stripped)} s is longer than any call lasts.")
    return int(stripped)


def read_time(text: str, what: str) -> datetime:
    """Return a date and time (2026-03-02 12:00:00, 2026/3/2 12:00, ISO 8601), aware only with an offset."""
    match = _TIME.fullmatch(text.strip())
    if match is None:
        raise Unreadable(f"The {what} {clean(text, 40)!r} is not a date and time.")
    *parts, offset = match.groups(default="0")
    year, month, day, hour, minute, second = map(int, parts)
    if year not in _YEARS:
        raise Unreadable(f"The {what} is in the year {year}, which cannot be.")
    try:
        found = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - the zone comes later
        return found if offset == "0" else found.replace(tzinfo=_read_offset(offset))
    except ValueError as error:
        raise Unreadable(f"The {what} {clean(text, 40)!r} does not exist ({error}).") from error


@lru_cache(maxsize=256)
def _read_offset(text: str) -> tzinfo:
    offset = datetime.strptime("+0000" if text == "Z" else text, "%z").tzinfo
    return offset or UTC


def place_span(start: datetime, end: datetime, *, zone: tzinfo, duration: int) -> tuple[datetime, datetime]:
    """Turn start and end, local in `zone` unless aware, into UTC; raises if the end comes first.

    In the hour that comes twice when clocks go back, the reading that fits `duration` (seconds) best is
    taken. A duration over a minute longer than the span is refused: some switches write no seconds.
    """
    spans = [span for span in product(_readings(start, zone), _readings(end, zone)) if span[0] <= span[1]]
    if not spans:
        raise Unreadable("The call ends before it starts.")
    best = min(spans, key=lambda span: abs((span[1] - span[0]).total_seconds() - duration))
    if duration > (best[1] - best[0]).total_seconds() + 60:
        raise Unreadable("The duration is longer than the time between start and end.")
    return best


def place_within(moment: datetime, span: tuple[datetime, datetime], *, zone: tzinfo) -> datetime:
    """Turn the answer time into UTC; raises if it lies outside the call."""
    for reading in _readings(moment, zone):
        if span[0] <= reading <= span[1]:
            return reading
    raise Unreadable("The call is answered before it starts or after it ends.")


def check_billable(billable: int, duration: int) -> None:
    """Raise if a call is billed for longer than it lasted (one second of rounding is let pass)."""
    if billable > duration + 1:
        raise Unreadable(f"The call is billed for {billable} s but lasted only {duration} s.")


def _readings(moment: datetime, zone: tzinfo) -> list[datetime]:
    if moment.tzinfo is not None:
        return [moment.astimezone(UTC)]
    return [moment.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
