"""What can be planned: parts of records, each read as a mapping of JSON values and written by its page's own act."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from centrex.models import Huntgroup, Line, Menu, Sound
from centrex.operations.attendant import save_menu
from centrex.operations.barring import save_barring
from centrex.operations.boxes import set_fax, set_voicemail
from centrex.operations.features import save_or_inherit
from centrex.operations.line_dialing import save_line_dialing
from centrex.operations.line_recording import set_recording
from centrex.operations.membership import Inclusion, Member, set_contents
from centrex.operations.planned.forwarding import set_forwarding_to
from centrex.operations.planned.menus import choices_in, menu_state, take_fields
from centrex.operations.planned.rules import set_rules
from centrex.operations.sounds import set_line_music
from centrex.operations.undo.contents import contents_now
from centrex.operations.undo.kinds import KINDS
from centrex.operations.undo.undoing import Undoing
from centrex.queries import planned_rules
from centrex.queries.dialing import as_row
from centrex.queries.planned import feature_state, forwarding_state, no_head
from centrex.queries.sounds import GREETINGS
from centrex.routing.features import (
    Answering,
    Barring,
    Dialing,
    Fax,
    Feature,
    Identity,
    Limits,
    Music,
    Recording,
    Voicemail,
    of_mapping,
)
from selfcare.errors import Refused
from selfcare.models import Versioned

State = dict[str, Any]
OWN = "own"


@dataclass(frozen=True, slots=True)
class Writing:
    """Make `state` the whole state of `record`, in the name of `user`; `confirmed`: with his password.

    `user` is None where a change ends whose planner's login was deleted: it still goes back.
    """

    user: Any
    record: Any
    state: State
    labels: Mapping[str, str]
    confirmed: bool
    now: datetime


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a record that can be planned.

    `page` is the menu's page whose rights hold, `address` the url of the record's form. `read` gives the part's state
    as JSON values, `write` makes a state so through the act of the page, with all its refusals. `head` names the field
    that decides whether another counts at all: both go back only if nobody changed any under this head since.
    """

    name: str
    label: str | Promise
    model: type[Versioned]
    page: str
    address: str
    read: Callable[[Any], State]
    write: Callable[[Writing], object]
    head: Callable[[str], str] = no_head


Save = Callable[[Writing, type[Feature]], object]


def feature_part(feature: type[Feature], label: str | Promise, address: str, save: Save | None = None) -> Part:
    """A section of a line that is a feature: inherited, or the line's own."""
    return Part(
        name=feature.NAME,
        label=label,
        model=Line,
        page="centrex:lines",
        address=address,
        read=lambda line: feature_state(line, feature),
        write=lambda writing: (save or write_feature)(writing, feature),
        head=lambda name: OWN,
    )


def write_feature(writing: Writing, feature: type[Feature]) -> None:
    save_or_inherit(**said(writing, feature), feature=feature)


def write_barring(writing: Writing, feature: type[Feature]) -> None:
    save_barring(**said(writing, feature), confirmed=writing.confirmed)


def write_recording(writing: Writing, feature: type[Feature]) -> None:
    set_recording(**said(writing, feature))


def write_music(writing: Writing, feature: type[Feature]) -> None:
    set_line_music(**said(writing, feature))


def write_fax(writing: Writing, feature: type[Feature]) -> None:
    set_fax(**said(writing, feature))


def write_voicemail(writing: Writing, feature: type[Feature]) -> None:
    """The PIN goes by its hash; Refused when a greeting is gone."""
    told = said(writing, feature)
    values = told["values"]
    wanted = {getattr(values, kind) for kind in GREETINGS} - {None} if values else set()
    if Sound.for_customer(writing.record.customer).filter(pk__in=wanted).count() < len(wanted):
        raise Refused(__("A recorded greeting that this needs no longer exists."))
    set_voicemail(**told, needs_pin=bool(values and values.pin_hash), greetings={}, now=writing.now)


def write_dialing(writing: Writing, feature: type[Feature]) -> None:
    told = said(writing, feature)
    values, enabled = told.pop("values"), told.pop("enabled")
    rules = as_row(writing.record.customer, values, enabled=enabled) if values else None
    save_line_dialing(**told, rules=rules)


def write_screening(writing: Writing) -> None:
    set_rules(
        user=writing.user,
        line=writing.record,
        state=writing.state,
        confirmed=writing.confirmed,
        now=writing.now,
    )


