"""The only writer of CSV and XLSX files.

A cell of text that a spreadsheet would run as a formula is defused; numbers stay numbers. What a column holds
decides, never what the cell looks like, so that -12.50 stays a number and "-12.50" in a name does not calculate.
Short lists are written here row by row; a ledger of any length is written by PostgreSQL itself (`copy_response`).
"""

from __future__ import annotations

import csv
import fcntl
import os
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import copy_context
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from itertools import chain
from threading import Thread
from typing import Any

from django.db import connection, transaction
from django.db.models import Case, DateTimeField, F, Func, Lookup, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Concat, Ord
from django.db.models.lookups import GreaterThanOrEqual, In, LessThanOrEqual
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from selfcare.errors import Refused

FORMATS = ("csv", "xlsx")
DANGEROUS = "=+-@\t\r\n＝＋－＠"
XLSX_ROWS = 200_000
MOST_AT_ONCE = 3
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SPACES = " \t\r\n\v\f\xa0\u2003\u3000"
CHUNK = 256 * 1024
ILLEGAL_IN_XLSX = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])


def defused(text: str) -> str:
    """`text` with a leading apostrophe when a spreadsheet would take it for a formula."""
    return f"'{text}" if is_formula(text) else text


def is_formula(text: str) -> bool:
    return text.lstrip()[:1] in DANGEROUS and text.strip() != ""


def to_be_read_back(text: str) -> str:
    """`text` so that `read_back` of it, or of it defused, is `text`: what looks defused gets an apostrophe more."""
    return f"'{text}" if text.startswith("'") and is_formula(text.lstrip("'")) else text


def read_back(text: str) -> str:
    """`text` without the apostrophe that defused it."""
    return text[1:] if text.startswith("'") and is_formula(text.lstrip("'")) else text


