"""Subscriptions: opening, charging, ending. Each period of each subscription is one row of the ledger for ever.

A prepaid customer whose money does not cover a fee is charged all the same: what he has is still his, and his balance
says so; his calls wait for a payment.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from billing.models import Service, Subscription, SubscriptionPlan
from billing.money import round_charge, round_money
from billing.operations.ledger import LedgerRow, make_missing_months, post_rows
from billing.periods import last_moment
from billing.queries.calendars import calendar_of
from billing.rating.subscription import Cycle, Part, Terms, next_part, parts_due
from centrex.models import Did, Line
from selfcare.errors import Refused
from selfcare.models import Customer

log = structlog.get_logger(__name__)


def terms_of(subscription: Subscription) -> Terms:
    """What was agreed, as the rules of `billing.rating` read it."""
    customer = subscription.customer
    return Terms(
        fee=subscription.fee,
        currency=customer.currency,
        calendar=calendar_of(customer),
        started_at=subscription.started_at,
        ended_at=subscription.ended_at,
        cycle=Cycle(subscription.cycle),
        in_arrears=subscription.in_arrears,
        prorated=subscription.prorated,
    )


def open_subscription(
    *,
    customer: Customer,
    name: str,
    fee: Decimal,
    did: Did | None,
    now: datetime,
    activation_fee: Decimal = Decimal(0),
    given_as: UUID | None = None,
) -> Subscription:
    """Begin a monthly fee and charge the rest of the period that runs; the day it begins on counts.

    A number is paid for once: the fee of whoever had it before ends, if staff took it from him and it still ran.
    """
    if did is not None:
        for left in Subscription.objects.running().filter(did=did).exclude(customer=customer):
            set_end(subscription_id=left.pk, ended_at=max(now, left.started_at))
    subscription: Subscription = Subscription.objects.create(
        customer=customer,
        name=name,
        did=did,
        default_fee=fee,
        activation_fee=activation_fee,
        started_at=now,
        charged_until=now,
        next_charge_at=now,
        given_as=given_as,
    )
    return charge(subscription_id=subscription.pk, now=now)


def open_planned(
    *,
    customer: Customer,
    plan: SubscriptionPlan,
    line: Line | None,
    started_at: datetime,
    ended_at: datetime | None,
    discount: Decimal,
    given_as: UUID,
    now: datetime,
) -> Subscription:
    """Give a plan to the customer or to his line, with the plan's terms of today, and charge what is due by now."""
    subscription: Subscription = Subscription.objects.create(
        customer=customer,
        plan=plan,
        name=plan.name,
        line=line,
        default_fee=plan.fee,
        discount=discount,
        activation_fee=plan.activation_fee,
        cycle=plan.cycle,
        in_arrears=plan.in_arrears,
        prorated=plan.prorated,
        started_at=started_at,
        ended_at=ended_at,
        charged_until=started_at,
        next_charge_at=started_at,
        given_as=given_as,
    )
    return charge(subscription_id=subscription.pk, now=now)


def end_subscription(*, subscription: Subscription, now: datetime) -> Subscription:
    """End a fee now: what is charged stays charged, and of one in arrears the days up to now are charged."""
    make_missing_months({now})
    with transaction.atomic():
        current = charge(subscription_id=subscription.pk, now=now)
        if current.ended_at is None or current.ended_at > now:
            current = set_end(subscription_id=current.pk, ended_at=max(now, current.started_at))
            current = charge(subscription_id=current.pk, now=now)
    return current


def set_end(*, subscription_id: int, ended_at: datetime | None) -> Subscription:
    """Note when a subscription ends, and when it is charged next; nothing is charged here."""
    with transaction.atomic():
        current = locked(subscription_id)
        current.ended_at = ended_at
        current.next_charge_at = _next_charge(current)
        current.save(update_fields=["ended_at", "next_charge_at"])
    return current


def charge_due(*, now: datetime, customer: Customer | None = None) -> int:
    """Charge every subscription, or those of `customer`, for what is due; returns how many were.

    Runs as often as you like and by several workers at once, and catches up after days without a run. A closed
    customer is not charged. One that cannot be charged does not keep the others from it.
    """
    due = Subscription.objects.to_charge(now=now)
    due = due.filter(customer=customer) if customer else due
    ids = list(due.order_by("next_charge_at", "pk").values_list("pk", flat=True))
    for subscription_id in ids:
        try:
            charge(subscription_id=subscription_id, now=now)
        except Refused as refusal:
            log.warning("subscription_not_charged", subscription=subscription_id, reason=str(refusal.message))
    return len(ids)


