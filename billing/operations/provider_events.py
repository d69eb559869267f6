"""What the provider told us: kept once, then used as a hint to ask it for the payment."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Q

from billing.gateways.base import Event, NotDone, Unanswered
from billing.models import Payment, WebhookEvent
from billing.operations.payments import check_payment

log = structlog.get_logger(__name__)

BATCH = 50
MOST_TRIES = 20
# The others tell nothing that moves a payment.
USED = ("checkout.session.", "payment_intent.", "charge.")


def keep_event(*, provider: str, event: Event, now: datetime) -> int | None:
    """Store the event once; returns its row's id if it is new and of use."""
    if not event.type.startswith(USED):
        return None
    row = WebhookEvent(
        provider=provider,
        event_id=event.event_id,
        type=event.type[:100],
        object_id=event.object_id[:100],
        payment_ref=event.reference[:40],
        received_at=now,
    )
    with transaction.atomic():
        before = WebhookEvent.objects.filter(provider=provider, event_id=event.event_id)
        if before.exists():
            return None
        WebhookEvent.objects.bulk_create([row], ignore_conflicts=True)
        kept: int = before.values_list("pk", flat=True).get()
    return kept


def process_event(*, event_id: int, now: datetime) -> None:
    """Ask the provider about the payment that the event speaks of; an unanswered question is asked again later."""
    event = WebhookEvent.objects.get(pk=event_id)
    if event.processed_at is not None:
        return
    payment = _payment_of(event)
    if payment is None:
        _done(event, now, "No payment of ours.")
        return
    try:
        check_payment(payment_id=payment.pk, now=now)
    except (Unanswered, NotDone) as trouble:
        event.tries += 1
        event.error = str(trouble)[:300]
        if event.tries >= MOST_TRIES:  # the janitor goes on asking
            event.processed_at = now
        event.save(update_fields=["tries", "error", "processed_at"])
        return
    _done(event, now, "")


def process_waiting(*, now: datetime) -> int:
    """Process the oldest events that are waiting; returns how many were tried."""
    waiting = WebhookEvent.objects.filter(processed_at=None).order_by("tries", "received_at")
    events = list(waiting.values_list("pk", flat=True)[:BATCH])
    for event_id in events:
        process_event(event_id=event_id, now=now)
    return len(events)


def _payment_of(event: WebhookEvent) -> Payment | None:
    named = Q(session_id=event.object_id) | Q(provider_id=event.object_id)
    try:
        named |= Q(pk=UUID(event.payment_ref))
    except ValueError:
        log.debug("event_without_reference", event_id=event.event_id)
    payment: Payment | None = Payment.objects.filter(named, provider=event.provider).first()
    return payment


def _done(event: WebhookEvent, now: datetime, error: str) -> None:
    event.processed_at, event.error, event.tries = now, error, event.tries + 1
    event.save(update_fields=["processed_at", "error", "tries"])
