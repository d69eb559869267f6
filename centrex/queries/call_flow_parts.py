"""What a call flow is told with: boxes, stages and steps, and the words for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from centrex.routing.engine import Step, Target
from centrex.routing.plan import Record

# What a service is called as a box, and what the call does there.
SERVICES: dict[str, tuple[Promise, Promise]] = {
    "voicemail": (gettext_lazy("Voicemail"), gettext_lazy("goes to voicemail")),
    "attendant": (gettext_lazy("Auto attendant"), gettext_lazy("is answered by the auto attendant")),
    "mailbox": (gettext_lazy("Own messages"), gettext_lazy("hears the messages of its voicemail box")),
    "fax": (gettext_lazy("Fax box"), gettext_lazy("is answered by the fax box")),
    "queue": (gettext_lazy("Call queue"), gettext_lazy("waits in the call queue")),
    "park": (gettext_lazy("Call parking"), gettext_lazy("is parked")),
    "retrieve": (gettext_lazy("Call parking"), gettext_lazy("takes the parked call back")),
    "pickup": (gettext_lazy("Group Pickup"), gettext_lazy("takes the call that rings in the group")),
    "announcement": (gettext_lazy("Message"), gettext_lazy("hears a message")),
    "directory": (gettext_lazy("Dial by name"), gettext_lazy("asks whom the caller wants to speak to")),
    "dial_extension": (gettext_lazy("Dial an extension"), gettext_lazy("asks for an extension")),
    "disa": (gettext_lazy("Call outside (DISA)"), gettext_lazy("asks for a PIN, and then for a number outside")),
    "hang_up": (gettext_lazy("The call ends"), gettext_lazy("ends")),
}


@dataclass(frozen=True, slots=True)
class Box:
    """Something that the call meets; `record` is what a click opens. `kind` is for the look."""

    kind: str
    title: str
    detail: str = ""
    record: Record | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """Boxes that are met at the same time; `arrow` says when the call comes here."""

    boxes: tuple[Box, ...]
    arrow: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A step of the engine in words, with the record that decided it, if this company may know it."""

    code: str
    words: str
    record: Record | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """The answer to "what happens if"."""

    is_refused: bool
    result: str
    steps: tuple[Told, ...]
    limits: tuple[Told, ...]
    stages: tuple[Stage, ...]


MEANINGS: Mapping[str, Promise] = {
    "called.external": gettext_lazy("Phone line"),
    "called.extension": gettext_lazy("Extension"),
    "called.huntgroup": gettext_lazy("Huntgroup"),
    "called.abbreviated": gettext_lazy("Abbreviated number"),
    "called.emergency": gettext_lazy("Emergency number"),
    "called.paged": gettext_lazy("Paging / Intercom"),
    "called.paged_group": gettext_lazy("Paging / Intercom"),
    "pickup.group": gettext_lazy("Group Pickup"),
    "group.closed.group": gettext_lazy("Huntgroup, while the one called is closed"),
    "group.closed.extension": gettext_lazy("Extension, while the huntgroup is closed"),
}


def ring_in_words(target: Target) -> str:
    """How long it rings, and after which delay."""
    if target.ring is None:
        return _("rings until answered")
    facts = {"seconds": target.ring, "delay": target.delay}
    return (_("rings %(seconds)s sec, after %(delay)s sec") if target.delay else _("rings %(seconds)s sec")) % facts


def ends_by_itself(steps: tuple[Step, ...]) -> bool:
    """Whether the last step stops ringing some time."""
    last = steps[-1].targets if steps else ()
    return bool(last) and all(target.ring is not None and target.kind != "feature" for target in last)