def write_menu(writing: Writing) -> None:
    take_fields(writing.record, writing.state)
    save_menu(
        user=writing.user,
        menu=writing.record,
        version=None,
        choices=choices_in(writing.state),
        prompts={},
        confirmed=writing.confirmed,
        now=writing.now,
    )


def said(writing: Writing, feature: type[Feature]) -> dict[str, Any]:
    """What every act on a feature of a line is told; no values where the line inherits."""
    state = given(writing.state)
    values = of_mapping(feature, state) if state[OWN] else None
    return {
        "user": writing.user,
        "line": writing.record,
        "version": None,
        "labels": writing.labels,
        "values": values,
        "enabled": state.get("enabled", True),
    }


def given(state: State) -> State:
    """What the state says; what it leaves empty has its default."""
    return {name: value for name, value in state.items() if value is not None}


def write_forwarding(writing: Writing) -> None:
    set_forwarding_to(
        user=writing.user,
        line=writing.record,
        state=given(writing.state),
        confirmed=writing.confirmed,
        now=writing.now,
    )


def read_contents(group: Huntgroup) -> State:
    """The members of a group in their order, and the groups inside it."""
    contents = contents_now(group)
    return {
        "members": [asdict(row) for row in contents.members],
        "included": [asdict(row) for row in contents.included],
    }


def write_contents(writing: Writing) -> None:
    set_contents(
        user=writing.user,
        huntgroup=writing.record,
        version=None,
        members=[Member(**row) for row in writing.state["members"]],
        included=[Inclusion(**row) for row in writing.state["included"]],
    )


def record_part(name: str, label: str | Promise, model: type[Versioned], *, page: str, address: str) -> Part:
    """A record's own fields, by the acts that undo uses: a new kind of record is one line."""
    kind = next(kind for kind in KINDS if kind.model is model)
    links: list[Any] = [model._meta.get_field(field) for field in kind.fields]

    def read(record: Any) -> State:
        return {link.name: getattr(record, link.attname) for link in links}

    def write(writing: Writing) -> None:
        for link in links:
            setattr(writing.record, link.attname, existing(link, writing.state[link.name]))
        by = Undoing(writing.user, writing.now, writing.confirmed)
        kind.edit(by, writing.record, writing.record.version)

    return Part(name, label, model, page, address, read, write)


def existing(link: Any, value: Any) -> Any:
    """The value, Refused when it is the id of something that is gone."""
    if isinstance(link, models.ForeignKey) and value is not None:
        target: Any = link.related_model
        if not target._base_manager.filter(pk=value).exists():
            raise Refused(__("The planned %(label)s no longer exists.") % {"label": link.verbose_name})
    return value


PARTS: dict[str, Part] = {
    part.name: part
    for part in (
        Part(
            name="forwarding",
            label=_("Forwarding"),
            model=Line,
            page="centrex:lines",
            address="centrex:line-forwarding",
            read=forwarding_state,
            write=write_forwarding,
        ),
        Part(
            name=planned_rules.PART,
            label=_("Call Screening"),
            model=Line,
            page="centrex:lines",
            address="centrex:line-screening",
            read=planned_rules.screening_state,
            write=write_screening,
            head=planned_rules.head_of,
        ),
        feature_part(Answering, _("Incoming Calls"), "centrex:line-incoming"),
        feature_part(Barring, _("Call Barring"), "centrex:line-barring", write_barring),
        feature_part(Identity, _("Identity"), "centrex:line-identity"),
        feature_part(Music, _("Music On Hold"), "centrex:line-music", write_music),
        feature_part(Recording, _("Call Recording"), "centrex:line-recording", write_recording),
        feature_part(Voicemail, _("Voicemail"), "centrex:line-voicemail", write_voicemail),
        feature_part(Fax, _("Faxes"), "centrex:line-faxes", write_fax),
        feature_part(Dialing, _("Dialing Rules"), "centrex:line-dialing", write_dialing),
        feature_part(Limits, _("Call limits"), "centrex:line-limits"),
        record_part(
            "huntgroup", _("Huntgroup"), Huntgroup, page="centrex:huntgroups", address="centrex:huntgroup-edit"
        ),
        Part(
            name="members",
            label=_("Members"),
            model=Huntgroup,
            page="centrex:huntgroups",
            address="centrex:huntgroup-members",
            read=read_contents,
            write=write_contents,
        ),
        Part(
            name="menu",
            label=_("Menu"),
            model=Menu,
            page="centrex:lines",
            address="centrex:menu-edit",
            read=menu_state,
            write=write_menu,
        ),
    )
}
