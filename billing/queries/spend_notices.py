"""A customer's limits as he set them, and what he was told."""

from __future__ import annotations

from billing.models import SpendLimits, SpendNotice
from selfcare.models import Customer

SHOWN = 50


def limits_of(customer: Customer) -> SpendLimits:
    """What the customer has set; not saved yet where he has set nothing."""
    kept: SpendLimits | None = SpendLimits.for_customer(customer).select_related("customer").first()
    return kept or SpendLimits(customer=customer)


def notices_of(customer: Customer) -> list[SpendNotice]:
    """The last notices, newest first."""
    return list(SpendNotice.for_customer(customer).select_related("line")[:SHOWN])
