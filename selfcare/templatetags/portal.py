"""Filters and tags that every template may use without loading."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from selfcare import formats

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
def icon(name: str) -> SafeString:
    """A Bootstrap icon beside a word; screen readers skip it."""
    return format_html('<i class="bi bi-{}" aria-hidden="true"></i>', name)


@register.simple_tag(takes_context=True)
def go(context: dict[str, Any], change: dict[str, Any]) -> str:
    """This page's query string with `change` made; None removes a name."""
    query = context["request"].GET.copy()
    for name, value in change.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = value
    return f"?{query.urlencode()}"
