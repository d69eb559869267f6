"""What the events of a menu lead to: read as somebody typed it, checked, and written down."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from centrex.models import CallQueue, Huntgroup, Line, Menu, MenuChoice, Sound
from centrex.models.attendant import Act
from centrex.operations.forwarding import PasswordNeeded, refuse_loop, why_password
from centrex.queries.attendant_words import event_name
from centrex.queries.destinations import Destination, Destinations
from centrex.queries.features import effective_of
from centrex.routing.features import Disa, Fax, Voicemail
from centrex.routing.menus import EVENTS, KEYS, NOT_ACTIVE
from centrex.routing.nesting import find_circle
from selfcare.errors import Refused
from selfcare.models import Customer


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an event shall lead to: `number` as somebody typed it; of the others what the action needs.

    `play` is heard before; an uploaded `file` takes its place.
    """

    act: str
    number: str = ""
    huntgroup: Huntgroup | None = None
    next_menu: Menu | None = None
    play: Sound | None = None
    file: UploadedFile[Any] | None = None


def checked(
    office: Customer, menu: Menu, choices: Mapping[str, Wanted], *, confirmed: bool
) -> tuple[dict[str, Wanted], list[str]]:
    """The choices with their numbers as they are kept, and those that are new and abroad or costly.

    Refused at "<event>.<field>" for what cannot be; PasswordNeeded for new costly numbers without `confirmed`, and for
    DISA where the line's menus did not offer it.
    """
    line, found = menu.line, {}
    known = set(MenuChoice.objects.filter(menu__line=line).values_list("number", flat=True))
    numbers = Destinations(line) if any(each.act == Act.TRANSFER for each in choices.values()) else None
    read: dict[str, Wanted] = {}
    for event, wanted in choices.items():
        refuse_unfit(office, menu, event, wanted)
        number = ""
        if wanted.act == Act.TRANSFER and numbers is not None:
            found[event] = destination(office, line, numbers, event, wanted.number)
            number = found[event].number
        read[event] = trimmed(replace(wanted, number=number))
    new = {each.number: each for each in found.values() if each.needs_password and each.number not in known}
    if new and not confirmed:
        raise PasswordNeeded(why_password(new.values()), field="password")
    if offers_disa_anew(line, choices) and not confirmed:
        words = _("With DISA callers can call on at your expense. Enter your password to offer it in a menu.")
        raise PasswordNeeded(words, field="password")
    return read, list(new)


def offers_disa_anew(line: Line, choices: Mapping[str, Wanted]) -> bool:
    """Whether callers come to DISA by a menu of the line, and could not before."""
    wanted = any(each.act == Act.DISA for each in choices.values())
    return wanted and not MenuChoice.objects.filter(menu__line=line, act=Act.DISA).exists()


def trimmed(wanted: Wanted) -> Wanted:
    """Without what the action does not need."""
    has_group = wanted.act in (Act.HUNTGROUP, Act.QUEUE)
    return replace(
        wanted,
        huntgroup=wanted.huntgroup if has_group else None,
        next_menu=wanted.next_menu if wanted.act == Act.MENU else None,
    )


def destination(office: Customer, line: Line, numbers: Destinations, event: str, typed: str) -> Destination:
    """What a typed number means; Refused for one that may not be called, or that leads back.

    A key is pressed by a person: somebody whose phone forwards here may well be chosen here, and the hop limit ends
    what goes wrong. What happens without a key must not lead back by any way.
    """
    field = f"{event}.number"
    if not typed:
        raise Refused(_("Enter the number that the call goes to."), field=field)
    found = numbers.read(typed, field=field)
    if event not in KEYS:
        refuse_loop(office, line, numbers, {field: found})
    elif found.line == line.pk:
        raise Refused(_("This is a number of the line itself: the call would come back."), field=field)
    return found


def refuse_unfit(office: Customer, menu: Menu, event: str, wanted: Wanted) -> None:
    """Refused for an action that the event or the line cannot have, and for what is not the customer's."""
    if event not in EVENTS:
        raise Refused(_("There is no such event."))
    field = f"{event}.act"
    if event == NOT_ACTIVE and wanted.act == Act.REPEAT:
        raise Refused(_("Choose what happens while the menu is not active."), field=field)
    if wanted.act == Act.EXTENSION and menu.dial_extensions:
        words = _("Callers may dial an extension in this menu anyway: switch that off, or choose another action.")
        raise Refused(words, field=field)
    refuse_service(menu.line, wanted.act, field)
    if wanted.act in (Act.HUNTGROUP, Act.QUEUE):
        refuse_group(office, event, wanted)
    if wanted.act == Act.MENU and (wanted.next_menu is None or wanted.next_menu.line_id != menu.line_id):
        raise Refused(_("Choose a menu of this line."), field=f"{event}.next_menu")
    refuse_sound(menu.customer_id, wanted.play, field=f"{event}.play")


