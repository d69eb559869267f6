"""The menus of a line's auto attendant: add, change, delete.

Acts on the menus of an office take turns (its row is locked), since two menus that begin to lead to each other at the
same moment would not see each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from centrex.models import Menu, MenuChoice, Schedule, Sound
from centrex.models.attendant import ROOT
from centrex.operations.attendant.choices import (
    Wanted,
    as_rows,
    checked,
    refuse_circle,
    refuse_sound,
    words_of,
    write_choices,
)
from centrex.operations.notices import tell_of_costly_numbers
from centrex.operations.sounds.keeping import add_sound, discard
from centrex.queries.attendant_words import event_name
from centrex.routing.menus import NOT_ACTIVE
from selfcare import formats
from selfcare.errors import Refused
from selfcare.models import AuditEvent, Customer, User
from selfcare.models.audit import differences
from selfcare.models.history import one_act

MOST_MENUS = 50
PROMPTS = ("intro", "prompt", "on_timeout", "on_unavailable")
LINKS = ("schedule", *PROMPTS)
FIELDS = (
    "name", "schedule", *PROMPTS, "first_digit_seconds", "next_digit_seconds", "max_loops", "dial_extensions",
    "max_extension_digits", "language",
)  # fmt: skip


@transaction.atomic
def save_menu(
    *,
    user: User,
    menu: Menu,
    version: int | None,
    choices: Mapping[str, Wanted],
    prompts: Mapping[str, UploadedFile[Any]],
    confirmed: bool,
    now: datetime,
) -> Menu:
    """Save a new or changed menu with all that its events lead to; uploaded `prompts` take the place of those chosen.

    `confirmed`: the user has just given his password again. Outdated when somebody saved the menu since `version`.
    Refused at a field of the menu or at "<event>.<field>", among others for menus that would lead to each other while
    they are not active; PasswordNeeded for a new number abroad or of a costly kind.
    """
    office, old = taken(menu, version)
    read, costly = checked(office, menu, choices, confirmed=confirmed)
    take_sounds_in(menu, prompts, now=now)
    stored = {event: with_sound(menu, event, wanted, now=now) for event, wanted in read.items()}
    saved = written(user=user, menu=menu, old=old, choices=stored)
    tell_of(user=user, menu=saved, costly=costly, now=now)
    return saved


@transaction.atomic
@one_act
def put_back_menu(
    *,
    user: User,
    menu: Menu,
    version: int | None,
    choices: Mapping[str, Wanted] | None,
    confirmed: bool,
    now: datetime,
) -> Menu:
    """Save a menu as it was, for an undo; `choices` None keeps those that it has. Refused as for saving."""
    office, old = taken(menu, version)
    kept = {row.event: as_wanted(row) for row in menu.events.all()} if choices is None else choices
    read, costly = checked(office, menu, kept, confirmed=confirmed)
    saved = written(user=user, menu=menu, old=old, choices=read)
    tell_of(user=user, menu=saved, costly=costly, now=now)
    return saved


def tell_of(*, user: User, menu: Menu, costly: Sequence[str], now: datetime) -> None:
    """Tell the owners of new numbers of a menu that are abroad or of a costly kind."""
    if costly:
        tell_of_costly_numbers(
            user=user,
            customer=menu.customer,
            what=menu.line,
            numbers=costly,
            url=reverse("centrex:menu-edit", args=[menu.pk]),
            key=f"menu:{menu.pk}:{menu.version}",
            now=now,
        )


@transaction.atomic
@one_act
def delete_menu(*, user: User, menu: Menu) -> None:
    """Delete a menu with its sounds that nothing else plays; Refused for ROOT, and while another one leads to it."""
    Customer.objects.select_for_update(no_key=True).get(pk=menu.customer.office.pk)
    current = Menu.locked(menu.pk, None)
    if current.is_root:
        raise Refused(_("ROOT is the menu that calls enter: it can be changed, but not deleted."))
    row = MenuChoice.objects.filter(next_menu=current).exclude(menu=current).select_related("menu").first()
    if row is not None:
        facts = {"menu": row.menu, "event": event_name(row.event)}
        raise Refused(_("The menu “%(menu)s” still leads here: %(event)s.") % facts)
    sounds = sounds_of(current)
    AuditEvent.write(user=user, action="delete", record=current)
    current.events.all().delete()
    current.delete()
    for sound in sounds:
        discard(sound)


def taken(menu: Menu, version: int | None) -> tuple[Customer, Menu]:
    """The office, locked, and the menu as it was; checks what is not about its choices."""
    office = Customer.objects.select_for_update(no_key=True).get(pk=menu.customer.office.pk)
    if menu._state.adding:
        old = Menu(customer=menu.customer, line=menu.line)
        if Menu.objects.filter(line=menu.line_id).count() >= MOST_MENUS:
            raise Refused(_("A line can have at most %(most)s menus.") % {"most": MOST_MENUS})
    else:
        old = Menu.locked(menu.pk, menu.version if version is None else version)
    refuse_name(menu, old)
    refuse_schedule(menu)
    for field in PROMPTS:
        refuse_sound(menu.customer_id, getattr(menu, field), field=field)
    return office, old


def refuse_name(menu: Menu, old: Menu) -> None:
    """Refused for another name of ROOT, a second ROOT, and a name that another menu of the line has."""
    menu.name = " ".join(menu.name.split())
    if not menu.name:
        raise Refused(_("Give the menu a name."), field="name")
    if old.is_root and menu.name != ROOT:
        raise Refused(_("The menu that calls enter is always called ROOT."), field="name")
    others = Menu.objects.filter(line=menu.line_id).exclude(pk=menu.pk)
    if others.filter(name__iexact=menu.name).exists():
        raise Refused(_("There is a menu of this name already."), field="name")


def refuse_schedule(menu: Menu) -> None:
    """Hold the hours that the menu names, so that nobody deletes them meanwhile; Refused when they are gone."""
    if menu.schedule_id is None:
        return
    rows = Schedule.objects.select_for_update(no_key=True).filter(pk=menu.schedule_id, customer=menu.customer_id)
    if not rows.exists():
        raise Refused(_("Somebody deleted this meanwhile."), field="schedule")


def take_sounds_in(menu: Menu, prompts: Mapping[str, UploadedFile[Any]], *, now: datetime) -> None:
    """The uploaded prompts of the menu itself; Refused at the file."""
    for field, file in prompts.items():
        setattr(menu, field, uploaded(menu, file, field=f"{field}_file", now=now))


def with_sound(menu: Menu, event: str, wanted: Wanted, *, now: datetime) -> Wanted:
    """A choice with its uploaded prompt taken in."""
    if wanted.file is None:
        return wanted
    return replace(wanted, play=uploaded(menu, wanted.file, field=f"{event}.file", now=now), file=None)


def uploaded(menu: Menu, file: UploadedFile[Any], *, field: str, now: datetime) -> Sound:
    """A prompt as a sound; Refused at `field` when it is none, too large, or finds no room."""
    try:
        return add_sound(customer=menu.customer, name="", purpose=Sound.Purpose.PROMPT, file=file, now=now)
    except Refused as refusal:
        raise Refused(refusal.message, field=field) from refusal


def written(*, user: User, menu: Menu, old: Menu, choices: Mapping[str, Wanted]) -> Menu:
    """Write menu and choices down, with what changed; sounds that nothing plays any more go."""
    if menu.schedule_id is None:
        choices = {event: wanted for event, wanted in choices.items() if event != NOT_ACTIVE}
    refuse_circle(menu, choices.get(NOT_ACTIVE))
    is_new = menu._state.adding
    rows, wanted = ([] if is_new else rows_of(menu)), as_rows(menu, choices)
    if not is_new and fingerprint(old, rows) == fingerprint(menu, wanted):
        return menu
    had = [] if is_new else sounds_of(old)
    changes = differences(old, menu, FIELDS) | choice_changes(words_of(rows), words_of(wanted))
    keep_in_step(menu, choices, version=menu.version if is_new else old.version + 1)
    AuditEvent.write(user=user, action="add" if is_new else "edit", record=menu, changes=changes)
    for sound in had:
        discard(sound)
    return menu


def keep_in_step(menu: Menu, choices: Mapping[str, Wanted], *, version: int) -> None:
    """Save the choices, then the menu at `version`: what is kept of a version begins when its choices are there."""
    if menu._state.adding:
        menu.version = version - 1
        menu.save()
    write_choices(menu, choices)
    menu.version = version
    menu.save()


def fingerprint(menu: Menu, rows: Sequence[MenuChoice]) -> tuple[Any, ...]:
    """All that a menu says, by ids: two prompts may have the same name."""
    own = tuple(getattr(menu, f"{name}_id" if name in LINKS else name) for name in FIELDS)
    said = {(row.event, row.act, row.number, row.huntgroup_id, row.next_menu_id, row.play_id) for row in rows}
    return own, said


def choice_changes(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, list[str]]:
    """What differs, event by event: label -> [old, new]."""
    pairs = {event: [before.get(event, ""), after.get(event, "")] for event in {**before, **after}}
    return {event: pair for event, pair in pairs.items() if pair[0] != pair[1]}


def rows_of(menu: Menu) -> list[MenuChoice]:
    """The choices of a menu with what they name."""
    return list(menu.events.select_related("huntgroup", "next_menu", "play"))


def as_wanted(row: MenuChoice) -> Wanted:
    """A kept choice as it would be typed."""
    return Wanted(row.act, typed(row.number), row.huntgroup, row.next_menu, row.play)


def typed(number: str) -> str:
    """A kept number such that reading it again means the same whatever the dialing rules."""
    return f"+{number}" if formats.phone(number).startswith("+") else number


def sounds_of(menu: Menu) -> list[Sound]:
    """Everything that a menu plays."""
    own = [getattr(menu, f"{field}_id") for field in PROMPTS]
    played = menu.events.exclude(play=None).values_list("play", flat=True)
    return list(Sound.objects.filter(pk__in={*own, *played} - {None}))
