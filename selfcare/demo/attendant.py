"""The demo's auto attendant: EasyCall's main number by day, at night and on holidays."""

from __future__ import annotations

from datetime import datetime

from centrex.models import Huntgroup, Line, Menu, Schedule
from centrex.models.attendant import ROOT, Act
from centrex.operations.attendant import Wanted, save_attendant, save_menu
from centrex.routing.features import AutoAttendant
from selfcare.demo.people import People


def make_attendant(people: People, *, now: datetime) -> None:
    """The last desk line becomes the main number: Sales, Support, Reception, names, and the same in Spanish."""
    line = Line.for_customer(people.easycall).filter(extension=None).order_by("account_id").first()
    if line is None:
        return
    values = AutoAttendant()
    save_attendant(user=people.alice, line=line, version=None, values=values, enabled=True, labels={})
    groups = {group.name: group for group in Huntgroup.for_customer(people.easycall)}
    night = saved(people, Menu(customer=people.easycall, line=line, name="Night"), night_choices(), now=now)
    spanish = Menu(customer=people.easycall, line=line, name="Español", language="es")
    spanish = saved(people, spanish, spanish_choices(groups), now=now)
    root = line.menus.get(name=ROOT)
    root.schedule = Schedule.for_customer(people.easycall).get(name="Business hours")
    saved(people, root, day_choices(groups, night, spanish), now=now)


def spanish_choices(groups: dict[str, Huntgroup]) -> dict[str, Wanted]:
    """For callers who pressed 8; the built-in voice speaks Spanish there."""
    return {
        "1": Wanted(Act.HUNTGROUP, huntgroup=groups["Sales"]),
        "2": Wanted(Act.HUNTGROUP, huntgroup=groups["Support"]),
        "9": Wanted(Act.DIRECTORY),
        "timeout": Wanted(Act.HUNTGROUP, huntgroup=groups["Reception"]),
        "unavailable": Wanted(Act.HANG_UP),
    }


def day_choices(groups: dict[str, Huntgroup], night: Menu, spanish: Menu) -> dict[str, Wanted]:
    """ROOT by day."""
    return {
        "1": Wanted(Act.HUNTGROUP, huntgroup=groups["Sales"]),
        "2": Wanted(Act.HUNTGROUP, huntgroup=groups["Support"]),
        "8": Wanted(Act.MENU, next_menu=spanish),
        "9": Wanted(Act.DIRECTORY),
        "0": Wanted(Act.HUNTGROUP, huntgroup=groups["Reception"]),
        "*": Wanted(Act.REPEAT),
        "timeout": Wanted(Act.HUNTGROUP, huntgroup=groups["Reception"]),
        "unavailable": Wanted(Act.HANG_UP),
        "not_active": Wanted(Act.MENU, next_menu=night),
    }


def night_choices() -> dict[str, Wanted]:
    """Outside business hours and on holidays."""
    return {
        "1": Wanted(Act.VOICEMAIL),
        "9": Wanted(Act.DIRECTORY),
        "timeout": Wanted(Act.VOICEMAIL),
        "unavailable": Wanted(Act.HANG_UP),
    }


def saved(people: People, menu: Menu, choices: dict[str, Wanted], *, now: datetime) -> Menu:
    return save_menu(user=people.alice, menu=menu, version=None, choices=choices, prompts={}, confirmed=False, now=now)
