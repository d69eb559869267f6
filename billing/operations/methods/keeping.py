"""Keeping what the provider stored, and which of them is preferred."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from billing.gateways.base import ProviderMethod
from billing.gateways.stripe import NAME as STRIPE
from billing.models import ProviderCustomer, StoredMethod
from billing.operations.allocations import serialise
from billing.operations.methods.telling import tell_of_storing
from selfcare.errors import Refused
from selfcare.models import AuditEvent, Customer, User

log = structlog.get_logger(__name__)


class Strange(Exception):
    """The provider stored this for another payer than the customer's."""


@transaction.atomic
def keep_method(
    *, customer: Customer, user: User | None, found: ProviderMethod, now: datetime, provider: str = STRIPE
) -> StoredMethod:
    """Keep it once; the first one becomes the preferred one. One that was removed here stays removed.

    The same card or account stored a second time takes the place of the first. Raises Strange for what belongs to
    another payer.
    """
    serialise(customer)
    if not ProviderCustomer.objects.filter(customer=customer, provider=provider, ref=found.customer_ref).exists():
        raise Strange(f"{found.ref} belongs to {found.customer_ref}")
    known: StoredMethod | None = StoredMethod.objects.filter(provider=provider, ref=found.ref).first()
    if known is not None:
        return known
    living = StoredMethod.for_customer(customer).filter(removed_at=None)
    before = living.filter(kind=found.kind, fingerprint=found.fingerprint).exclude(fingerprint="").first()
    preferred = before.is_default if before else not living.filter(is_default=True).exists()
    if before is not None:
        living.filter(pk=before.pk).update(is_default=False, removed_at=now)
    method: StoredMethod = StoredMethod.objects.create(
        customer=customer,
        provider=provider,
        ref=found.ref,
        kind=found.kind,
        **shown(found),
        is_default=preferred,
        added_by=user,
        added_at=now,
    )
    AuditEvent.write(user=user, customer=customer, action="store payment method", record=method)
    tell_of_storing(method, user=user)
    return method


def shown(found: ProviderMethod) -> dict[str, object]:
    """What a row keeps of a method and may change there."""
    return {
        "brand": found.brand[:60],
        "last4": found.last4[:4],
        "exp_month": found.exp_month,
        "exp_year": found.exp_year,
        "mandate": found.mandate,
        "fingerprint": found.fingerprint[:100],
        "usable": found.usable,
    }


@transaction.atomic
def set_preferred(*, method: StoredMethod, user: User, now: datetime) -> StoredMethod:
    """Make it the one that auto-pay charges and that the page offers first; Refused if it is gone."""
    serialise(method.customer)
    rows = StoredMethod.for_customer(method.customer).filter(removed_at=None)
    wanted: StoredMethod | None = (
        rows.select_for_update(of=("self",), no_key=True).filter(pk=method.pk, usable=True).first()
    )
    if wanted is None:
        raise Refused(_("This payment method can no longer be used."))
    before = rows.filter(is_default=True).first()
    if before == wanted:
        return wanted
    rows.filter(is_default=True).update(is_default=False)
    wanted.is_default = True
    wanted.save(update_fields=["is_default"])
    changes = {_("Preferred Payment Method"): [str(before or ""), str(wanted)]}
    AuditEvent.write(user=user, customer=method.customer, action="prefer", record=wanted, changes=changes)
    return wanted
