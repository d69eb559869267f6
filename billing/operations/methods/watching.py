"""Bringing a stored way to pay to what the provider has: a renewed card, a revoked mandate, a detached account."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from billing.gateways.base import NotDone
from billing.gateways.registry import storing_gateway
from billing.models import StoredMethod
from billing.operations.allocations import serialise
from billing.operations.methods.keeping import shown
from billing.operations.methods.removing import tell_without_method
from billing.queries.auto_pay import wishes_auto_pay
from selfcare.models import AuditEvent
from selfcare.models.audit import differences

FIELDS = ("brand", "last4", "exp_month", "exp_year", "usable")


def refresh_method(*, method: StoredMethod, now: datetime) -> StoredMethod:
    """Ask the provider and keep what changed; outside any transaction. Raises Unanswered or NotDone.

    What became unusable stays in the customer's list, so that he sees it, and he is told if auto-pay wanted it.
    """
    if method.removed_at is not None:
        return method
    found = storing_gateway(method.provider).get_method(method.ref, mandate=method.mandate)
    with transaction.atomic(durable=True):
        serialise(method.customer)
        rows = StoredMethod.objects.select_related("customer").select_for_update(of=("self",), no_key=True)
        before: StoredMethod = rows.get(pk=method.pk)
        kept: StoredMethod = rows.get(pk=method.pk)
        if found.customer_ref and found.kind != kept.kind:
            raise NotDone(f"{found.ref} is of another kind now", later=False)
        for name, value in shown(found).items():
            setattr(kept, name, value)
        changes = differences(before, kept, FIELDS)
        if changes:
            kept.save()
            AuditEvent.write(user=None, customer=kept.customer, action="renew", record=kept, changes=changes)
        if before.usable and not kept.usable and kept.is_default and wishes_auto_pay(kept.customer):
            tell_without_method(kept)
    return kept
