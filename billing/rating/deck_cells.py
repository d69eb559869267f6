"""The cells of a rate deck: which column is which, and one row's values checked."""

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from decimal import Decimal

from .tariff import TimeSlot

_MAX_LINE = 16_384
_MAX_SECONDS = 3600
_YEARS = range(1990, 2100)

SYNONYMS = {
    "prefix": ("prefix", "prefixes", "code", "codes", "dialcode", "dial code", "dial codes", "dialing code",
               "dialling code", "country code", "area code", "breakout"),
    "destination": ("destination", "destination name", "description", "name", "traffic direction", "zone",
                    "country", "location"),
    "price": ("rate", "price", "price per minute", "rate per minute", "price min", "rate min", "per minute",
              "new rate", "voice rate", "cost", "first price", "price first", "price 1", "rate 1"),
    "price_next": ("next price", "price next", "price n", "rate n", "price 2", "rate 2", "subsequent price"),
    "connect_fee": ("connect fee", "connection fee", "connect charge", "connection charge", "setup fee",
                    "set up fee", "call setup"),
    "first_interval": ("first interval", "interval 1", "initial increment", "initial interval", "interval",
                       "minimum time", "increment", "increments", "billing increment", "billing increments"),
    "next_interval": ("next interval", "interval n", "interval 2", "next increment", "subsequent increment",
                      "recurring increment"),
    "free_seconds": ("free seconds", "free time", "grace period"),
    "minimum_charge": ("minimum charge", "min charge", "minimum price", "minimum cost"),
    "effective_from": ("effective from", "effective date", "effective", "valid from", "start date", "from"),
    "effective_to": ("effective to", "effective till", "effective until", "expires", "expiry", "expiry date",
                     "expiration date", "end date", "valid to", "valid until", "to"),
    "time_slot": ("time slot", "timeslot", "period", "time band"),
}  # fmt: skip

_SLOTS = {
    "": TimeSlot.FLAT,
    "flat": TimeSlot.FLAT,
    "any": TimeSlot.FLAT,
    "all": TimeSlot.FLAT,
    "peak": TimeSlot.PEAK,
    "off peak": TimeSlot.OFF_PEAK,
    "offpeak": TimeSlot.OFF_PEAK,
    "2nd off peak": TimeSlot.SECOND_OFF_PEAK,
    "second off peak": TimeSlot.SECOND_OFF_PEAK,
    "off peak 2": TimeSlot.SECOND_OFF_PEAK,
}
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2}))?)?", re.ASCII)
_PRICE = re.compile(r"\d{1,9}(?:[.,]\d{1,12})?", re.ASCII)
_RANGE = re.compile(r"(\d{1,15})-(\d{1,15})", re.ASCII)


class BadCell(ValueError):
    """A cell that cannot be what its column says; the message is a sentence for the reject file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RateRow:
    """One row of a deck: prices per minute, intervals in seconds, effective dates aware in UTC or None.

    `prefixes`: E.164 digits, several where the row named a destination or a list of codes; `price_next`: of the
    intervals after the first, None for the same.
    """

    line: int
    prefixes: tuple[str, ...]
    destination: str
    price: Decimal
    country: str = ""
    price_next: Decimal | None = None
    connect_fee: Decimal = Decimal(0)
    free_seconds: int = 0
    first_interval: int = 60
    next_interval: int = 60
    minimum_charge: Decimal = Decimal(0)
    effective_from: datetime | None = None
    effective_to: datetime | None = None
    time_slot: TimeSlot = TimeSlot.FLAT


@dataclass(frozen=True, slots=True)
class DeckReject:
    """A row without a usable price: its number (from 1), why, and its text."""

    line: int
    reason: str
    text: str


def read_csv_rows(lines: Iterable[bytes]) -> Iterator[list[str]]:
    """Split the lines of a CSV file; the separator (comma, semicolon, tab) is the header's most frequent.

    A line too long or wrongly quoted becomes one row with a single cell, which is then rejected by its
    content; so that line numbers stay true.
    """
    separator = ""
    for raw in lines:
        text = raw[:_MAX_LINE].decode("utf-8", "replace").removeprefix("\ufeff").rstrip("\r\n")
        if not separator and text.strip():
            separator = max(",;\t", key=text.count)
        try:
            broken = len(raw) > _MAX_LINE or "\0" in text
            row = [text] if broken else next(csv.reader([text], delimiter=separator or ",", strict=True), [])
        except csv.Error:
            row = [text]
        yield row


def find_columns(cells: Sequence[str]) -> dict[str, int]:
    """Return the index of each known column, or nothing if the row is no header."""
    titles = [_title(cell) for cell in cells]
    found = {
        column: titles.index(next(name for name in names if name in titles))
        for column, names in SYNONYMS.items()
        if not set(names).isdisjoint(titles)
    }
    return found if "price" in found and ("prefix" in found or "destination" in found) else {}


def read_row(line: int, columns: Mapping[str, int], cells: Sequence[object], zone: tzinfo) -> RateRow:
    """Read one row; a row without prefix has empty `prefixes`. Raises `BadCell`."""
    row = {column: cells[index] for column, index in columns.items() if index < len(cells)}
    prefixes = _read_prefixes(_text(row.get("prefix")))
    destination = _clean(_text(row.get("destination")))
    if not prefixes and not destination:
        raise BadCell("The row has neither a prefix nor a destination.")
    price_next = _text(row.get("price_next"))
    first, following = _read_intervals(_text(row.get("first_interval")), _text(row.get("next_interval")))
    starts = _read_date(row.get("effective_from"), "effective date", zone)
    ends = _read_date(row.get("effective_to"), "end date", zone)
    if starts and ends and starts >= ends:
        raise BadCell("The price ends before it starts.")
    return RateRow(
        line=line,
        prefixes=prefixes,
        destination=destination or prefixes[0],
        price=_read_price(_text(row.get("price")), "price"),
        price_next=_read_price(price_next, "price of the next intervals") if price_next else None,
        connect_fee=_read_price(_text(row.get("connect_fee")) or "0", "connect fee"),
        free_seconds=_read_seconds(_text(row.get("free_seconds")) or "0", "number of free seconds", least=0),
        first_interval=first,
        next_interval=following,
        minimum_charge=_read_price(_text(row.get("minimum_charge")) or "0", "minimum charge"),
        effective_from=starts,
        effective_to=ends,
        time_slot=_read_slot(_text(row.get("time_slot"))),
    )


def _title(cell: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", cell.casefold()))


def _text(cell: object) -> str:
    """Return a cell as text; a spreadsheet's 49.0 is the code 49."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return format(Decimal(repr(cell)).normalize(), "f")
    return str(cell).strip()


