"""Closing the months that are over: every customer's invoices, oldest first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from billing.models import Invoice, Xdr
from billing.operations.invoices import issue_invoice
from billing.operations.subscriptions import charge_due
from billing.periods import Period, midnight
from selfcare.models import Customer


def close_months(*, customer: Customer, until: date, now: datetime) -> list[Invoice]:
    """Make the invoices of all months that end on `until` or before and have none; may be run as often as you like.

    Months begin on the customer's billing day in his time zone. The first one is the month of his first
    transaction; after a changed billing day one period is shorter than a month. What subscriptions owe for these months
    is charged first, so that it is on their invoices.
    """
    charge_due(customer=customer, now=now)
    due = list(due_months(customer, until=until, now=now))
    return [issue_invoice(customer=customer, period=period, now=now) for period in due]


def due_months(customer: Customer, *, until: date, now: datetime) -> Iterator[Period]:
    """The closed months without an invoice, oldest first."""
    limit = min(midnight(until, zone=customer.zone), now)
    start = _first_open(customer)
    while start is not None:
        month = Period.month_with(start, billing_day=customer.billing_day, zone=customer.zone)
        if month.end > limit:
            return
        yield Period(start, month.end)
        start = month.end


def _first_open(customer: Customer) -> datetime | None:
    last: Invoice | None = Invoice.for_customer(customer).filter(voided_at=None).order_by("-period_end").first()
    if last is not None:
        return last.period_end
    first = Xdr.objects.for_customer(customer).order_by("started_at").values_list("started_at", flat=True).first()
    if first is None:
        return None
    return Period.month_with(first, billing_day=customer.billing_day, zone=customer.zone).start
