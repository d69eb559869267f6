"""Pages of the ledger by keyset: the database starts at the cursor, however deep the page.

Rows are ordered by a column, then date, then id, all in one direction, so that one row comparison finds the page.
In order of date the cursor takes the place of the range's bound: with both, the index would be walked from the bound.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from django.db.models import BooleanField, DecimalField, F, Field, Func, QuerySet, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThan, LessThan

from billing.models import Xdr

DATE = "started_at"
NO_DATE = datetime(1, 1, 1, tzinfo=UTC)
SORTS: dict[str, Combinable] = {
    DATE: F(DATE),
    "line": Coalesce("line__account_id", Value(""), output_field=TextField()),
    **{name: F(name) for name in ("cli", "cld", "country", "destination", "description", "cause")},
    "charged_quantity": F("charged_quantity"),
    "amount": F("amount"),
}
NUMBERS = {
    "charged_quantity": DecimalField(max_digits=18, decimal_places=3),
    "amount": DecimalField(max_digits=18, decimal_places=5),
}
Way = Literal["after", "before", "last"]


@dataclass(frozen=True, slots=True)
class Sort:
    """A column of SORTS and a direction."""

    column: str
    descending: bool

    @classmethod
    def of(cls, text: str) -> Sort:
        """Read "amount" or "-amount"; anything else is by date, newest first."""
        column = text.removeprefix("-")
        return cls(column, text.startswith("-")) if column in SORTS else cls(DATE, descending=True)


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins: `way` from the row with this value, date and id; `position` counts its first row from 1."""

    way: Way
    position: int = 1
    value: Any = None
    started_at: datetime = NO_DATE
    id: int = 0

    def __str__(self) -> str:
        parts = [self.way, self.position, str(self.value), self.started_at.isoformat(), self.id]
        return urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")

    @classmethod
    def read(cls, text: str, sort: Sort) -> Cursor | None:
        """The cursor of an address; None for none, for nonsense, or for one of another order."""
        try:
            way, position, value, moment, pk = json.loads(urlsafe_b64decode(text[:2000] + "=" * (-len(text) % 4)))
            started_at = datetime.fromisoformat(moment)
            if way == "last":
                return cls("last")
            if way not in ("after", "before") or started_at.tzinfo is None or not 0 <= int(pk) < 2**63:
                return None
            return cls(way, max(1, min(int(position), 10**12)), _value(str(value), sort), started_at, int(pk))
        except (ValueError, TypeError, OverflowError, InvalidOperation, RecursionError):  # brackets in brackets in ...
            return None


@dataclass(frozen=True, slots=True)
class KeysetPage:
    """The rows of a page, the number of the first, and the cursors of the pages around (None: there is none).

    `total` is None while nobody knows how many rows there are.
    """

    rows: list[Xdr]
    start: int
    total: int | None
    first: bool
    previous: str | None
    next: str | None
    last: str | None


class _Row(Func):
    """A row of expressions, compared as one."""

    template = "(%(expressions)s)"
    output_field: Field[Any, Any] = BooleanField()


def page_of(
    rows: QuerySet[Xdr],
    *,
    start: datetime,
    end: datetime,
    sort: Sort,
    cursor: Cursor | None,
    size: int,
    total: int | None,
) -> KeysetPage:
    """The page of `rows` (not yet limited in time) in [start, end) that `cursor` leads to, without count or offset.

    `total` is what the daily totals say; it decides where the last page begins and nothing else. None: they do not
    know, and the last page is reached by going on.
    """
    if cursor and not _fits(cursor, start, end, total):
        cursor = None
    backwards = cursor is not None and cursor.way in ("before", "last")
    wanted = (total % size or size) if total and cursor and cursor.way == "last" else size
    found = list(_ordered(_bounded(rows, start, end, sort, cursor, backwards), sort, backwards)[: wanted + 1])
    more = len(found) > wanted
    found = found[:wanted]
    if backwards:
        found.reverse()
    position = _position(cursor, len(found), total or 0, more)
    has_previous = more if backwards else position > 1
    has_next = (cursor is not None and cursor.way == "before") if backwards else more
    if total is None and not has_next:
        total = position + len(found) - 1  # now it is known
    return KeysetPage(
        rows=found,
        start=position,
        total=None if total is None else max(total, position + len(found) - 1 if found else 0),
        first=not has_previous,
        previous=str(_at("before", position, found[0], sort)) if has_previous and found else None,
        next=str(_at("after", position + len(found), found[-1], sort)) if has_next and found else None,
        last=str(Cursor("last")) if has_next and found and total is not None else None,
    )


def _fits(cursor: Cursor, start: datetime, end: datetime, total: int | None) -> bool:
    """Whether the cursor leads into the range; the last page has no place while the total is unknown."""
    return total is not None if cursor.way == "last" else start <= cursor.started_at < end


def _bounded(
    rows: QuerySet[Xdr], start: datetime, end: datetime, sort: Sort, cursor: Cursor | None, backwards: bool
) -> QuerySet[Xdr]:
    if cursor is None or cursor.way == "last":
        return rows.filter(started_at__gte=start, started_at__lt=end)
    downwards = sort.descending != backwards
    keys, values = _keys(sort), _values(sort, cursor)
    compare = (LessThan if downwards else GreaterThan)(_Row(*keys), _Row(*values))
    if sort.column != DATE:
        return rows.filter(compare, started_at__gte=start, started_at__lt=end)
    # The date is in the row comparison; said again by itself, it keeps the other months out of the plan.
    if downwards:
        return rows.filter(compare, started_at__gte=start, started_at__lte=cursor.started_at)
    return rows.filter(compare, started_at__gte=cursor.started_at, started_at__lt=end)


def _ordered(rows: QuerySet[Xdr], sort: Sort, backwards: bool) -> QuerySet[Xdr]:
    downwards = sort.descending != backwards
    return rows.order_by(*(key.desc() if downwards else key.asc() for key in _keys(sort)))


def _keys(sort: Sort) -> list[Any]:
    tail = [F(DATE), F("id")]
    return tail if sort.column == DATE else [SORTS[sort.column], *tail]


def _values(sort: Sort, cursor: Cursor) -> list[Value]:
    tail = [Value(cursor.started_at), Value(cursor.id)]
    if sort.column == DATE:
        return tail
    return [Value(cursor.value, output_field=NUMBERS.get(sort.column, TextField())), *tail]


def _value(text: str, sort: Sort) -> Any:
    if sort.column not in NUMBERS:
        return text.replace("\0", "").encode(errors="ignore").decode()  # half a surrogate pair is no text
    number = Decimal(text)
    if not number.is_finite() or abs(number) >= 10**13:
        raise ValueError(text)
    return number


def _at(way: Way, position: int, row: Xdr, sort: Sort) -> Cursor:
    value = row.line.account_id if sort.column == "line" and row.line else getattr(row, sort.column)
    return Cursor(way, position, "" if value is None else value, row.started_at, row.id)


def _position(cursor: Cursor | None, found: int, total: int, more: bool) -> int:
    if cursor is None:
        return 1
    if cursor.way == "after":
        return cursor.position
    if not more:
        return 1
    return max(1, (total + 1 if cursor.way == "last" else cursor.position) - found)
