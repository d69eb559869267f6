"""Automatic payments as their customer looks at them."""

from __future__ import annotations

from django.db.models import QuerySet

from billing.models import AutoCharge, AutoPay
from selfcare.models import Customer

LATEST = 10


def wishes_of(customer: Customer) -> AutoPay:
    """What the customer wishes; where he has chosen nothing yet, a record that is not saved, with everything off."""
    kept: AutoPay | None = AutoPay.for_customer(customer).first()
    return kept or AutoPay(customer=customer)


def latest_charges(customer: Customer) -> QuerySet[AutoCharge]:
    """The newest automatic payments with their invoices and tries, the last try first; two queries."""
    rows: QuerySet[AutoCharge] = AutoCharge.for_customer(customer).select_related("invoice")
    return rows.prefetch_related("payments").order_by("-created_at", "-pk")[:LATEST]