def _clean(text: str) -> str:
    kept = "".join(char for char in text if unicodedata.category(char)[0] != "C")
    if len(kept) > 200:
        raise BadCell("The destination's name is longer than 200 characters.")
    return " ".join(kept.split())


def _read_prefixes(text: str) -> tuple[str, ...]:
    found: list[str] = []
    for part in filter(None, re.split(r"[,;\s]+", text)):
        code = part.removeprefix("+")
        span = _RANGE.fullmatch(code)
        found += _expand(span[1], span[2]) if span else [code]
    for code in found:
        if not re.fullmatch(r"[1-9]\d{0,14}", code, re.ASCII):
            raise BadCell(f"{code[:30]!r} is no prefix: digits only, beginning with the country code.")
    return tuple(dict.fromkeys(found))


def _expand(first: str, last: str) -> list[str]:
    if len(first) != len(last) or not 0 <= int(last) - int(first) < 1000:
        raise BadCell(f"The range {first}-{last} is no range of up to 1,000 prefixes.")
    return [str(code) for code in range(int(first), int(last) + 1)]


def _read_price(text: str, what: str) -> Decimal:
    if not _PRICE.fullmatch(text):
        raise BadCell(f"The {what} {text[:30]!r} is not a number of zero or more.")
    return Decimal(text.replace(",", "."))


def _read_intervals(first: str, following: str) -> tuple[int, int]:
    """Read "60", or "30/6" in one cell; without any it is 60/60."""
    if not following and "/" in first:
        first, _, following = first.partition("/")
    seconds = [_read_seconds(text.strip(), "interval", least=1) for text in (first or "60", following or first or "60")]
    return seconds[0], seconds[1]


def _read_seconds(text: str, what: str, *, least: int) -> int:
    if not re.fullmatch(r"\d{1,5}", text, re.ASCII) or not least <= int(text) <= _MAX_SECONDS:
        raise BadCell(f"The {what} {text[:30]!r} is not a number of seconds from {least} to {_MAX_SECONDS}.")
    return int(text)


def _read_date(cell: object, what: str, zone: tzinfo) -> datetime | None:
    if isinstance(cell, date) and cell.year not in _YEARS:
        raise BadCell(f"The {what} is in the year {cell.year}, which cannot be.")
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=cell.tzinfo or zone).astimezone(UTC)
    if isinstance(cell, date):
        return datetime.combine(cell, time(), tzinfo=zone).astimezone(UTC)
    text = _text(cell)
    if not text:
        return None
    match = _DATE.fullmatch(text)
    if match is None or int(match[1]) not in _YEARS:
        raise BadCell(f"The {what} {text[:30]!r} is not a date like 2026-03-01.")
    try:
        year, month, day, hour, minute, second = map(int, match.groups(default="0"))
        return datetime(year, month, day, hour, minute, second, tzinfo=zone).astimezone(UTC)
    except ValueError as error:
        raise BadCell(f"The {what} {text[:30]!r} does not exist.") from error


def _read_slot(text: str) -> TimeSlot:
    slot = _SLOTS.get(_title(text))
    if slot is None:
        raise BadCell(f"The time slot {text[:30]!r} is none of flat, peak, off-peak, 2nd off-peak.")
    return slot
