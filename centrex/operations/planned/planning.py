"""Planning a change, moving it, and giving it up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import transaction
from django.utils.translation import gettext as _

from centrex.models import PlannedChange
from centrex.queries.planned import difference, overlapping, span_in_words
from selfcare.errors import Link, Refused
from selfcare.models import AuditEvent, Customer, User, Versioned
from selfcare.models.audit import acting, differences
from selfcare.reversal import refuse_outdated

if TYPE_CHECKING:
    from centrex.operations.planned.parts import Part  # undo knows planned changes, and parts know undo

FARTHEST = timedelta(days=2 * 366)
MOVABLE = {PlannedChange.State.PLANNED, PlannedChange.State.CANCELLED}
FIELDS = ("starts_at", "ends_at", "state")
VALUES = ("new", "changes", "labels", "confirmed")  # what is planned, beside when
PLAN, LIST = "centrex:planned-change", "centrex:planned"


class TriedOut(Exception):
    """Takes back what an act did while it was tried out."""


@transaction.atomic
def plan_change(
    *,
    user: User,
    part: Part,
    record: Versioned,
    starts_at: datetime,
    ends_at: datetime | None,
    act: Callable[[], object],
    labels: Mapping[str, str],
    confirmed: bool,
    now: datetime,
) -> PlannedChange:
    """Write down what `act`, the page's own, would change in `part` of `record`, to be done later.

    The act is done and taken back, so that whatever it refuses is refused now, with its own fields. Refused at
    "starts_at" or "ends_at" for times that make no sense, and where the same field is planned already.
    """
    refuse_odd_times(starts_at, ends_at, now=now)
    lock_office(record)
    new, words = tried_out(part, record, act)
    if not new:
        raise Refused(_("This changes nothing now. Change something first, then plan it."))
    refuse_overlap(record, part.name, new, starts_at, ends_at)
    change = PlannedChange(
        customer=customer_of(record),
        part=part.name,
        record_type=record._meta.label_lower,
        record_id=record.pk,
        record_name=str(type(record)._base_manager.get(pk=record.pk))[:200],
        planned_on=type(record)._base_manager.values_list("version", flat=True).get(pk=record.pk),
        new=new,
        changes=words,
        labels=dict(labels),
        starts_at=starts_at,
        ends_at=ends_at,
        confirmed=confirmed,
        planned_by=user,
    )
    change.save()
    blank = PlannedChange(customer=change.customer, state="")
    AuditEvent.write(user=user, action="add", record=change, changes=words | differences(blank, change, FIELDS[:2]))
    return change


def tried_out(part: Part, record: Versioned, act: Callable[[], object]) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """What the act changes in the part, as values and in words; nothing of it stays."""
    before = part.read(fresh(record))
    try:
        with transaction.atomic(), acting() as told:
            seen = len(told.events)
            act()
            new = difference(before, part.read(fresh(record)))
            raise TriedOut
    except TriedOut:
        events = told.events[seen:]
        del told.events[seen:]
    own = (record._meta.label_lower, str(record.pk))
    return new, in_one([event.changes for event in events if (event.record_type, event.record_id) == own])


def in_one(steps: Iterable[Mapping[str, list[str]]]) -> dict[str, list[str]]:
    """What several acts on a record changed together, in words: label -> [before the first, after the last]."""
    words: dict[str, list[str]] = {}
    for changes in steps:
        for label, (old, new) in changes.items():
            words[label] = [words[label][0] if label in words else old, new]
    return {label: pair for label, pair in words.items() if pair[0] != pair[1]}


@transaction.atomic
def change_plan(*, user: User, change: PlannedChange, version: int | None, now: datetime) -> PlannedChange:
    """Move a change that has not begun, or the end of one in force; a cancelled one counts again.

    Outdated when it was saved since `version` or has begun meanwhile; Refused as for planning.
    """
    lock_office(change)
    old = PlannedChange.locked(change.pk, change.version if version is None else version)
    if old.state not in (*MOVABLE, PlannedChange.State.ACTIVE):
        raise Refused(_("This planned change is over."))
    if old.state != change.state and not {old.state, change.state} <= MOVABLE:
        raise begun()
    if old.state == PlannedChange.State.ACTIVE:
        refuse_odd_end(old, change, now=now)
    else:
        refuse_odd_times(change.starts_at, change.ends_at, now=now)
    changes = differences(old, change, FIELDS)
    if not changes:
        return change
    record = record_of(old)
    if record is not None:
        refuse_overlap(record, old.part, old.new, change.starts_at, change.ends_at, besides=old.pk)
    change.version = old.version + 1
    change.save(update_fields=[*FIELDS, "version"])
    AuditEvent.write(user=user, action="edit", record=change, changes=changes)
    return change


@transaction.atomic
def cancel_plan(*, user: User, change: PlannedChange, version: int | None) -> PlannedChange:
    """Give up a change that has not begun; Outdated when it was saved since `version`, Refused once it began."""
    lock_office(change)
    old = PlannedChange.locked(change.pk, None)
    refuse_outdated(old, version)
    if old.state != PlannedChange.State.PLANNED:
        raise begun()
    change.state, change.version = PlannedChange.State.CANCELLED, old.version + 1
    change.save(update_fields=["state", "version"])
    AuditEvent.write(user=user, action="edit", record=change, changes=differences(old, change, ("state",)))
    return change


@transaction.atomic
def put_values_back(*, user: User, change: PlannedChange, values: Mapping[str, Any]) -> PlannedChange:
    """Plan again what was planned before, in the name of `user`; `values` are those of VALUES.

    Refused once it has begun, and where another plan is in the way by now.
    """
    lock_office(change)
    old, new = PlannedChange.locked(change.pk, None), PlannedChange.locked(change.pk, None)
    if old.state not in MOVABLE:
        raise begun()
    record = record_of(old)
    if record is not None:
        refuse_overlap(record, old.part, values["new"], old.starts_at, old.ends_at, besides=old.pk)
    for name in VALUES:
        setattr(new, name, values[name])
    new.planned_by, new.version = user, old.version + 1
    new.save(update_fields=[*VALUES, "planned_by", "version"])
    AuditEvent.write(user=user, action="edit", record=new, changes=changes_of_plan(old, new))
    return new


def changes_of_plan(old: PlannedChange, new: PlannedChange) -> dict[str, list[str]]:
    """What is planned otherwise, in words: label -> [old, new]; empty for what is planned no more, or was not."""
    before, after = ({label: pair[1] for label, pair in each.changes.items()} for each in (old, new))
    labels = [label for label in dict.fromkeys([*before, *after]) if before.get(label) != after.get(label)]
    words = {label: [before.get(label, ""), after.get(label, "")] for label in labels}
    return words | differences(old, new, FIELDS)


def begun() -> Refused:
    return Refused(_("This planned change has begun already, or is over."))


def lock_office(record: Any) -> None:
    """The main office first: the order in which every act on its records locks, and one plan after the other."""
    Customer.objects.select_for_update(no_key=True).get(pk=record.customer.office.pk)


def customer_of(record: Any) -> Customer:
    customer: Customer = record.customer
    return customer


def fresh(record: Versioned) -> Versioned:
    """The record as the database has it."""
    return type(record)._base_manager.get(pk=record.pk)


def record_of(change: PlannedChange) -> Versioned | None:
    """The record that the change is about; None when it is deleted."""
    model: Any = apps.get_model(change.record_type)
    found: Versioned | None = model._base_manager.filter(pk=change.record_id).first()
    return found


def refuse_odd_times(starts_at: datetime, ends_at: datetime | None, *, now: datetime) -> None:
    """Refused for a start that is past or years away, and for an end before it."""
    if starts_at <= now:
        raise Refused(_("Choose a time that is still to come."), field="starts_at")
    if starts_at > now + FARTHEST:
        raise Refused(_("Choose a time within the next two years."), field="starts_at")
    if ends_at is not None and ends_at <= starts_at:
        raise Refused(_("The end must be after the beginning."), field="ends_at")
    if ends_at is not None and ends_at > now + FARTHEST:
        raise Refused(_("Choose a time within the next two years."), field="ends_at")


def refuse_odd_end(old: PlannedChange, change: PlannedChange, *, now: datetime) -> None:
    """Refused when anything but the end of a change in force would move, or its end into the past."""
    if old.starts_at != change.starts_at or change.ends_at is None:
        raise Refused(_("This change is in force already: only its end can be moved."), field="starts_at")
    if change.ends_at <= now:
        raise Refused(_("Choose a time that is still to come."), field="ends_at")


def refuse_overlap(
    record: Versioned,
    part: str,
    new: Mapping[str, Any],
    start: datetime,
    end: datetime | None,
    *,
    besides: int | None = None,
) -> None:
    """Refused, with a link to the other, where the same field is changed by another plan at the same time."""
    for other in overlapping(record, part, new, start=start, end=end):
        if other.pk != besides:
            words = span_in_words(other)
            message = _("The same setting is planned already at that time: %(other)s.") % {"other": words}
            raise Refused(message, field="starts_at", link=Link(words, LIST, PLAN, (other.pk,)))
