"""Removing a stored way to pay: here at once, at the provider as soon as it answers."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from billing.gateways.base import NotDone, Unanswered
from billing.gateways.registry import storing_gateway
from billing.models import StoredMethod
from billing.operations.allocations import serialise
from billing.operations.methods.telling import tell_of_removal
from billing.queries.auto_pay import wishes_auto_pay
from centrex.operations.notices import tell_owners
from selfcare.models import AuditEvent, User

log = structlog.get_logger(__name__)

BATCH = 50


def remove_method(*, method: StoredMethod, user: User, now: datetime) -> StoredMethod:
    """Remove it, once; outside any transaction.

    No other becomes the preferred one by itself, as nobody chose it; auto-pay keeps its wishes and finds nothing to
    charge, which its customer is told at once.
    """
    with transaction.atomic(durable=True):
        serialise(method.customer)
        rows = StoredMethod.objects.select_related("customer").select_for_update(of=("self",), no_key=True)
        removed: StoredMethod = rows.get(pk=method.pk)
        if removed.removed_at is None:
            _remove(removed, user, now)
    detach(removed, now=now)
    return removed


def _remove(method: StoredMethod, user: User, now: datetime) -> None:
    was_preferred = method.is_default
    method.is_default, method.removed_at = False, now
    method.save(update_fields=["is_default", "removed_at"])
    AuditEvent.write(user=user, customer=method.customer, action="remove payment method", record=method)
    tell_of_removal(method, user=user)
    if was_preferred and wishes_auto_pay(method.customer):
        tell_without_method(method)


def tell_without_method(method: StoredMethod) -> None:
    """Tell the owners that auto-pay has nothing to charge any more; once for each method that it lost."""
    tell_owners(
        customer=method.customer,
        template="auto_pay_without_method",
        context={"method": method, "url": settings.PORTAL_URL + reverse("billing:payment-info")},
        key=f"auto-pay-without-method:{method.pk}",
    )


def detach(method: StoredMethod, *, now: datetime) -> bool:
    """Have the provider forget it; False when it did not answer, and the clock asks again."""
    if method.detached_at is not None:
        return True
    try:
        storing_gateway(method.provider).detach(method.ref)
    except (Unanswered, NotDone) as trouble:
        log.warning("method_not_detached", method=str(method.pk), error=str(trouble))
        return False
    StoredMethod.objects.filter(pk=method.pk).update(detached_at=now)
    return True


def detach_removed(*, now: datetime) -> int:
    """The clock: have the provider forget what was removed here; returns how many it forgot."""
    waiting = StoredMethod.objects.exclude(removed_at=None).filter(detached_at=None).order_by("removed_at")
    return sum(detach(method, now=now) for method in list(waiting[:BATCH]))
