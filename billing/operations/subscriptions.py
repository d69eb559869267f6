"""Subscriptions: opening, charging, ending. Each period of each subscription is one row of the ledger for ever."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from billing.models import Service, Subscription
from billing.operations.ledger import LedgerRow, make_missing_months, post_rows
from billing.periods import last_moment
from billing.rating.subscription import Calendar, Part, parts_due
from centrex.models import Did
from selfcare.models import Customer

log = structlog.get_logger(__name__)


def calendar_of(customer: Customer) -> Calendar:
    """How the customer's billing periods run."""
    return Calendar(billing_day=customer.billing_day, zone=customer.zone)


def open_subscription(*, customer: Customer, name: str, fee: Decimal, did: Did | None, now: datetime) -> Subscription:
    """Begin a monthly fee and charge the rest of the period that runs; the day it begins on counts."""
    subscription: Subscription = Subscription.objects.create(
        customer=customer, name=name, did=did, monthly_fee=fee, started_at=now, charged_until=now
    )
    return charge(subscription_id=subscription.pk, now=now)


def end_subscription(*, subscription: Subscription, now: datetime) -> Subscription:
    """End a monthly fee: the period that runs stays charged, none is charged after it."""
    with transaction.atomic():
        current = charge(subscription_id=subscription.pk, now=now)
        if current.ended_at is None:
            current.ended_at = now
            current.save(update_fields=["ended_at"])
    return current


def charge_due(*, now: datetime) -> int:
    """Charge every subscription for the periods that have begun; returns how many were due.

    Runs as often as you like and by several workers at once, and catches up after days without a run. A closed
    customer is not charged.
    """
    due = Subscription.objects.running().filter(charged_until__lte=now).exclude(
        customer__status=Customer.Status.CLOSED
    )  # fmt: skip
    ids = list(due.order_by("charged_until", "pk").values_list("pk", flat=True))
    for subscription_id in ids:
        charge(subscription_id=subscription_id, now=now)
    return len(ids)


def charge(*, subscription_id: int, now: datetime) -> Subscription:
    """Charge one subscription for the periods that have begun and are not charged; nothing for an ended one.

    One whose number staff has given to somebody else, or taken back, ends instead.
    """
    make_missing_months(part.period.start for part in _due(Subscription.objects.get(pk=subscription_id), now))
    with transaction.atomic():
        current = _locked(subscription_id)
        if current.ended_at is not None:
            return current
        parts = _due(current, now)
        if parts and current.did is not None and current.did.customer_id != current.customer_id:
            current.ended_at = now
            current.save(update_fields=["ended_at"])
            log.warning("subscription_of_a_number_that_is_gone", subscription=current.pk)
            return current
        post_rows([_row(current, part) for part in parts if part.amount], now=now)
        if parts:
            current.charged_until = parts[-1].period.end
            current.save(update_fields=["charged_until"])
    return current


def _locked(subscription_id: int) -> Subscription:
    """The row, locked: of two workers the second finds the period charged."""
    rows = Subscription.objects.select_for_update(of=("self",)).select_related("customer", "did")
    found: Subscription = rows.get(pk=subscription_id)
    return found


def _due(subscription: Subscription, now: datetime) -> Sequence[Part]:
    customer = subscription.customer
    return [
        *parts_due(
            subscription.charged_until,
            now=now,
            fee=subscription.monthly_fee,
            currency=customer.currency,
            calendar=calendar_of(customer),
        )
    ]


def _row(subscription: Subscription, part: Part) -> LedgerRow:
    calendar = calendar_of(subscription.customer)
    first, last = calendar.day(part.period.start), calendar.day(last_moment(part.period.end))
    return LedgerRow(
        customer_id=subscription.customer_id,
        service_id=Service.SUBSCRIPTIONS,
        started_at=part.period.start,
        amount=part.amount,
        quantity=part.months,
        charged_quantity=part.months,
        cld=subscription.did.number if subscription.did else "",
        description=_("%(name)s, %(first)s to %(last)s") % {"name": subscription.name, "first": first, "last": last},
        external_id=f"subscription:{subscription.pk}:{part.period.start.isoformat()}",
    )
