"""The portal's tables: django-tables2 for declaring, ordering and paging, but cells drawn without a template each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import django_tables2 as tables2
from django.core.paginator import EmptyPage
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from selfcare import access, export, formats
from selfcare.models import Preference

PAGE_SIZES = (25, 50, 100, 200)
EMPTY = mark_safe('<span class="text-body-tertiary" aria-hidden="true">–</span>')  # a constant


@dataclass(frozen=True, slots=True)
class TableState:
    """How a user sees a table: from the URL, else as he last chose it, else the table's own way."""

    sort: str
    per_page: int
    page: int
    columns: tuple[str, ...]

    @classmethod
    def of(cls, request: HttpRequest, table_class: type[BaseTable]) -> TableState:
        kept = Preference.recall(request.user, f"table:{table_class.name()}")
        asked = request.GET
        names = table_class.column_names()
        columns = asked["columns"].split(",") if "columns" in asked else kept.get("columns", [])
        return cls(
            sort=asked.get("sort") or kept.get("sort", ""),
            per_page=one_of(PAGE_SIZES, asked.get("per_page"), kept.get("per_page")) or table_class.page_size,
            page=max(1, int(asked["page"])) if asked.get("page", "").isdecimal() and len(asked["page"]) < 9 else 1,
            columns=tuple(name for name in names if name in columns) or table_class.shown_at_first(),
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

    @property
    def click(self) -> dict[str, Any]:
        """What a click on the head changes in the address: ascending first, then the other way round."""
        return {"sort": self.down if self.sorted == "ascending" else self.up, "page": None, "cursor": None}


@dataclass(frozen=True, slots=True)
class Pager:
    """ "`start` - `end` of `total`", and for each direction the query to change, or None at the end."""

    start: int
    end: int
    total: int
    first: dict[str, Any] | None
    previous: dict[str, Any] | None
    next: dict[str, Any] | None
    last: dict[str, Any] | None


def one_of(allowed: tuple[int, ...], *wishes: object) -> int | None:
    """The first of `wishes` that is allowed."""
    return next((int(wish) for wish in map(str, wishes) if wish.isdecimal() and int(wish) in allowed), None)


def direction(column: tables2.columns.BoundColumn) -> str:
    """The value of aria-sort: empty when the table is not sorted by `column`."""
    if not column.orderable or not column.is_ordered:
        return ""
    return "descending" if column.order_by_alias.is_descending else "ascending"


class Column(tables2.Column):
    """A column of text. `draw` makes the cell's HTML, `plain` what goes into a download."""

    css = ""
    may_change = False  # set by the table: whether this user may change what the page shows

    def __init__(self, *args: Any, hidden: bool = False, always: bool = False, **kwargs: Any) -> None:
        self.hidden_at_first, self.always = hidden, always
        super().__init__(*args, **kwargs)

    def draw(self, value: Any, record: Any) -> SafeString:
        text = self.plain(value, record)
        return EMPTY if text in ("", None) else conditional_escape(text)

    def plain(self, value: Any, record: Any) -> Any:
        return "" if value is None else str(value)


class NumberColumn(Column):
    """A number, right-aligned."""

    css = "num"

    def draw(self, value: Any, record: Any) -> SafeString:
        return EMPTY if value is None else conditional_escape(formats.number(value))

    def plain(self, value: Any, record: Any) -> Any:
        return value


class MoneyColumn(Column):
    """An amount in the currency that `currency` (an attribute path of the record) names."""

    css = "num"
    write = staticmethod(formats.money)

    def __init__(self, *args: Any, currency: str = "currency", **kwargs: Any) -> None:
        self.currency = tables2.A(currency)
        super().__init__(*args, **kwargs)

    def draw(self, value: Any, record: Any) -> SafeString:
        return EMPTY if value is None else conditional_escape(self.write(value, self.currency.resolve(record)))

    def plain(self, value: Decimal | None, record: Any) -> Any:
        return value


class ChargeColumn(MoneyColumn):
    """An xDR's amount with 5 decimals."""

    write = staticmethod(formats.charge)


class TimeColumn(Column):
    """Date and time in the reader's zone and format."""

    css = "text-nowrap"

    def draw(self, value: Any, record: Any) -> SafeString:
        return EMPTY if value is None else conditional_escape(formats.moment(value))

    def plain(self, value: Any, record: Any) -> Any:
        return value


class DayColumn(TimeColumn):
    """A date."""

    def draw(self, value: Any, record: Any) -> SafeString:
        return EMPTY if value is None else conditional_escape(formats.day(value))


class FlagColumn(Column):
    """Yes or no."""

    def plain(self, value: Any, record: Any) -> str:
        return _("Yes") if value else _("No")


class ChoiceColumn(Column):
    """The words of a field with `choices`; `badges` maps a value to the class of a badge around them."""

    def __init__(self, *args: Any, choices: Any, badges: dict[str, str] | None = None, **kwargs: Any) -> None:
        self.words, self.badges = dict(choices), badges or {}
        super().__init__(*args, **kwargs)

    def plain(self, value: Any, record: Any) -> str:
        return str(self.words.get(value, value or ""))

    def draw(self, value: Any, record: Any) -> SafeString:
        words, badge = conditional_escape(self.plain(value, record)), self.badges.get(value)
        return format_html('<span class="badge {}">{}</span>', badge, words) if badge else words


class PhoneColumn(Column):
    """A telephone number grouped as its country writes it; downloads carry E.164 without the plus."""

    css = "text-nowrap"

    def draw(self, value: Any, record: Any) -> SafeString:
        return EMPTY if not value else conditional_escape(formats.phone(str(value)))


class LinkColumn(Column):
    """Text that leads to `record.get_absolute_url()` or to what `to(record)` gives."""

    def __init__(self, *args: Any, to: Any = None, **kwargs: Any) -> None:
        self.to = to or (lambda record: record.get_absolute_url())
        super().__init__(*args, **kwargs)

    def draw(self, value: Any, record: Any) -> SafeString:
        text, address = self.plain(value, record), self.to(record)
        return format_html('<a href="{}">{}</a>', address, text or "–") if address else conditional_escape(text)


class ActionsColumn(Column):
    """Buttons at the end of a row: `actions(record)` gives (address, icon, label) for each.

    Those of `changes(record)` are offered only to a user who may change what the page shows.
    """

    css = "actions"

    def __init__(self, actions: Any = lambda record: [], *, changes: Any = lambda record: []) -> None:
        self.actions, self.changes = actions, changes
        super().__init__(verbose_name="", orderable=False, always=True, empty_values=(), accessor="pk")

    def draw(self, value: Any, record: Any) -> SafeString:
        link = (
            '<a class="icon-button" href="{}" title="{}" aria-label="{}: {}">'
            '<i class="bi bi-{}" aria-hidden="true"></i></a>'
        )
        buttons = [*self.actions(record), *(self.changes(record) if self.may_change else [])]
        cells = [format_html(link, to, label, label, record, icon) for to, icon, label in buttons]
        return SafeString("".join(cells))


class BaseTable(tables2.Table):
    """A table of the portal. Meta: `model`, `fields`; class attributes: `page_size`, `first_sort`."""

    page_size = 50
    first_sort: str = ""
    page_sizes = PAGE_SIZES
    csv, xlsx = {"format": "csv"}, {"format": "xlsx"}

    class Meta:
        template_name = "tables/table.html"
        default = ""

    def __init__(self, data: models.QuerySet, *, request: HttpRequest, state: TableState) -> None:
        self.state = state
        super().__init__(data, order_by=state.sort or self.first_sort, request=request)
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

    def body(self) -> Iterator[tuple[Any, list[tuple[str, SafeString]]]]:
        """Each record of the page with its cells as (class, HTML)."""
        shown = [(c.column.css, c.accessor, c.column) for c in self.columns if c.visible]
        for record in self.records():
            yield (
                record,
                [(css, column.draw(accessor.resolve(record, quiet=True), record)) for css, accessor, column in shown],
            )

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
                )

    @cached_property
    def ticks(self) -> SafeString:
        """The tick list of columns, drawn once for the menus of all heads."""
        box = '<label class="tick"><input type="checkbox" name="column" value="{}"{}> {}</label>'
        columns = (c for c in self.columns.iterall() if not c.column.always)
        return format_html_join(
            "", box, ((c.name, SafeString(" checked") if c.visible else "", c.header) for c in columns)
        )

    def download(self, format: str) -> HttpResponse:
        """All filtered rows with the visible columns as a file."""
        shown = [c for c in self.columns if c.visible and not c.column.always]
        rows = (
            [c.column.plain(c.accessor.resolve(r, quiet=True), r) for c in shown]
            for r in self.rows.data.data.iterator(2000)
        )
        name = f"{self.name()}-{timezone.localdate():%Y-%m-%d}"
        return export.response(format, name, [str(c.header) for c in shown], rows)
