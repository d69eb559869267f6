"""What the frame around every page needs: brand, menu, money words, help."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from billing.queries.accounts import MoneyWords, money_words
from selfcare import access
from selfcare.models import Brand
from selfcare.navigation import TABS, Item, Tab, line_user_tabs


@dataclass(frozen=True, slots=True)
class Place:
    """A tab with the pages that this user sees, and whether he is there."""

    tab: Tab
    items: list[Item]
    current: bool


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context of the frame; nothing is asked of the database before a template uses it."""
    page = getattr(request, "portal_page", "")
    return {
        "brand": SimpleLazyObject(Brand.current),
        "customer": getattr(request, "customer", None),
        "page": page,
        "places": SimpleLazyObject(lambda: places(request, page)),
        "money_words": SimpleLazyObject(lambda: words_for(request)),
        "help_templates": [f"help/{page.replace(':', '/')}.html", "help/default.html"],
    }


def places(request: HttpRequest, page: str) -> list[Place]:
    """The tabs and pages that this user may see."""
    if not getattr(request, "customer", None):
        return []
    line = request.customer.only_line
    tabs = TABS if line is None else line_user_tabs(line)
    here = page if line is None or page != "centrex:lines" else "centrex:line"
    seen = [(tab, [item for item in tab.items if access.sees(request, item.name)]) for tab in tabs]
    return [Place(tab, items, any(item.name == here for item in items)) for tab, items in seen if items]


def words_for(request: HttpRequest) -> MoneyWords | None:
    """The top bar's amounts, for those who may see the billing."""
    customer = getattr(request, "customer", None)
    if not customer or not access.may(request, access.VIEW, "billing:summary"):
        return None
    return money_words(customer)
