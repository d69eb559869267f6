"""What the provider told us: kept once, then used as a hint to ask it for the payment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TypeVar
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Q

from billing.gateways.base import Event, NotDone, Unanswered
from billing.models import MethodSetup, Payment, StoredMethod, WebhookEvent
from billing.operations.methods import check_setup, refresh_method
from billing.operations.payments import check_payment
from billing.operations.refunds import settle_refunds_of

log = structlog.get_logger(__name__)

Row = TypeVar("Row", Payment, MethodSetup)

BATCH = 50
MOST_TRIES = 20
# The others tell nothing that moves a payment.
USED = (
    "checkout.session.",
    "payment_intent.",
    "charge.",
    "refund.",
    "setup_intent.",
    "payment_method.",
    "mandate.",
    "paynearme.",
)


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
    """Ask the provider about what the event speaks of; an unanswered question is asked again later."""
    event = WebhookEvent.objects.get(pk=event_id)
    if event.processed_at is not None:
        return
    ask = _question(event, now)
    if ask is None:
        _done(event, now, "Nothing of ours.")
        return
    try:
        ask()
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


def _question(event: WebhookEvent, now: datetime) -> Callable[[], object] | None:
    """What to ask because of this event: about a payment, a visit to the page for storing, or a stored method."""
    payment = _named(Payment, event, Q(session_id=event.object_id) | Q(provider_id=event.object_id))
    if payment is not None:
        return partial(_check, payment, now)
    setup = _named(MethodSetup, event, Q(session_id=event.object_id))
    if setup is not None:
        return partial(check_setup, setup_id=setup.pk, now=now)
    of_method = Q(ref=event.object_id) | Q(mandate=event.object_id)
    method = StoredMethod.objects.filter(of_method, provider=event.provider, removed_at=None).first()
    return None if method is None else partial(refresh_method, method=method, now=now)


def _check(payment: Payment, now: datetime) -> None:
    """Ask about the payment, then about its refunds that are under way."""
    settle_refunds_of(payment=check_payment(payment_id=payment.pk, now=now), now=now)


def _named(model: type[Row], event: WebhookEvent, named: Q) -> Row | None:
    """The row of the provider's id, or of our own id where the event carries it."""
    try:
        named |= Q(pk=UUID(event.payment_ref))
    except ValueError:
        log.debug("event_without_reference", event_id=event.event_id)
    row: Row | None = model.objects.filter(named, provider=event.provider).first()
    return row


def _done(event: WebhookEvent, now: datetime, error: str) -> None:
    event.processed_at, event.error, event.tries = now, error, event.tries + 1
    event.save(update_fields=["processed_at", "error", "tries"])
