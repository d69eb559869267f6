"""Auto attendants for their pages: the menus of a line, the prompts to choose from, and who is found by name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import get_language, override

from centrex.models import CallQueue, Huntgroup, Line, Menu, MenuChoice, Sound
from centrex.queries.attendant_words import spoken
from centrex.queries.plans import plan_of
from centrex.routing.directory import Person
from centrex.routing.engine.attendant import root_of
from centrex.routing.menus import Menu as RoutedMenu
from centrex.routing.menus import menu_by_id
from centrex.routing.plan import Plan
from selfcare.models import Customer


def menus_of_customer(customer: Customer | None) -> QuerySet[Menu]:
    """The menus of the customer's lines, with what they name."""
    menus: QuerySet[Menu] = Menu.for_customer(customer).select_related(
        "line__customer__main_office", "line__extension", "schedule", "intro", "prompt", "on_timeout", "on_unavailable"
    )
    return menus


def prompts_of(customer: Customer | None) -> QuerySet[Sound]:
    """The prompts of the customer that a menu can play."""
    prompts: QuerySet[Sound] = Sound.for_customer(customer).filter(purpose=Sound.Purpose.PROMPT)
    return prompts.exclude(state=Sound.State.FAILED).order_by("name", "pk")


def groups_to_choose(office: Customer) -> tuple[list[Huntgroup], set[int]]:
    """The huntgroups of an office, and the ids of those with a call queue."""
    groups = list(Huntgroup.for_customer(office).order_by("number"))
    return groups, set(CallQueue.objects.filter(huntgroup__in=groups).values_list("huntgroup", flat=True))


def menus_of(line: Line) -> list[Menu]:
    """The menus of a line, ROOT first."""
    return sorted(line.menus.all(), key=lambda menu: (not menu.is_root, menu.name))


def choices_of(menu: Menu) -> dict[str, MenuChoice]:
    """What is kept for each event of a menu; a new one has nothing."""
    rows = menu.events.select_related("huntgroup", "next_menu", "play") if menu.pk else ()
    return {row.event: row for row in rows}


def waiting_prompts(menu: Menu) -> list[int]:
    """The ids of the prompts of a menu that are not prepared yet."""
    own = [menu.intro_id, menu.prompt_id, menu.on_timeout_id, menu.on_unavailable_id]
    played = menu.events.exclude(play=None).values_list("play", flat=True)
    known = [pk for pk in (*own, *played) if pk is not None]
    waiting = Sound.objects.filter(pk__in=known, state=Sound.State.WAITING)
    return list(waiting.values_list("pk", flat=True))


def spoken_in(menu: Menu, *, now: datetime) -> list[str]:
    """What callers hear in a kept menu that has no prompt of its own, in its language as far as we have the words."""
    plan = plan_of(menu.customer.office, now=now)
    line = plan.lines[menu.line_id]
    routed: RoutedMenu = menu_by_id(line.menus, menu.pk) or root_of(line)
    with override(menu.language if menu.language in dict(settings.LANGUAGES) else get_language()):
        return spoken(plan, line, routed)


def people_in(plan: Plan) -> list[Person]:
    """The published extensions of the office that can be reached."""
    found: Iterable[Person] = (
        Person(each.number, each.name) for each in plan.extensions.values() if each.published and each.line
    )
    return sorted(found, key=lambda person: person.number)
