"""What an undo would do, in words, for the page that asks before it is done."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from centrex.models import Extension, Huntgroup, HuntgroupMember, Line, Menu, PlannedChange, Schedule
from centrex.operations.undo.addresses import address_back
from centrex.operations.undo.choices import Choices, ChoicesBack, choices_back
from centrex.operations.undo.contents import (
    Contents,
    contents_at,
    contents_now,
    former_primaries,
    turned_back,
    without_the_gone,
    words_of,
)
from centrex.operations.undo.defaults import is_default, plan_default
from centrex.operations.undo.kinds import Kind, cannot_be_undone, kind_of
from centrex.operations.undo.line_parts import parts_around, parts_now, put_back
from centrex.operations.undo.plan_parts import put_plan_back, values_around, values_of
from centrex.operations.undo.returns import Return, return_of
from centrex.operations.undo.schedule_parts import days_around, days_of, put_days_back
from centrex.operations.undo.undoing import Undoing
from selfcare.errors import Refused
from selfcare.models import AuditEvent, Versioned
from selfcare.models.audit import differences
from selfcare.models.history import around, as_record, ending
from selfcare.reversal import Plan, Step, current, not_kept, refuse_empty, states

FIRST = 1  # the version of a record that was saved once


@dataclass(frozen=True, slots=True)
class Edit:
    """A change to turn back: the record with its former values, and for a huntgroup its former contents.

    `fields` and `contents` say whether there is anything to save in either; `primary` are the extensions that get
    their former primary group back, by the group. `choices` are the former ones of a menu, None when it has them.
    `parts` puts back what belongs to a line or to hours, and what is planned.
    """

    plan: Plan
    fields: bool
    contents: Contents | None
    primary: list[tuple[Extension, Huntgroup]]
    choices: Choices | None = None
    parts: Callable[[Undoing], None] | None = None


def plan_undo(event: AuditEvent, *, fixed: Collection[str] = ()) -> Plan:
    """What undoing `event` would change but for the fields `fixed`; Refused when it cannot be undone (any more)."""
    if is_default(event):
        return plan_default(event, fixed)
    kind = kind_of(event)
    match event.action:
        case "edit":
            return plan_edit(event, kind, fixed).plan
        case "add" if kind.delete:
            return plan_removal(event, kind)
        case "delete" if kind.add:
            return plan_return(event, kind)[0]
    raise cannot_be_undone()


def plan_edit(event: AuditEvent, kind: Kind, fixed: Collection[str]) -> Edit:
    """Only what the act changed goes back; what was changed since in the same place is said."""
    record = current(event, kind.model)
    refuse_without_version(event)
    old, new = states_around(event, kind, record)
    steps = kind.turn(record, old, new, [name for name in kind.fields if name not in fixed])
    has_fields = bool(steps)
    contents = contents_back(event, record) if isinstance(record, Huntgroup) else ContentsBack()
    choices = choices_back(event, record) if isinstance(record, Menu) else ChoicesBack()
    parts = parts_back(event, record, kind)
    every = [*steps, *contents.steps, *choices.steps, *parts.steps]
    plan = refuse_empty(Plan(record, record.version, every, [*contents.sentences, *parts.sentences]))
    return Edit(plan, has_fields, contents.target, contents.primary, choices.target, parts.act)


def refuse_without_version(event: AuditEvent) -> None:
    """Refused for an act that its record was told of only: it made no version, and that before it is another's."""
    same = AuditEvent.objects.filter(record_type=event.record_type, record_id=event.record_id, version=event.version)
    if same.filter(pk__lt=event.pk).exists():
        raise cannot_be_undone()


def states_around(event: AuditEvent, kind: Kind, record: Versioned) -> tuple[Versioned, Versioned]:
    """The record just before and just after `event`, or, for its first save, what counted until then."""
    if kind.first is None or event.version != FIRST:
        return states(event, kind.model)
    _before, after = around(kind.model, event.record_id, FIRST)
    if after is None:
        raise not_kept()
    return kind.first(record), as_record(kind.model, after)


@dataclass(frozen=True, slots=True)
class PartsBack:
    """What belongs to a record and goes back with it, in words; `act` puts it back, None: it is as before."""

    steps: list[Step] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
    act: Callable[[Undoing], None] | None = None


