"""Charges at the provider that nobody confirmed and that no payment here knows: a crash before the id was kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import structlog

from billing.gateways.base import NotDone, Progress, ProviderPayment, Unanswered
from billing.gateways.registry import STORING
from billing.models import Payment
from billing.operations.payments.states import OPEN, UNCONFIRMED_FOR

log = structlog.get_logger(__name__)

LOOKED_BACK = timedelta(days=2)


def cancel_orphans(*, now: datetime) -> int:
    """Cancel them an hour after they were made; outside any transaction. Returns how many were cancelled."""
    done = 0
    for provider in STORING.values():
        try:
            for found in provider.payments_between(since=now - LOOKED_BACK, until=now - UNCONFIRMED_FOR):
                if _is_orphan(found):
                    provider.cancel_charge(provider_id=found.provider_id, payment_id=UUID(found.reference))
                    log.info("orphan_cancelled", payment=found.reference, provider_id=found.provider_id)
                    done += 1
        except (Unanswered, NotDone) as trouble:
            log.warning("orphans_unanswered", provider=provider.name, error=str(trouble))
    return done


def _is_orphan(found: ProviderPayment) -> bool:
    """Ours by its reference, waiting to be confirmed, and not what its payment goes on with."""
    if found.progress != Progress.UNCONFIRMED or not found.reference:
        return False
    try:
        payment = Payment.objects.filter(pk=UUID(found.reference)).first()
    except ValueError:
        return False
    if payment is None:
        return False
    return payment.state not in OPEN or payment.provider_id not in ("", found.provider_id)
