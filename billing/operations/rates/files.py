"""A deck's file, CSV or XLSX; what it is, its content says, not its name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from io import BytesIO

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from billing.rating.deck import read_csv, read_rows
from billing.rating.deck_cells import DeckReject, RateRow
from centrex.sheets.reading import Unreadable, refuse_bomb
from selfcare.errors import Refused

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 200 * 1024 * 1024
XLSX, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
MAX_COLUMNS = 50


def read_deck(content: bytes, *, zone: tzinfo) -> list[RateRow | DeckReject]:
    """The rows of a deck, dates without an offset local in `zone`; Refused for a file that is no table."""
    if len(content) > MAX_BYTES:
        raise Refused(_("The file is too large: at most 20 MB can be read."), field="file")
    if content.startswith(OLD_EXCEL):
        raise Refused(_("This is a file of an old Excel. Save it as XLSX or as CSV."), field="file")
    if content.startswith(XLSX):
        return list(read_rows(_xlsx_rows(content), zone=zone))
    if b"\0" in content:
        raise Refused(_("This is neither CSV (UTF-8) nor XLSX. Save the list as one of these."), field="file")
    return list(read_csv(BytesIO(content), zone=zone))


def _xlsx_rows(content: bytes) -> Iterator[Sequence[object]]:
    try:
        refuse_bomb(content, most=MAX_UNPACKED)
        book = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its size need not be true
        yield from sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True)
    except Unreadable as trouble:
        raise Refused(_("The file is damaged, or it unpacks to more than 200 MB."), field="file") from trouble
    except Exception as error:  # a crafted workbook ends in any kind of error inside openpyxl
        raise Refused(_("The file is damaged: it cannot be read as an Excel workbook."), field="file") from error
