"""Tables over the ledger: one page that a query has found by keyset, without a count and without an offset."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import Any, Protocol

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from selfcare.crud.tables.state import Head, Pager, TableState
from selfcare.crud.tables.table import BaseTable

DATE = "started_at"


class FoundPage(Protocol):
    """What a query by keyset has found: the rows, the number of the first, and the cursors of the pages around."""

    rows: list[Any]
    start: int
    total: int | None
    first: bool
    previous: str | None
    next: str | None
    last: str | None


class KeysetTable(BaseTable):
    """A table of `found`. The date always sorts, other heads if `sortable`; the page writes its download itself."""

    first_sort = f"-{DATE}"

    def __init__(self, found: FoundPage, *, request: HttpRequest, state: TableState, sortable: bool) -> None:
        self.found, self.sortable = found, sortable
        shown = state if sortable or state.sort.endswith(DATE) else replace(state, sort="")
        super().__init__([], request=request, state=shown)  # the rows come in their order

    def records(self) -> Iterator[Any]:
        return iter(self.found.rows)

    def heads(self) -> Iterator[Head]:
        for head in super().heads():
            if self.sortable or not head.sortable or head.name == DATE:
                yield head
            else:
                yield replace(head, sortable=False, hint=str(_("Too many rows to sort: choose a shorter time.")))

    @cached_property
    def pager(self) -> Pager:
        found = self.found

        def to(cursor: str | None) -> dict[str, Any] | None:
            return {"cursor": cursor, "page": None} if cursor else None

        return Pager(
            start=found.start,
            end=found.start + len(found.rows) - 1,
            total=found.total,
            first=None if found.first else {"cursor": None, "page": None},
            previous=to(found.previous),
            next=to(found.next),
            last=to(found.last),
        )
