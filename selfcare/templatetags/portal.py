"""Filters and tags that every template may use without loading."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django import template
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString

from selfcare import formats
from selfcare.navigation import Item, address_of

register = template.Library()
register.filter("money", formats.money)
register.filter("charge", formats.charge)
register.filter("day", formats.day)
register.filter("moment", formats.moment)
register.filter("duration", formats.duration)
register.filter("phone", formats.phone)
register.filter("browser", formats.browser)
register.filter("number", formats.number)


@register.simple_tag
@lru_cache(maxsize=500)
def icon(name: str) -> SafeString:
    """A Bootstrap icon beside a word; screen readers skip it."""
    return format_html('<i class="bi bi-{}" aria-hidden="true"></i>', name)


@register.simple_tag(takes_context=True)
def menu_link(context: dict[str, Any], item: Item) -> SafeString:
    """A page in a menu, marked where one is; on a page with sections these tell more exactly."""
    sections = context.get("sections")
    current = item.name == context["page"] or (item.record is not None and sections)
    mark = f' aria-current="{"true" if sections else "page"}"' if current else ""
    return _menu_link(item.address, mark, item.icon, str(item.label))


@lru_cache(maxsize=1000)
def _menu_link(address: str, mark: str, picture: str, label: str) -> SafeString:
    """The whole menu stands twice on each page, and nearly all of it is the same on the next."""
    return format_html('<a href="{}"{}>{}{}</a>', address, SafeString(mark), icon(picture), label)


@register.simple_tag(takes_context=True)
def go(context: dict[str, Any], change: dict[str, Any]) -> str:
    """This page's query string with `change` made; None removes a name."""
    return with_changes(context["request"].GET, change)


def with_changes(query: QueryDict, change: dict[str, Any]) -> str:
    """The query string with `change` made; None removes a name."""
    changed = dict(query.lists())
    for name, value in change.items():
        if value is None:
            changed.pop(name, None)
        else:
            changed[name] = [value]
    return f"?{urlencode(changed, doseq=True)}"


@register.simple_tag
def address(name: str) -> str:
    """The address of a page without an id, for the frame: it has many on every page."""
    return address_of(name)
