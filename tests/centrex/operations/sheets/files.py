"""Downloads changed as a person would, and their way back in."""

import csv
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from typing import Any

from centrex.operations.sheets import uploads
from centrex.operations.sheets.plans import Plan
from selfcare import export
from selfcare.models import Customer, User

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
Rows = list[list[str]]


def download(kind: str, office: Customer, format: str = "csv") -> bytes:
    """The file as the page sends it."""
    heads, rows = uploads.heads_and_rows(uploads.sheet_of(kind, office))
    answer: Any = export.response(format, kind, heads, rows)
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def cells(content: bytes) -> Rows:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))


def csv_file(rows: Rows, *, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    buffer = StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter).writerows(rows)
    return buffer.getvalue().encode(encoding)


def uploaded(user: User, kind: str, change: Callable[[Rows], Any] | None = None) -> Any:
    """The download of the user's office with `change` made to its rows (heads first), uploaded."""
    rows = cells(download(kind, user.customer))
    if change is not None:
        rows = change(rows) or rows
    return uploads.keep_upload(user=user, customer=user.customer, kind=kind, content=csv_file(rows), now=NOW)


def applied(user: User, upload: Any, *, delete_missing: bool = False) -> Any:
    """What the person saw, applied."""
    seen = uploads.plan_of(upload).digest
    return uploads.apply_upload(user=user, upload=upload, seen=seen, delete_missing=delete_missing)


def said(plan: Plan, *, deleted: bool = False) -> list[tuple[int, str, str]]:
    """The errors as (row, column, sentence)."""
    return [(each.place, each.column, each.message) for each in plan.troubles_when(delete_missing=deleted)]
