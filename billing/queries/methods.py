"""The stored ways to pay of a customer."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from django.db.models import QuerySet

from billing.models import StoredMethod
from selfcare.models import Customer

SOON = timedelta(days=60)


def stored_methods(customer: Customer) -> QuerySet[StoredMethod]:
    """What is stored, the preferred one first, with what can no longer be used."""
    methods: QuerySet[StoredMethod] = StoredMethod.for_customer(customer).filter(removed_at=None)
    return methods.order_by("-is_default", "added_at")


def preferred_method(customer: Customer) -> StoredMethod | None:
    """What auto-pay charges; None while there is nothing that it can charge."""
    return stored_methods(customer).filter(is_default=True, usable=True).first()


def last_day(method: StoredMethod) -> date | None:
    """The last day on which a card is good; None for what does not expire."""
    if method.exp_year is None or method.exp_month is None:
        return None
    return date(method.exp_year, method.exp_month, monthrange(method.exp_year, method.exp_month)[1])


def expires_soon(method: StoredMethod, *, today: date, within: timedelta = SOON) -> bool:
    """Whether it ends within that time, or has ended."""
    last = last_day(method)
    return last is not None and last - today <= within