def csv_cell(value: object) -> str:
    """One cell as text: ISO times in the reader's zone, dot decimals, defused text."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(sep=" ", timespec="seconds")
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, (Decimal, int, date)):
        return str(value)
    return defused(str(value))


def csv_lines(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The file line by line (RFC 4180), beginning with a byte order mark so that Excel reads it as UTF-8."""
    buffer = StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    buffer.write("\ufeff")
    for cells in chain([[str(head) for head in heads]], rows):
        writer.writerow([csv_cell(cell) for cell in cells])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def xlsx(title: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A workbook of one sheet; text cells are strings whatever they look like; at most XLSX_ROWS rows."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31].translate(dict.fromkeys(map(ord, "[]:*?/\\"), "-")))
    sheet.append([xlsx_cell(sheet, str(head)) for head in heads])
    for index, row in enumerate(rows):
        if index >= XLSX_ROWS:
            break
        sheet.append([xlsx_cell(sheet, value) for value in row])
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def xlsx_cell(sheet: object, value: object) -> WriteOnlyCell:
    """A typed cell; a datetime becomes the reader's wall clock, which is all that a spreadsheet knows."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).replace(tzinfo=None)
    elif value is not None and not isinstance(value, (Decimal, int, date)):
        value = str(value).translate(ILLEGAL_IN_XLSX)[:32_767]
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
    return cell


def in_this_context(parts: Iterator[str]) -> Iterator[str]:
    """The same parts, made in today's language and time zone although the middleware is left before they are sent."""
    context = copy_context()
    return iter(lambda: context.run(next, parts, None), None)


def response(format: str, name: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponseBase:
    """The download: CSV is streamed, XLSX is bounded. `name` is the file's name without its ending."""
    answer: HttpResponseBase
    if format == "csv":
        answer = StreamingHttpResponse(in_this_context(csv_lines(heads, rows)), content_type="text/csv; charset=utf-8")
    else:
        answer = HttpResponse(xlsx(name, heads, rows), content_type=XLSX_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{name}.{format}"'
    return answer


def defused_column(name: str) -> Case:
    """A column of text as `defused` would write it, but by the database.

    Nearly all cells begin with a plain digit or letter. They are known by two comparisons of a number, which takes a
    fifth of the time that it takes to leave the spaces out and look at what follows.
    """
    text = F(name)
    plain = Q(*_between(Ord(text), "0", "9")) | Q(*_between(Ord(text), "A", "~"))
    first = Ord(Func(text, Value(SPACES), function="LTRIM"))
    guarded = Concat(Value("'"), text, output_field=TextField())
    dangerous = In(first, [ord(sign) for sign in DANGEROUS if not sign.isspace()])
    return Case(When(plain, then=text), When(dangerous, then=guarded), default=text, output_field=TextField())


def _between(code: Ord, first: str, last: str) -> tuple[Lookup, Lookup]:
    """Whether a character is one from `first` to `last`."""
    return GreaterThanOrEqual(code, ord(first)), LessThanOrEqual(code, ord(last))


def second_of(name: str) -> Func:
    """A time to the second; in a file of PostgreSQL's it has the offset of its zone: 2026-11-15 07:00:00-05."""
    return Func(Value("second"), F(name), function="DATE_TRUNC", output_field=DateTimeField())


def copy_response(
    name: str, columns: Mapping[str, Any], rows: QuerySet, *, zone: str = "UTC", owner: str = ""
) -> StreamingHttpResponse:
    """A CSV download of any size; `columns` as for `copied_csv`. Refused while `owner` has MOST_AT_ONCE of them."""
    parts = copied_csv(columns, rows, zone=zone, owner=owner)
    answer = StreamingHttpResponse(parts, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def copied_csv(
    columns: Mapping[str, Any], rows: QuerySet, *, zone: str = "UTC", owner: str = "", byte_order_mark: bool = True
) -> Copied:
    """The file in pieces, written by PostgreSQL's COPY and passed through as it comes; the head is a piece of its own.

    `columns`: head -> expression; columns of text go through `defused_column`, times through `second_of`. A query that
    fails on the way raises, so that half a file is not taken for a whole one. The byte order mark tells Excel that it
    is UTF-8.
    """
    sql, params = rows.values_list(*columns.values()).query.sql_with_params()
    quoted = connection.ops.compose_sql(sql, params)  # type: ignore[attr-defined]  # PostgreSQL's operations have it
    mark = "\ufeff" if byte_order_mark else ""
    head = f"{mark}{','.join(columns)}\n".encode()
    return Copied(f"COPY ({quoted}) TO STDOUT (FORMAT csv)", head=head, zone=zone, owner=owner)


@contextmanager
def turn_of(owner: str) -> Iterator[None]:
    """Inside, a file is made that counts among the downloads of `owner`. Refused while he has MOST_AT_ONCE of them."""
    with transaction.atomic(), connection.cursor() as cursor:
        _take_turn(cursor, owner, "pg_try_advisory_xact_lock")
        yield


def _take_turn(cursor: Any, owner: str, lock: str) -> None:
    """Hold one of the owner's places; PostgreSQL frees it when the connection ends, however the download does."""
    for place in range(MOST_AT_ONCE):
        cursor.execute(f"SELECT {lock}(hashtext(%s), %s)", [f"download {owner}", place])
        if cursor.fetchone()[0]:
            return
    words = _("%(count)s downloads are being made for you already. Try again when one of them has ended.")
    raise Refused(words % {"count": MOST_AT_ONCE})


class Copied:
    """What a COPY ... TO STDOUT writes, in pieces after the `head`, over a connection of its own.

    A thread copies into a pipe, so that memory stays small and the other threads of the worker go on. When the reader
    goes away the query is cancelled; else it would stay in the server, holding its snapshot, until the next use.
    """

    def __init__(self, copy: str, *, head: bytes = b"", zone: str = "UTC", owner: str = "") -> None:
        self._door = connection.copy()
        self._parts = self._pieces(copy, head)
        try:
            with self._door.cursor() as cursor:
                cursor.execute(
                    "SELECT set_config('statement_timeout', '0', false), set_config('timezone', %s, false)", [zone]
                )
                if owner:
                    _take_turn(cursor, owner, "pg_try_advisory_lock")
        except BaseException:
            self.close()
            raise

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return next(self._parts)

    def close(self) -> None:
        """End the query and its connection; nothing happens when they have ended."""
        self._parts.close()
        self._door.close()

    def _pieces(self, copy: str, head: bytes) -> Generator[bytes, None, None]:
        if head:
            yield head
        raw = self._door.connection
        reader, writer = os.pipe()
        with suppress(AttributeError, OSError):  # not on macOS, nor for a user who has many; slower then, not wrong
            fcntl.fcntl(reader, fcntl.F_SETPIPE_SZ, CHUNK)  # a wider pipe wakes the two threads less often
        trouble: list[Exception] = []
        thread = Thread(target=_copy_into, args=(raw, copy, writer, trouble), daemon=True)
        thread.start()
        try:
            while part := os.read(reader, CHUNK):
                yield part
            thread.join()
            if trouble:
                raise trouble[0]
        finally:
            if thread.is_alive():
                raw.cancel()
            os.close(reader)
            thread.join(timeout=5)
            self._door.close()


def _copy_into(raw: Any, copy: str, writer: int, trouble: list[Exception]) -> None:
    try:
        with os.fdopen(writer, "wb", CHUNK) as pipe, raw.cursor() as cursor:
            cursor.copy_expert(copy, pipe)
    except Exception as error:  # told by the reader's thread, whose reader may be gone
        trouble.append(error)
