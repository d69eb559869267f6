"""The parts of a table of which there are many, heads, menus, rows: a template would look each value up again."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from django.http import QueryDict
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from selfcare.crud.tables.columns import as_html
from selfcare.crud.tables.state import Head
from selfcare.templatetags.portal import icon, with_changes

if TYPE_CHECKING:
    from selfcare.crud.tables.table import BaseTable

# Where a menu sends what is chosen in it.
TARGET = """popover method="post" action="{}">
<input type="hidden" name="csrfmiddlewaretoken" value="{}"><input type="hidden" name="next" value=\""""
ORDERS = """<button type="submit" name="sort" value="{}">{}{}</button>
<button type="submit" name="sort" value="{}">{}{}</button>
"""
COLUMNS = """<fieldset><legend>{}</legend>{}</fieldset>
<button type="submit" class="btn btn-sm btn-primary">{}</button>
"""
MENU_BUTTON = ' <button type="button" class="head-button" popovertarget="head-{}-{}" aria-label="{}">{}</button>\n'
ARROWS = {"ascending": "caret-up-fill", "descending": "caret-down-fill"}
TICK = '<label class="tick"><input type="checkbox" name="column" value="{}"{}> {}</label>'


def rows(table: BaseTable) -> SafeString:
    """The rows of the page, each group of them below its heading."""
    parts = []
    for _record, heading, cells in table.body():
        if heading:
            group = '<tr class="group"><th scope="rowgroup" colspan="{}">{}</th></tr>\n'
            parts.append(format_html(group, table.width, heading))
        # The classes are constants of our columns.
        drawn = "".join(f"{opened(css, label)}{safe(cell)}</td>" for css, label, cell in cells)
        parts.append(f"<tr>{drawn}</tr>\n")
    return SafeString("".join(parts))


@lru_cache(maxsize=1000)
def opened(css: str, label: str) -> str:
    """The beginning of a cell; `label` is for a table that shows heads beside cells on a phone."""
    marked = f' class="{css}"' if css else ""
    labelled = format_html(' data-label="{}"', label) if label else ""
    return f"<td{marked}{labelled}>"


def safe(cell: object) -> str:
    """The cell as HTML; nearly all are, and Django's own question takes longer than this one."""
    return cell if type(cell) is SafeString else as_html(cell)


def heads(table: BaseTable) -> SafeString:
    """The heads of the columns: a click sorts, a button opens the menu."""
    query = table.request.GET
    return SafeString("".join(head_of(table.name(), head, query) for head in table.heads()))


def head_of(table: str, head: Head, query: QueryDict) -> str:
    words = as_html(head.label) if head.label else format_html('<span class="visually-hidden">{}</span>', _("Actions"))
    if head.label:
        click = f' href="{escape(with_changes(query, head.click))}"' if head.sortable else ""
        tag = "a" if click else "span"
        hint = f' title="{as_html(head.hint)}"' if head.hint else ""
        arrow = f" {icon(ARROWS[head.sorted])}" if head.sorted and click else ""
        menu = button_of_menu(table, head.name, words, _("Column menu of %(name)s"))
        words = f'<span class="head"><{tag}{click}{hint}>{words}{arrow}</{tag}>{menu}</span>'
    sorted_as = f' aria-sort="{head.sorted}"' if head.sorted else ""
    return f'<th scope="col" class="{head.css}"{sorted_as}>{words}</th>\n'


@lru_cache(maxsize=1000)
def button_of_menu(table: str, name: str, label: str, words: str) -> str:
    """The button beside a head; `label` is escaped, and `words` say of what the menu is."""
    return format_html(
        MENU_BUTTON, table, name, SafeString(escape(words) % {"name": label}), icon("three-dots-vertical")
    )


def menus(table: BaseTable) -> SafeString:
    """For each head both orders, and which columns to show."""
    request = table.request
    target = format_html(TARGET, reverse("table-preference", args=[table.name()]), get_token(request))
    begun = f'{target}{escape(request.get_full_path())}">\n'
    ended = f"{columns(table)}</form>\n"

    def menu(head: Head) -> str:
        ordered = orders(head.up, head.down, _("Sort ascending"), _("Sort descending")) if head.sortable else ""
        hint = f'<p class="menu-hint">{as_html(head.hint)}</p>' if head.hint else ""
        return f'<form class="menu" id="head-{table.name()}-{head.name}" {begun}{hint}{ordered}{ended}'

    return SafeString("".join(menu(head) for head in table.heads() if head.label))


@lru_cache(maxsize=1000)
def orders(up: str, down: str, ascending: str, descending: str) -> SafeString:
    """The buttons that sort by a column, with their words in the language of the page."""
    return format_html(ORDERS, up, icon("sort-up"), ascending, down, icon("sort-down"), descending)


def columns(table: BaseTable) -> SafeString:
    """The tick list of columns with its button, the same in each menu."""
    ticks = ((each.name, str(each.header), each.visible) for each in table.columns.iterall() if not each.column.always)
    return _columns(tuple(ticks), _("Columns"), _("Show these columns"))


@lru_cache(maxsize=1000)
def _columns(ticks: tuple[tuple[str, str, bool], ...], legend: str, button: str) -> SafeString:
    drawn = format_html_join(
        "", TICK, ((name, SafeString(" checked") if visible else "", label) for name, label, visible in ticks)
    )
    return format_html(COLUMNS, legend, drawn, button)