def refuse_service(line: Line, act: str, field: str) -> None:
    """Refused for a service that the line does not have."""
    if act == Act.VOICEMAIL and not effective_of(line, Voicemail).enabled:
        raise Refused(_("This line has no voicemail. Switch it on first, or choose another action."), field=field)
    if act == Act.DISA and not effective_of(line, Disa).enabled:
        raise Refused(_("Switch DISA on for this line first, or choose another action."), field=field)
    fax = effective_of(line, Fax) if act == Act.FAX else None
    if fax is not None and not (fax.enabled and fax.values.fax_only):
        raise Refused(_("This line does not take faxes only, so it has no fax box that answers."), field=field)


def refuse_group(office: Customer, event: str, wanted: Wanted) -> None:
    """Refused without one of the office's huntgroups, and for the queue of one that has none."""
    group = wanted.huntgroup
    if group is None or group.customer_id != office.pk:
        raise Refused(_("Choose a huntgroup."), field=f"{event}.huntgroup")
    if wanted.act == Act.QUEUE and not CallQueue.objects.filter(huntgroup=group).exists():
        words = _("Huntgroup %(group)s has no call queue. Add one first, or choose the action Huntgroup.")
        raise Refused(words % {"group": group}, field=f"{event}.huntgroup")


def refuse_sound(customer: int, sound: Sound | None, *, field: str) -> None:
    """Refused for a prompt that is not one of the customer's."""
    if sound is not None and (sound.customer_id != customer or sound.purpose != Sound.Purpose.PROMPT):
        raise Refused(_("Choose one of your own prompts."), field=field)


def refuse_circle(menu: Menu, wanted: Wanted | None) -> None:
    """Refused, naming the way, when menus that are not active would lead to each other; under the office's lock."""
    if menu.schedule_id is None or wanted is None or wanted.next_menu is None:
        return
    rows = MenuChoice.objects.filter(menu__line=menu.line_id, event=NOT_ACTIVE, next_menu__isnull=False)
    pairs = rows.exclude(menu__schedule=None).values_list("menu", "next_menu")
    chains = {menu: [following] for menu, following in pairs if following is not None}
    way = find_circle(menu.pk or 0, {**chains, menu.pk or 0: [wanted.next_menu.pk]})
    if way:
        names = dict(Menu.objects.filter(line=menu.line_id).values_list("pk", "name")) | {menu.pk: menu.name}
        circle = " → ".join(f"“{names[each]}”" for each in way)
        words = _("While none of them is active, the call would go in a circle: %(circle)s.") % {"circle": circle}
        raise Refused(words, field=f"{NOT_ACTIVE}.next_menu")


def write_choices(menu: Menu, choices: Mapping[str, Wanted]) -> None:
    """Make these all the choices of the menu; a row that stays keeps its id."""
    rows = {row.event: row for row in menu.events.all()}
    for event, wanted in choices.items():
        row = rows.pop(event, None) or MenuChoice(menu=menu, event=event)
        row.act, row.number = wanted.act, wanted.number
        row.huntgroup, row.next_menu, row.play = wanted.huntgroup, wanted.next_menu, wanted.play
        row.save()
    MenuChoice.objects.filter(pk__in=[row.pk for row in rows.values()]).delete()


def as_rows(menu: Menu, choices: Mapping[str, Wanted]) -> list[MenuChoice]:
    """The choices as rows that are not saved."""
    return [
        MenuChoice(
            menu=menu,
            event=event,
            act=each.act,
            number=each.number,
            huntgroup=each.huntgroup,
            next_menu=each.next_menu,
            play=each.play,
        )
        for event, each in choices.items()
    ]


def words_of(rows: Collection[MenuChoice]) -> dict[str, str]:
    """The choices for the history of their menu: event -> what it leads to."""
    return {event_name(row.event): row_in_words(row) for row in rows}


def row_in_words(row: MenuChoice) -> str:
    """What an event leads to, such as "Huntgroup: 88 Sales, after “Welcome”"."""
    target = row.number or row.huntgroup or row.next_menu
    words = f"{row.get_act_display()}: {target}" if target else str(row.get_act_display())
    return _("%(action)s, after “%(prompt)s”") % {"action": words, "prompt": row.play} if row.play else words
