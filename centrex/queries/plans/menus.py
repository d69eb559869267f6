"""Menus of auto attendants in a plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from centrex.models import Menu, MenuChoice
from centrex.queries.schedules import time_filter
from centrex.routing import menus as routing
from centrex.routing.plan import Record
from selfcare.models import Customer


def menu_rows(customers: Iterable[int]) -> list[Menu]:
    """The menus of these customers' lines, each with its schedule and its `choices`, in one query."""
    columns = {"event": "event", "act": "act", "number": "number", "group": "huntgroup", "menu": "next_menu",
               "play": "play"}  # fmt: skip
    choices = MenuChoice.objects.filter(menu=OuterRef("pk")).values(json=JSONObject(**columns))
    rows = Menu.objects.filter(customer__in=customers).annotate(choices=ArraySubquery(choices))
    return list(rows.select_related("schedule").order_by("pk"))


def menus_by_line(
    rows: Iterable[Menu], offices: Mapping[int, Customer], *, now: datetime
) -> dict[int, tuple[routing.Menu, ...]]:
    """The menus of each line as values; no query where the days of their schedules are fetched."""
    found: dict[int, list[routing.Menu]] = defaultdict(list)
    for row in rows:
        found[row.line_id].append(as_menu(row, offices[row.customer_id], now=now))
    return {line: tuple(menus) for line, menus in found.items()}


def as_menu(row: Menu, office: Customer, *, now: datetime) -> routing.Menu:
    """A menu as the engine takes it; `office` knows the zone."""
    return routing.Menu(
        record=Record("menu", row.pk, row.name),
        times=time_filter(row.schedule, now=now, zone=office.zone) if row.schedule else None,
        choices={each["event"]: as_choice(each) for each in row.choices},  # type: ignore[attr-defined]  # by menu_rows
        intro=row.intro_id,
        prompt=row.prompt_id,
        on_timeout=row.on_timeout_id,
        on_wrong=row.on_unavailable_id,
        first_digit_seconds=row.first_digit_seconds,
        next_digit_seconds=row.next_digit_seconds,
        max_loops=row.max_loops,
        dial_extensions=row.dial_extensions,
        max_extension_digits=row.max_extension_digits,
        language=row.language,
    )


def as_choice(row: Mapping[str, Any]) -> routing.Choice:
    """What an event leads to."""
    return routing.Choice(row["act"], row["number"], row["group"], row["menu"], row["play"])
