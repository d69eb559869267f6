"""A file that somebody changed in a spreadsheet program, as rows of text. What it is, its content says, not its name.

CSV comes with commas, semicolons or tabs, in UTF-8, UTF-16 or the encoding of older Windows programs; XLSX is read
within limits, because a few kilobytes of it can unpack to gigabytes.
"""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum, auto
from io import BytesIO, StringIO

from openpyxl import load_workbook

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED = 25 * 1024 * 1024
MAX_PARTS = 1000
MAX_PLACE = 50_000
MAX_COLUMNS = 50
MAX_CELL = 32_767
DELIMITERS = ",;\t"
CONTROL = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127, 0xFFFE, 0xFFFF])
# Stands before the ISO form of a cell that the spreadsheet program took for a date; no other text begins with it.
DATE_MARK = "\x1a"


class Reason(Enum):
    """Why a file cannot be read."""

    EMPTY = auto()
    TOO_LARGE = auto()
    TOO_MANY_ROWS = auto()
    OLD_EXCEL = auto()
    BROKEN = auto()
    NO_TEXT = auto()


class Unreadable(Exception):
    """The file cannot be read; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the file; `place` is the number that a spreadsheet program shows beside it."""

    place: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The heads and the rows below them; rows without any text are left out."""

    heads: tuple[str, ...]
    lines: tuple[Line, ...]


def read_table(content: bytes) -> Table:
    """The first table of the file; Unreadable when there is none."""
    if len(content) > MAX_BYTES:
        raise Unreadable(Reason.TOO_LARGE)
    rows: Iterable[Sequence[object]]
    if content.startswith(b"PK\x03\x04"):
        rows = xlsx_rows(content)
    elif content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(Reason.OLD_EXCEL)
    else:
        rows = csv_rows(decoded(content))
    lines = [line for line in numbered(rows) if line.cells]
    if not lines:
        raise Unreadable(Reason.EMPTY)
    return Table(heads=lines[0].cells, lines=tuple(lines[1:]))


def numbered(rows: Iterable[Sequence[object]]) -> Iterator[Line]:
    for place, row in enumerate(rows, start=1):
        if place > MAX_PLACE:
            raise Unreadable(Reason.TOO_MANY_ROWS)
        cells = [as_text(value) for value in row[:MAX_COLUMNS]]
        while cells and not cells[-1]:
            cells.pop()
        yield Line(place, tuple(cells))


def as_text(value: object) -> str:
    """A cell as text; a whole number has no decimals, a date bears the mark."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (datetime, date, time, timedelta)):
        return f"{DATE_MARK}{value}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return tidy(str(value))


def tidy(text: str) -> str:
    """`text` as it survives a spreadsheet: without control characters, lines ended by \\n, no space at its ends."""
    return text.translate(CONTROL).replace("\r\n", "\n").replace("\r", "\n").strip()[:MAX_CELL].strip()


def decoded(content: bytes) -> str:
    """The text of a CSV file."""
    encodings = ["utf-16"] if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Unreadable(Reason.NO_TEXT)


def csv_rows(text: str) -> Iterator[list[str]]:
    """The rows of a CSV file; the delimiter is the one that makes most of the first line."""
    told = re.match(r"sep=(.)\r?\n", text)  # Excel's own way to say it; it does not show that line
    if told:
        text = text[told.end() :]
    delimiter = told[1] if told else max(DELIMITERS, key=lambda sign: width(text, sign))
    try:
        yield from csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise Unreadable(Reason.BROKEN) from error


def width(text: str, delimiter: str) -> int:
    """How many cells the first line has."""
    try:
        return next((len(row) for row in csv.reader(StringIO(text, newline=""), delimiter=delimiter) if any(row)), 0)
    except csv.Error:
        return 0


def xlsx_rows(content: bytes) -> Iterator[tuple[object, ...]]:
    """The rows of a workbook's first sheet, formulas as what they came to."""
    refuse_bomb(content)
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its size need not be true
        yield from sheet.iter_rows(max_row=MAX_PLACE + 1, max_col=MAX_COLUMNS, values_only=True)
    except Unreadable:
        raise
    except Exception as error:  # a crafted workbook ends in any kind of error inside openpyxl
        raise Unreadable(Reason.BROKEN) from error


def refuse_bomb(content: bytes, *, most: int = MAX_UNPACKED) -> None:
    """Unreadable for an archive that would unpack to more than `most` bytes, what a table of its kind needs."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Unreadable(Reason.BROKEN) from error
    # A part that unpacks to more than it declares is broken off by zipfile.
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > most:
        raise Unreadable(Reason.TOO_LARGE)