def parts_back(event: AuditEvent, record: Any, kind: Kind) -> PartsBack:
    """What else of a line, hours or a plan changed with it: in the event's words, and the act that puts it back."""
    address = address_back(event, record) if isinstance(record, Line) else None
    if address is not None:
        return PartsBack(address.steps, address.sentences, address.act)
    old: Any
    new: Any
    match record:
        case Line():
            old, new = parts_around(event, record)
            now: Any = parts_now(record)
            back: Any = partial(put_back, event=event, line=record, old=old, new=new)
        case Schedule():
            old, new = days_around(event, record)
            now = days_of(record.days.all())
            back = partial(put_days_back, schedule=record, old=old, new=new)
        case PlannedChange():
            old, new = values_around(event)
            now = values_of(record)
            back = partial(put_plan_back, change=record, old=old)
        case _:
            return PartsBack()
    own = {str(record._meta.get_field(name).verbose_name) for name in kind.fields}
    words = {label: pair for label, pair in event.changes.items() if label not in own}
    if old == new and words:
        raise cannot_be_undone()  # an act on something else, such as a number, that the line's history names
    if old in (new, now):
        return PartsBack()
    steps = [Step(label, became, was, changed_since=now != new) for label, (was, became) in words.items()]
    return PartsBack(steps, act=lambda by: back(by=by))


@dataclass(frozen=True, slots=True)
class ContentsBack:
    """What of a huntgroup's contents an undo puts back; `target` None: they are as before."""

    target: Contents | None = None
    steps: list[Step] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
    primary: list[tuple[Extension, Huntgroup]] = field(default_factory=list)


def contents_back(event: AuditEvent, group: Huntgroup) -> ContentsBack:
    before, after = around(Huntgroup, event.record_id, event.version)
    old, new = (contents_at(group, state.pgh_created_at) for state in (before, after))
    now = contents_now(group)
    if old == new:
        return ContentsBack()
    target, gone = without_the_gone(turned_back(old=old, new=new, now=now))
    sentences = [_("%(record)s was deleted since and does not come back.") % {"record": name} for name in gone]
    if target == now:
        return ContentsBack(sentences=sentences)
    primary = primary_again(target, former_primaries(old=old, new=new, at=before.pgh_created_at))
    sentences += [
        _("%(group)s becomes the primary group of %(extension)s again.") % {"group": other, "extension": extension}
        for extension, other in primary
    ]
    return ContentsBack(target, contents_steps(group, target, now, changed_since=now != new), sentences, primary)


def primary_again(target: Contents, former: dict[int, int]) -> list[tuple[Extension, Huntgroup]]:
    """The extensions whose former primary group still includes them, and whose primary `target` is not."""
    stays = {row.extension for row in target.members if row.primary}
    members = HuntgroupMember.objects.filter(extension__in=former.keys() - stays).select_related(
        "extension", "huntgroup"
    )
    return [(row.extension, row.huntgroup) for row in members if former[row.extension_id] == row.huntgroup_id]


def contents_steps(group: Huntgroup, target: Contents, now: Contents, *, changed_since: bool) -> list[Step]:
    words, wanted = words_of(group, now), words_of(group, target)
    return [Step(label, words[label], wanted[label], changed_since) for label in words if words[label] != wanted[label]]


def plan_removal(event: AuditEvent, kind: Kind) -> Plan:
    """Undoing that a record was added deletes it as its page would."""
    record = current(event, kind.model)
    values = differences(record, blank(kind, record), kind.fields)
    steps = [Step(label, now, then) for label, (now, then) in values.items()]
    changed = [_("It was changed since it was added.")] if record.version != event.version else []
    return Plan(record, record.version, steps, [*changed, *kind.consequences(record)])


def plan_return(event: AuditEvent, kind: Kind) -> tuple[Plan, Return]:
    """Undoing a deletion adds the record again, under the same id, with what went with it."""
    if kind.model._base_manager.filter(pk=event.record_id).exists():
        raise Refused(_("Everything is already as it was before this change."))
    ended = ending(kind.model, event.record_id, event.version)
    if ended is None:
        raise not_kept()
    record = as_record(kind.model, ended)
    back = return_of(record, ended)
    values = differences(blank(kind, record), record, kind.fields)
    steps = [Step(label, now, then) for label, (now, then) in values.items()]
    return Plan(record, None, steps, back.sentences), back


def blank(kind: Kind, record: Any) -> Versioned:
    """A record of the same customer that says nothing yet."""
    make: Any = kind.model
    empty: Versioned = make(customer=record.customer)
    return empty
