"""How a table is seen: which columns, which order, which page; and what its head and foot need to know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django_tables2.columns import BoundColumn

from selfcare.models import Preference

if TYPE_CHECKING:
    from selfcare.crud.tables.table import BaseTable

PAGE_SIZES = (25, 50, 100, 200)
DENSITIES = (NORMAL, COMPACT) = ("normal", "compact")


@dataclass(frozen=True, slots=True)
class TableState:
    """How a user sees a table: from the URL, else as he last chose it, else the table's own way."""

    sort: str
    per_page: int
    page: int
    columns: tuple[str, ...]
    density: str = NORMAL

    @classmethod
    def of(cls, request: HttpRequest, table_class: type[BaseTable]) -> TableState:
        kept = Preference.recall(request.user, f"table:{table_class.name()}")
        asked = request.GET
        names = table_class.column_names()
        wishes = (asked.get("sort", ""), kept.get("sort", ""))
        columns = asked["columns"].split(",") if "columns" in asked else kept.get("columns", [])
        return cls(
            sort=next((wish for wish in wishes if wish.removeprefix("-") in table_class.base_columns), ""),
            per_page=one_of(PAGE_SIZES, asked.get("per_page"), kept.get("per_page")) or table_class.page_size,
            page=max(1, int(asked["page"])) if asked.get("page", "").isdecimal() and len(asked["page"]) < 9 else 1,
            columns=tuple(name for name in names if name in columns) or table_class.shown_at_first(),
            density=next((wish for wish in (asked.get("density"), kept.get("density")) if wish in DENSITIES), NORMAL),
        )


@dataclass(frozen=True, slots=True)
class Head:
    """One column's head as the template needs it."""

    name: str
    label: str
    css: str
    sortable: bool
    sorted: str
    up: str
    down: str
    hint: str = ""

    @property
    def click(self) -> dict[str, Any]:
        """What a click on the head changes in the address: ascending first, then the other way round."""
        return {"sort": self.down if self.sorted == "ascending" else self.up, "page": None, "cursor": None}


@dataclass(frozen=True, slots=True)
class Pager:
    """ "`start` - `end` of `total`", and for each direction the query to change, or None at the end.

    `total` is None where counting would take too long.
    """

    start: int
    end: int
    total: int | None
    first: dict[str, Any] | None
    previous: dict[str, Any] | None
    next: dict[str, Any] | None
    last: dict[str, Any] | None


def one_of(allowed: tuple[int, ...], *wishes: object) -> int | None:
    """The first of `wishes` that is allowed."""
    by_name = {str(number): number for number in allowed}
    return next((by_name[str(wish)] for wish in wishes if str(wish) in by_name), None)


def direction(column: BoundColumn) -> str:
    """The value of aria-sort: empty when the table is not sorted by `column`."""
    if not column.orderable or not column.is_ordered:
        return ""
    return "descending" if column.order_by_alias.is_descending else "ascending"
