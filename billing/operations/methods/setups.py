"""What became of a visit to the provider's page for storing: asked for, applied once."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import transaction

from billing.gateways.base import NotDone, Progress, ProviderSetup, Unanswered
from billing.gateways.registry import storing_gateway
from billing.models import MethodSetup
from billing.operations.methods.keeping import Strange, keep_method

log = structlog.get_logger(__name__)

State = MethodSetup.State
WAITING = frozenset({State.CREATED, State.OPEN, State.PROCESSING})
BATCH = 50
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
# How long after the last change or check the janitor asks. Small deposits that prove an account take up to ten days.
CALENDAR: dict[str, tuple[timedelta, ...]] = {
    State.CREATED: (15 * MINUTE, HOUR, HOUR),
    State.OPEN: (5 * MINUTE, HOUR, HOUR, DAY, DAY),
    State.PROCESSING: (HOUR, *[DAY] * 15),
}
# The page is open for an hour; one that nobody could be sent to is given up after that.
LOST_AFTER = HOUR
STATES: dict[Progress, str] = {
    Progress.PAID: State.DONE,
    Progress.PROCESSING: State.PROCESSING,
    Progress.FAILED: State.FAILED,
    Progress.EXPIRED: State.CANCELLED,
}


def next_setup_check(state: str, *, checks: int, now: datetime) -> datetime | None:
    """When to ask after so many checks; None once it has ended or nobody will ask any more."""
    waits = CALENDAR.get(state, ())
    return now + waits[checks] if checks < len(waits) else None


def check_setup(*, setup_id: UUID, now: datetime) -> MethodSetup:
    """Ask the provider and apply its answer; outside any transaction. Raises Unanswered or NotDone."""
    setup: MethodSetup = MethodSetup.objects.get(pk=setup_id)
    if setup.session_id:
        found = storing_gateway(setup.provider).get_setup(setup.session_id)
        return apply_setup(setup_id=setup_id, found=found, now=now)
    if now - setup.created_at >= LOST_AFTER:
        return end_setup(setup_id=setup_id, state=State.CANCELLED, failure="", now=now)
    return setup


def apply_setup(*, setup_id: UUID, found: ProviderSetup, now: datetime) -> MethodSetup:
    """Bring the visit to what the provider said; repeated or late answers store nothing twice."""
    with transaction.atomic(durable=True):
        setup = _locked(setup_id)
        if found.reference != str(setup.pk):
            log.error("setup_of_somebody_else", setup=str(setup.pk), reference=found.reference)
            return setup
        setup.session_id = found.session_id
        if setup.state in WAITING:
            setup.session_url, setup.failure = found.session_url, found.failure
            _move(setup, _state(setup, found, now), now)
        setup.save()
    return setup


def end_setup(*, setup_id: UUID, state: str, failure: str, now: datetime) -> MethodSetup:
    """End a visit of which the provider has nothing."""
    with transaction.atomic(durable=True):
        setup = _locked(setup_id)
        if setup.state in WAITING:
            setup.failure = failure
            _move(setup, state, now)
            setup.save()
    return setup


def settle_setups(*, now: datetime) -> int:
    """The janitor: asks about every visit that is due by the calendar; returns how many were asked about."""
    due = MethodSetup.objects.filter(state__in=WAITING, next_check_at__lte=now).order_by("next_check_at")
    asked = 0
    for setup_id in list(due.values_list("pk", flat=True)[:BATCH]):
        if not _take(setup_id, now):
            continue
        asked += 1
        try:
            check_setup(setup_id=setup_id, now=now)
        except (Unanswered, NotDone) as trouble:
            log.warning("setup_check_unanswered", setup=str(setup_id), error=str(trouble))
    return asked


def _locked(setup_id: UUID) -> MethodSetup:
    rows = MethodSetup.objects.select_related("customer", "user").select_for_update(of=("self",), no_key=True)
    setup: MethodSetup = rows.get(pk=setup_id)
    return setup


def _state(setup: MethodSetup, found: ProviderSetup, now: datetime) -> str:
    """Where it is now; the method is kept in the same transaction in which the visit ends."""
    if found.progress != Progress.PAID:
        return STATES.get(found.progress, State.OPEN)
    if found.method is None:
        return State.PROCESSING
    try:
        setup.method = keep_method(customer=setup.customer, user=setup.user, found=found.method, now=now)
    except Strange as trouble:
        log.error("method_of_another_payer", setup=str(setup.pk), error=str(trouble))
        setup.failure = "provider_refused"
        return State.FAILED
    return State.DONE


def _move(setup: MethodSetup, state: str, now: datetime) -> None:
    if state == setup.state:
        return
    setup.state, setup.changed_at, setup.checks = state, now, 0
    setup.next_check_at = next_setup_check(state, checks=0, now=now)


def _take(setup_id: UUID, now: datetime) -> bool:
    """Plan the next check before this one, so that a crash or a second janitor does not ask without end."""
    with transaction.atomic():
        rows = MethodSetup.objects.select_for_update(skip_locked=True, no_key=True)
        setup = rows.filter(pk=setup_id, state__in=WAITING, next_check_at__lte=now).first()
        if setup is None:
            return False
        setup.checks += 1
        setup.next_check_at = next_setup_check(setup.state, checks=setup.checks, now=now)
        setup.save(update_fields=["checks", "next_check_at"])
    return True
