"""What customers pay for by the period."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value, When

from billing.models import Subscription
from centrex.models import Did
from selfcare.models import Customer

ACTIVE, ENDED, PENDING = "active", "ended", "pending"  # in the order in which they are listed


def subscriptions_of(
    customer: Customer | None, *, now: datetime, ended: bool = False
) -> QuerySet[Subscription, Subscription]:
    """The customer's subscriptions with `state`, line and number: active ones first, those to come at the end.

    Those that are over come with `ended` only, between the two. Within a state the latest is first.
    """
    over, to_come = Q(ended_at__lte=now), Q(started_at__gt=now)
    state = Case(
        When(over, then=Value(ENDED)),
        When(to_come, then=Value(PENDING)),
        default=Value(ACTIVE),
        output_field=CharField(),
    )
    rows: QuerySet[Any, Any] = Subscription.for_customer(customer).annotate(state=state)
    rows = rows if ended else rows.exclude(state=ENDED)
    return rows.select_related("customer", "plan", "line", "did").order_by("state", "-started_at", "-pk")


def with_fee(dids: QuerySet[Did]) -> QuerySet[Any]:
    """Annotates `fee`, what a number's owner pays a month in its currency; None where nothing is charged by month."""
    return dids.annotate(fee=Subquery(_of_number().values("default_fee")[:1]))


def idle_numbers(customer: Customer) -> QuerySet[Did]:
    """The numbers of `customer` that he pays for and that ring no line."""
    numbers: QuerySet[Did] = Did.for_customer(customer).filter(Exists(_of_number()), line=None)
    return numbers


def without_fee(dids: QuerySet[Did]) -> QuerySet[Did]:
    """Those that a customer has and does not pay for: staff gave them by hand."""
    return dids.filter(~Exists(_of_number()), customer__isnull=False)


def subscription_of(did: Did) -> Subscription | None:
    """The subscription by which its owner pays for the number now."""
    running: Subscription | None = Subscription.objects.running().filter(did=did, customer=did.customer).first()
    return running


def active_subscriptions(customer: Customer | None, *, now: datetime) -> QuerySet[Subscription, Subscription]:
    """What the customer pays for now, latest first."""
    rows: QuerySet[Any, Any] = subscriptions_of(customer, now=now)
    return rows.filter(state=ACTIVE)


def _of_number() -> QuerySet[Subscription]:
    running: QuerySet[Subscription] = Subscription.objects.running()
    return running.filter(did=OuterRef("pk"), customer=OuterRef("customer"))
