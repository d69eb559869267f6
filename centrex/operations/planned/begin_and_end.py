"""By the clock: a planned change is put in place at its start and turned back at its end.

Each step is one transaction: the act on the record, the new state of the plan, and the mail about trouble stand or
fall together. So a worker that dies loses nothing and does nothing twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog
from django.conf import settings
from django.db import OperationalError, transaction
from django.db.models import Case, F, Q, QuerySet, When
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from centrex.models import PlannedChange
from centrex.operations.notices import tell_owners
from centrex.operations.planned.parts import PARTS, Part, Writing
from centrex.operations.planned.planning import LIST, lock_office
from centrex.queries.planned import change_in_words, span_in_words, way_back
from selfcare import mail
from selfcare.errors import Refused
from selfcare.models import AuditEvent, User
from selfcare.models.audit import acting
from selfcare.reversal import refuse_outdated

log = structlog.get_logger(__name__)
State = PlannedChange.State


def due(now: datetime) -> QuerySet[PlannedChange]:
    """What has to begin or to end by now, in the order of time; an end goes before a beginning of the same moment."""
    begins, ends = Q(state=State.PLANNED, starts_at__lte=now), Q(state=State.ACTIVE, ends_at__lte=now)
    moment = Case(When(ends, then=F("ends_at")), default=F("starts_at"))
    return PlannedChange.objects.filter(begins | ends).annotate(moment=moment).order_by("moment", "state", "pk")


def apply_due(*, now: datetime) -> int:
    """Do every step that is due and give how many were done.

    A database that is away, or two workers in each other's way, leave a step to the next minute; anything else that
    nobody anticipated fails its change, so that it is neither tried for ever nor in the way of others.
    """
    done = 0
    for pk in list(due(now).values_list("pk", flat=True)):
        try:
            done += step(pk, now=now)
        except OperationalError:
            log.exception("planned_change_waits", change=pk)
        except Exception:
            log.exception("planned_change_broke", change=pk)
            broken(pk)
    return done


@transaction.atomic
def step(pk: int, *, now: datetime) -> bool:
    """Begin or end one change if it is due and no other worker has it; whether anything was done."""
    known = PlannedChange.objects.select_related("customer__main_office").get(pk=pk)
    lock_office(known)
    rows = due(now).filter(pk=pk).select_for_update(skip_locked=True, of=("self",))
    change = rows.select_related("customer__main_office", "planned_by").first()
    if change is None:
        return False
    with override(change.planned_by.language if change.planned_by else "en"):
        if change.state == State.ACTIVE:
            end(change, user=change.planned_by, now=now)
        elif change.ends_at is not None and change.ends_at <= now:
            words = _("The telephone system was not at work from its beginning to its end, so nothing was changed.")
            close(change, State.MISSED, words)
        else:
            begin(change, now=now)
    return True


def begin(change: PlannedChange, *, now: datetime) -> None:
    """Put the change in place, in the name of who planned it; a refusal fails it."""
    part = PARTS[change.part]
    try:
        with transaction.atomic(), acting(page=part.page, planned=True):
            record = part.model.locked(change.record_id, None)
            before = part.read(record)
            # Kept first: what the act would tidy away is still needed for the way back.
            PlannedChange.objects.filter(pk=change.pk).update(before=before)
            after = written(part, change, record, change.new, user=planner(change), confirmed=change.confirmed, now=now)
    except Refused as refusal:
        close(change, State.FAILED, str(refusal.message))
        return
    change.before, change.after = before, after
    close(change, State.ACTIVE if change.ends_at else State.DONE)


def end(change: PlannedChange, *, user: User | None, now: datetime) -> None:
    """Turn back what the change did and nobody has changed since; a refusal fails it."""
    part = PARTS[change.part]
    try:
        with transaction.atomic(), acting(page=part.page, planned=True):
            record = part.model.locked(change.record_id, None)
            now_is = part.read(record)
            back, kept = way_back(change.before or {}, change.after or {}, now_is, head=part.head)
            if back:
                written(part, change, record, back, user=user, confirmed=True, now=now)
    except Refused as refusal:
        close(change, State.FAILED, str(refusal.message))
        return
    words = _("Somebody changed these settings meanwhile, so they stay as they are: %(what)s.")
    names = ", ".join(dict.fromkeys(change.labels.get(name) or name_in_words(part, name) for name in kept))
    close(change, State.DONE, words % {"what": names} if kept else "")


def planner(change: PlannedChange) -> User:
    """Who planned it; Refused when he may no longer sign in: nobody acts in the name of who has left."""
    user = change.planned_by
    if user is None or not user.is_active:
        raise Refused(_("Who planned this may no longer sign in. Somebody else has to plan it again."))
    return user


def written(
    part: Part,
    change: PlannedChange,
    record: Any,
    values: Mapping[str, Any],
    *,
    user: User | None,
    confirmed: bool,
    now: datetime,
) -> dict[str, Any]:
    """Write `values` over the part's present state and give the state that this made; Refused when it is another."""
    state = {**part.read(record), **values}
    part.write(Writing(user, record, state, change.labels, confirmed, now))
    after = part.read(part.model._base_manager.get(pk=record.pk))
    if any(after.get(name) != value for name, value in values.items()):
        raise Refused(_("Other settings that this belongs to were changed since it was planned. Plan it again."))
    return after


def name_in_words(part: Part, name: str) -> str:
    """A field's label where the page gave none."""
    known = {field.name: field.verbose_name for field in part.model._meta.concrete_fields}
    return str(known.get(name, part.label))


def close(change: PlannedChange, state: str, reason: str = "") -> None:
    """The change in its new state; whoever planned it is told of trouble."""
    change.state, change.reason = state, reason
    change.version += 1
    change.save(update_fields=["state", "reason", "before", "after", "version"])
    if reason:
        tell(change)


def tell(change: PlannedChange) -> None:
    """A mail to the planner, or to the owners when he has left."""
    facts = {
        "change": change,
        "what": change_in_words(change),
        "when": span_in_words(change),
        "failed": change.after is None,
        "url": settings.PORTAL_URL + reverse(LIST),
    }
    key, planned_by = f"planned:{change.pk}:{change.version}", change.planned_by
    if planned_by is None or not planned_by.is_active or not planned_by.email:
        tell_owners(customer=change.customer, template="planned_trouble", context=facts, key=key)
        return
    mail.post(
        template="planned_trouble",
        context=facts,
        to=[planned_by.email],
        key=key,
        customer=change.customer,
        language=planned_by.language,
    )


@transaction.atomic
def broken(pk: int) -> None:
    """A change that ended in an error of ours."""
    change = PlannedChange.objects.select_related("customer", "planned_by").filter(pk=pk).first()
    if change is not None and change.state in (State.PLANNED, State.ACTIVE):
        close(change, State.FAILED, _("Something went wrong on our side. Please tell your telephone company."))


@transaction.atomic
def end_now(*, user: User, change: PlannedChange, version: int | None, now: datetime) -> PlannedChange:
    """Turn a change in force back at once; Outdated when it was saved since `version`, Refused when it is over."""
    lock_office(change)
    old = PlannedChange.locked(change.pk, None)
    refuse_outdated(old, version)
    if old.state != State.ACTIVE:
        raise Refused(_("This planned change is not in force."))
    if now > old.starts_at:  # the clock of the job's machine may be a little ahead of this one's
        old.ends_at = now
        old.save(update_fields=["ends_at"])
    end(old, user=user, now=now)
    AuditEvent.write(user=user, action="end", record=old)
    return old
