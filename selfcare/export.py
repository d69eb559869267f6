"""The only writer of CSV and XLSX files.

A cell of text that a spreadsheet would run as a formula is defused; numbers stay numbers. What a column holds
decides, never what the cell looks like, so that -12.50 stays a number and "-12.50" in a name does not calculate.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from contextvars import copy_context
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from itertools import chain

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

FORMATS = ("csv", "xlsx")
DANGEROUS = "=+-@\t\r\n＝＋－＠"
XLSX_ROWS = 200_000
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ILLEGAL_IN_XLSX = dict.fromkeys([*range(9), 11, 12, *range(14, 32)])


def defused(text: str) -> str:
    """`text` with a leading apostrophe when a spreadsheet would take it for a formula."""
    return f"'{text}" if text.lstrip()[:1] in DANGEROUS and text.strip() else text


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