def charge(*, subscription_id: int, now: datetime) -> Subscription:
    """Charge one subscription for what is due and not charged: its activation, once, and its periods.

    One whose number staff has given to somebody else, or taken back, ends instead.
    """
    make_missing_months(row.started_at for row in _rows(_found(subscription_id), now))
    with transaction.atomic():
        current = locked(subscription_id)
        if current.next_charge_at is None or current.next_charge_at > now:
            return current
        if current.did is not None and current.did.customer_id != current.customer_id:
            log.warning("subscription_of_a_number_that_is_gone", subscription=current.pk)
            current.ended_at, current.next_charge_at = now, None
            current.save(update_fields=["ended_at", "next_charge_at"])
            return current
        post_rows(_rows(current, now), now=now)
        for part in _due(current, now):
            current.charged_until = part.period.end
        current.next_charge_at = _next_charge(current)
        current.save(update_fields=["charged_until", "next_charge_at"])
    return current


def locked(subscription_id: int) -> Subscription:
    """The row, locked: of two workers the second finds the period charged."""
    rows = Subscription.objects.select_for_update(of=("self",)).select_related("customer", "did")
    found: Subscription = rows.get(pk=subscription_id)
    return found


def _found(subscription_id: int) -> Subscription:
    found: Subscription = Subscription.objects.select_related("customer", "did").get(pk=subscription_id)
    return found


def _due(subscription: Subscription, now: datetime) -> Sequence[Part]:
    return [*parts_due(subscription.charged_until, now=now, terms=terms_of(subscription))]


def _next_charge(subscription: Subscription) -> datetime | None:
    part = next_part(subscription.charged_until, terms=terms_of(subscription))
    return part.due_at if part else None


def _rows(subscription: Subscription, now: datetime) -> list[LedgerRow]:
    parts = [_row(subscription, part) for part in _due(subscription, now) if part.amount]
    return [*_activation(subscription, now), *parts]


def _activation(subscription: Subscription, now: datetime) -> list[LedgerRow]:
    """The row for the beginning, until a period is charged; its external id makes it one for ever."""
    fee = round_money(subscription.activation_fee, subscription.customer.currency)
    began = subscription.started_at <= now and subscription.started_at != subscription.ended_at
    if not fee or not began or subscription.charged_until > subscription.started_at:
        return []
    did = subscription.did
    return [
        LedgerRow(
            customer_id=subscription.customer_id,
            line_id=subscription.line_id,
            service_id=Service.DID_CHARGES if did else Service.SUBSCRIPTIONS,
            started_at=subscription.started_at,
            amount=fee,
            quantity=Decimal(1) if did else Decimal(0),
            charged_quantity=Decimal(1) if did else Decimal(0),
            cld=did.number if did else "",
            description=_("Activation of %(name)s") % {"name": subscription.name},
            external_id=f"{'did' if did else 'subscription'}:{subscription.pk}:activation",
        )
    ]


def _row(subscription: Subscription, part: Part) -> LedgerRow:
    """One period; what is charged in arrears belongs to the time in which it ends."""
    calendar = calendar_of(subscription.customer)
    last = last_moment(min(part.period.end, subscription.ended_at or part.period.end))
    first, final = calendar.day(part.period.start), calendar.day(last)
    return LedgerRow(
        customer_id=subscription.customer_id,
        line_id=subscription.line_id,
        service_id=Service.SUBSCRIPTIONS,
        started_at=last if subscription.in_arrears else part.period.start,
        amount=part.amount,
        quantity=part.months,
        charged_quantity=part.months,
        discount=_given_off(subscription.discount, part.amount),
        cld=subscription.did.number if subscription.did else "",
        description=_("%(name)s, %(first)s to %(last)s") % {"name": subscription.name, "first": first, "last": final},
        external_id=f"subscription:{subscription.pk}:{part.period.start.isoformat()}",
    )


def _given_off(discount: Decimal, amount: Decimal) -> Decimal:
    """What the amount would be more without its discount; a fee of nothing has no row."""
    return round_charge(amount * discount / (100 - discount)) if amount else Decimal(0)
