"""The menus of an auto attendant in words: what an event leads to, and what callers hear without a recording."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from centrex.models.attendant import Act
from centrex.queries.call_flow_parts import Box
from centrex.routing.menus import FAX_TONE, KEYS, NOT_ACTIVE, ROOT, TIMEOUT, WRONG, Choice, Menu, menu_by_id
from centrex.routing.plan import Line, Plan
from selfcare import formats

EVENTS: dict[str, Promise] = {
    TIMEOUT: gettext_lazy("Nothing pressed"),
    WRONG: gettext_lazy("Wrong choice"),
    FAX_TONE: gettext_lazy("Fax tone"),
    NOT_ACTIVE: gettext_lazy("Not active"),
}
# The same where there is little room.
SHORT: dict[str, Promise] = {
    TIMEOUT: gettext_lazy("No key"),
    WRONG: gettext_lazy("Wrong key"),
    FAX_TONE: gettext_lazy("Fax"),
    NOT_ACTIVE: gettext_lazy("Not active"),
}
# What a choice is called when its action says it all, and what is said about it in a menu that has no recording.
PLAIN: dict[str, tuple[Promise, Promise]] = {
    Act.REPEAT: (gettext_lazy("Plays it again"), gettext_lazy("To hear this again, press %(key)s.")),
    Act.VOICEMAIL: (gettext_lazy("Voicemail"), gettext_lazy("To leave a message, press %(key)s.")),
    Act.FAX: (gettext_lazy("Fax box"), gettext_lazy("To send a fax, press %(key)s.")),
    Act.DIRECTORY: (gettext_lazy("Dial by name"), gettext_lazy("To find a colleague by name, press %(key)s.")),
    Act.EXTENSION: (gettext_lazy("Dial an extension"), gettext_lazy("To dial an extension, press %(key)s.")),
    Act.DISA: (gettext_lazy("Call outside (DISA)"), gettext_lazy("To make a call, press %(key)s.")),
    Act.HANG_UP: (gettext_lazy("The call ends"), gettext_lazy("To end this call, press %(key)s.")),
}
KINDS = {
    Act.TRANSFER: "outside", Act.HUNTGROUP: "phone", Act.QUEUE: "phone", Act.MENU: "reached", Act.HANG_UP: "refused",
}  # fmt: skip


def event_name(event: str) -> str:
    """An event as a page shows it."""
    return str(EVENTS.get(event) or _("Key %(key)s") % {"key": event})


def short_name(event: str) -> str:
    """An event beside an arrow: the key alone."""
    return str(SHORT.get(event, event))


def choices_in_order(menu: Menu) -> Iterator[tuple[str, Choice]]:
    """The choices of a menu: keys as on a telephone, then the other events."""
    for event in (*KEYS, TIMEOUT, WRONG, FAX_TONE, NOT_ACTIVE):
        if event in menu.choices and (event != NOT_ACTIVE or menu.times is not None):
            yield event, menu.choices[event]


def choice_boxes(plan: Plan, line: Line, menu: Menu) -> list[Box]:
    """What a caller may press, as boxes of a drawing."""
    boxes = [(event, choice_box(plan, line, choice)) for event, choice in choices_in_order(menu) if event in KEYS]
    return [Box(box.kind, f"{event}: {box.title}", box.detail, box.record) for event, box in boxes]


def choice_box(plan: Plan, line: Line, choice: Choice) -> Box:
    """What a choice leads to."""
    kind = KINDS.get(Act(choice.act), "service")
    if choice.act in PLAIN:
        return Box(kind, str(PLAIN[choice.act][0]))
    if choice.act == Act.MENU:
        menu = menu_by_id(line.menus, choice.menu)
        return Box(kind, menu.name if menu else ROOT, _("Menu"), menu.record if menu else None)
    if choice.act in (Act.HUNTGROUP, Act.QUEUE):
        group = plan.groups.get(choice.group or 0)
        detail = _("Call queue") if group and group.queue else _("Huntgroup")
        return Box(kind, group.record.name if group else "", detail, group.record if group else None)
    extension = plan.extension_by_number(choice.number)
    if extension is not None:
        return Box("phone", extension.record.name, _("Extension"), extension.record)
    return Box(kind, formats.phone(choice.number), _("Transfer"))


def spoken(plan: Plan, line: Line, menu: Menu) -> list[str]:
    """The built-in text of a menu without a recording, sentence by sentence."""
    said = [said_of(plan, line, event, choice) for event, choice in choices_in_order(menu) if event in KEYS]
    if menu.dial_extensions:
        said.insert(0, _("If you know the extension, dial it now."))
    return said or [_("Please hold the line.")]


def said_of(plan: Plan, line: Line, event: str, choice: Choice) -> str:
    """What the built-in voice says of a key."""
    facts = {"key": SPOKEN_KEYS.get(event, event)}
    if choice.act in PLAIN:
        return str(PLAIN[choice.act][1]) % facts
    return _("For %(name)s, press %(key)s.") % (facts | {"name": spoken_name(plan, line, choice)})


def spoken_name(plan: Plan, line: Line, choice: Choice) -> str:
    """What somebody or something is called aloud: its name, not its number."""
    if choice.act == Act.MENU:
        menu = menu_by_id(line.menus, choice.menu)
        return menu.name if menu and menu.name != ROOT else _("the first menu")
    if choice.act in (Act.HUNTGROUP, Act.QUEUE):
        group = plan.groups.get(choice.group or 0)
        return (group.name or group.number) if group else ""
    extension = plan.extension_by_number(choice.number)
    return (extension.name or extension.number) if extension else formats.phone(choice.number)


SPOKEN_KEYS: dict[str, Promise] = {"*": gettext_lazy("star"), "#": gettext_lazy("hash")}
