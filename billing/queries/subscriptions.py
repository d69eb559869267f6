"""What customers pay for by the month."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from billing.models import Subscription
from centrex.models import Did
from selfcare.models import Customer


def with_fee(dids: QuerySet[Did]) -> QuerySet[Any]:
    """Annotates `fee`, what a number's owner pays a month in its currency; None where nothing is charged by month."""
    return dids.annotate(fee=Subquery(_of_number().values("monthly_fee")[:1]))


def idle_numbers(customer: Customer) -> QuerySet[Did]:
    """The numbers of `customer` that he pays for and that ring no line."""
    numbers: QuerySet[Did] = Did.for_customer(customer).filter(Exists(_of_number()), line=None)
    return numbers


def subscription_of(did: Did) -> Subscription | None:
    """The subscription by which its owner pays for the number now."""
    running: Subscription | None = Subscription.objects.running().filter(did=did, customer=did.customer).first()
    return running


def _of_number() -> QuerySet[Subscription]:
    running: QuerySet[Subscription] = Subscription.objects.running()
    return running.filter(did=OuterRef("pk"), customer=OuterRef("customer"))
