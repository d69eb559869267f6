"""The portal's tables: django-tables2 for declaring, ordering and paging, but cells drawn without a template each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

import django_tables2 as tables2
from django.core.paginator import EmptyPage
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.safestring import SafeString

from selfcare import access, export
from selfcare.crud.tables import markup
from selfcare.crud.tables.state import PAGE_SIZES, Head, Pager, TableState, direction


class BaseTable(tables2.Table):
    """A table of the portal. Meta: `model`, `fields`; class attributes: `page_size`, `first_sort`."""

    page_size = 50
    css = "listing"  # "stacked": on a phone each row is a card; "labelled": each value in it under its column's name
    first_sort: str = ""
    page_sizes = PAGE_SIZES
    csv, xlsx = {"format": "csv"}, {"format": "xlsx"}

    class Meta:
        template_name = "tables/table.html"
        default = ""

    def __init__(self, data: models.QuerySet | list[Any], *, request: HttpRequest, state: TableState) -> None:
        self.state = state
        # Without the request: django-tables2 would take page and size from the address as they stand there.
        super().__init__(data, order_by=state.sort or self.first_sort)
        self.request = request
        may_change = access.may(request, access.CHANGE, request.portal_page)
        for bound in self.columns:
            bound.column.may_change = may_change
            if not bound.column.always and bound.name not in state.columns:
                self.columns.hide(bound.name)

    @classmethod
    def name(cls) -> str:
        """What its preferences are kept under."""
        return cls.__name__.removesuffix("Table").lower()

    @classmethod
    def column_names(cls) -> list[str]:
        """The columns that a user may show or hide, in order."""
        return [name for name, column in cls.base_columns.items() if not column.always]

    @classmethod
    def shown_at_first(cls) -> tuple[str, ...]:
        return tuple(name for name, column in cls.base_columns.items() if not (column.always or column.hidden_at_first))

    @cached_property
    def current(self) -> Any:
        """The page to show; one past the end becomes the last."""
        try:
            self.paginate(page=self.state.page, per_page=self.state.per_page)
        except EmptyPage:
            self.paginate(page=self.paginator.num_pages, per_page=self.state.per_page)
        return self.page

    def body(self) -> Iterator[tuple[Any, str, list[tuple[str, str, SafeString]]]]:
        """Each record of the page, the heading to stand above it or "", and its cells as (class, label, HTML)."""
        labelled = "labelled" in self.css.split()
        shown = [
            (c.column.css, str(c.header) if labelled else "", reader(c.accessor), c.column)
            for c in self.columns
            if c.visible
        ]
        last = ""
        for record in self.records():
            heading = self.heading_of(record)
            cells = [(css, label, column.draw(value_of(record), record)) for css, label, value_of, column in shown]
            yield record, heading if heading != last else "", cells
            last = heading

    def heading_of(self, record: Any) -> str:
        """The group that the record stands in, for a table whose rows are in order of their groups."""
        return ""

    @property
    def width(self) -> int:
        """How many columns are shown."""
        return sum(1 for column in self.columns if column.visible)

    def records(self) -> Iterator[Any]:
        """The rows of the page."""
        return (row.record for row in self.current.object_list)

    @cached_property
    def pager(self) -> Pager:
        """Where the page stands among all rows, and the queries that lead to the others."""
        page = self.current
        last = page.paginator.num_pages
        return Pager(
            start=page.start_index(),
            end=page.end_index(),
            total=page.paginator.count,
            first={"page": None} if page.number > 1 else None,
            previous={"page": page.number - 1} if page.number > 1 else None,
            next={"page": page.number + 1} if page.number < last else None,
            last={"page": last} if page.number < last else None,
        )

    def heads(self) -> Iterator[Head]:
        """The visible columns' heads with the way that a click would sort."""
        for column in self.columns:
            if column.visible:
                yield Head(
                    name=column.name,
                    label=str(column.header) if column.column.verbose_name != "" else "",
                    css=column.column.css,
                    sortable=column.orderable,
                    sorted=direction(column),
                    up=column.name,
                    down=f"-{column.name}",
                    hint=str(column.column.hint),
                )

    def heads_html(self) -> SafeString:
        return markup.heads(self)

    def rows_html(self) -> SafeString:
        return markup.rows(self)

    def menus_html(self) -> SafeString:
        return markup.menus(self)

    def download(self, format: str) -> HttpResponse:
        """All filtered rows with the visible columns as a file."""
        shown = [c for c in self.columns if c.visible and not c.column.always]
        rows = (
            [c.column.plain(c.accessor.resolve(r, quiet=True), r) for c in shown]
            for r in self.rows.data.data.iterator(2000)
        )
        name = f"{self.name()}-{timezone.localdate():%Y-%m-%d}"
        return export.response(format, name, [str(c.header) for c in shown], rows)


def reader(accessor: tables2.A) -> Callable[[Any], Any]:
    """What reads a cell's value. Nearly all are plain attributes, which django-tables2 tries last."""

    def value_of(record: Any) -> Any:
        value = getattr(record, accessor, None)
        return accessor.resolve(record, quiet=True) if value is None or callable(value) else value

    return value_of
