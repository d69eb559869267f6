"""Changing what is planned: the page's form over the record as the plan will have made it, saved back into the plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from centrex.models import PlannedChange
from centrex.operations.forwarding import PasswordNeeded
from centrex.operations.planned.begin_and_end import written
from centrex.operations.planned.parts import PARTS
from centrex.operations.planned.planning import (
    begun,
    changes_of_plan,
    lock_office,
    record_of,
    refuse_odd_times,
    refuse_overlap,
    tried_out,
)
from selfcare.errors import Refused
from selfcare.models import AuditEvent, User
from selfcare.models.audit import acting


@transaction.atomic
def put_in_place(*, user: User, change: PlannedChange, confirmed: bool, now: datetime) -> None:
    """Do what is planned, for a look at it: the caller takes it back. The record keeps its version.

    Refused for what could not be done any more, with nothing of it done.
    """
    part = PARTS[change.part]
    with acting() as told:
        seen = len(told.events)
        try:
            with transaction.atomic():
                record = part.model.locked(change.record_id, None)
                version = record.version
                written(part, change, record, change.new, user=user, confirmed=confirmed, now=now)
        except Refused:
            del told.events[seen:]
            raise
        # What is only looked at is no change of the record that a form could be too old for.
        part.model._base_manager.filter(pk=change.record_id).update(version=version)
        AuditEvent.objects.filter(pk__in=[event.pk for event in told.events[seen:]]).delete()


@transaction.atomic
def change_values(
    *,
    user: User,
    change: PlannedChange,
    version: int | None,
    starts_at: datetime,
    ends_at: datetime | None,
    act: Callable[[], object],
    labels: Mapping[str, str],
    confirmed: bool,
    now: datetime,
) -> PlannedChange:
    """Plan what `act`, the page's own, makes of the record as it is planned now; from then on it is the user's plan.

    Outdated when the plan was saved since `version`; Refused once it has begun, and as for planning.
    """
    lock_office(change)
    old = PlannedChange.locked(change.pk, change.version if version is None else version)
    if old.state != PlannedChange.State.PLANNED:
        raise begun()
    refuse_odd_times(starts_at, ends_at, now=now)
    record = record_of(old)
    if record is None:
        raise Refused(_("Somebody deleted this meanwhile."))
    vouched = old.confirmed or confirmed

    def over_the_plan() -> None:
        try:
            put_in_place(user=user, change=old, confirmed=vouched, now=now)
        except PasswordNeeded:
            raise
        except Refused:
            pass  # then what was typed has to stand on the record as it is
        act()

    new, words = tried_out(PARTS[old.part], record, over_the_plan)
    if not new:
        raise Refused(_("This leaves nothing to be planned. Call the planned change off instead."))
    refuse_overlap(record, old.part, new, starts_at, ends_at, besides=old.pk)
    change.new, change.changes, change.labels = new, words, {**old.labels, **labels}
    change.starts_at, change.ends_at = starts_at, ends_at
    change.confirmed, change.planned_by = vouched, user
    if all(getattr(change, name) == getattr(old, name) for name in ("new", "starts_at", "ends_at")):
        return old
    change.planned_on, change.version = record.version, old.version + 1
    change.save()
    AuditEvent.write(user=user, action="edit", record=change, changes=changes_of_plan(old, change))
    return change
