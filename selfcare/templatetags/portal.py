"""Filters and tags that every template may use without loading."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from selfcare import formats
from selfcare.navigation import Item

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
    mark = SafeString(f' aria-current="{"true" if sections else "page"}"') if current else ""
    return format_html('<a href="{}"{}>{}{}</a>', item.address, mark, icon(item.icon), item.label)


@register.simple_tag(takes_context=True)
def go(context: dict[str, Any], change: dict[str, Any]) -> str:
    """This page's query string with `change` made; None removes a name."""
    query = dict(context["request"].GET.lists())
    for name, value in change.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = [value]
    return f"?{urlencode(query, doseq=True)}"
