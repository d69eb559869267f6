"""The parts of a table of which there are many, rows and menus of heads: a template would look each value up again."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from selfcare.crud.tables.state import Head
from selfcare.templatetags.portal import icon

if TYPE_CHECKING:
    from selfcare.crud.tables.table import BaseTable

# What belongs to the whole menu, then to its head.
MENU = """<form class="menu" id="head-{table}-{name}" popover method="post" action="{action}">
<input type="hidden" name="csrfmiddlewaretoken" value="{token}"><input type="hidden" name="next" value="{back}">
{hint}{orders}{columns}</form>
"""
ORDERS = """<button type="submit" name="sort" value="{}">{}{}</button>
<button type="submit" name="sort" value="{}">{}{}</button>
"""
COLUMNS = """<fieldset><legend>{}</legend>{}</fieldset>
<button type="submit" class="btn btn-sm btn-primary">{}</button>
"""
TICK = '<label class="tick"><input type="checkbox" name="column" value="{}"{}> {}</label>'


def rows(table: BaseTable) -> SafeString:
    """The rows of the page, each group of them below its heading."""
    parts = []
    for _record, heading, cells in table.body():
        if heading:
            group = '<tr class="group"><th scope="rowgroup" colspan="{}">{}</th></tr>\n'
            parts.append(format_html(group, table.width, heading))
        # The classes are constants of our columns.
        drawn = "".join(f"{opened(css, str(label))}{safe(cell)}</td>" for css, label, cell in cells)
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
    return cell if type(cell) is SafeString else conditional_escape(cell)


def menus(table: BaseTable) -> SafeString:
    """For each head both orders, and which columns to show."""
    request = table.request
    shared = {
        "table": table.name(),
        "action": reverse("table-preference", args=[table.name()]),
        "token": get_token(request),
        "back": request.get_full_path(),
        "columns": columns(table),
    }
    up, down = (icon("sort-up"), _("Sort ascending")), (icon("sort-down"), _("Sort descending"))

    def menu(head: Head) -> SafeString:
        orders = format_html(ORDERS, head.up, *up, head.down, *down) if head.sortable else ""
        hint = format_html('<p class="menu-hint">{}</p>', head.hint) if head.hint else ""
        return format_html(MENU, name=head.name, hint=hint, orders=orders, **shared)

    return SafeString("".join(menu(head) for head in table.heads() if head.label))


def columns(table: BaseTable) -> SafeString:
    """The tick list of columns with its button, the same in each menu."""
    shown = ((each, SafeString(" checked") if each.visible else "") for each in table.columns.iterall())
    ticks = format_html_join(
        "", TICK, ((each.name, tick, each.header) for each, tick in shown if not each.column.always)
    )
    return format_html(COLUMNS, _("Columns"), ticks, _("Show these columns"))
