"""What stands around an invoice: the earlier ones that were open when it was made, and what has paid it since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import F, Max, OuterRef, Sum

from billing.models import Allocation, Invoice, Payment
from billing.queries.invoices import PAYABLE, ZERO, sum_of


@dataclass(frozen=True, slots=True)
class EarlierInvoice:
    """An invoice that lacked `unpaid` when a later one was made."""

    invoice: Invoice
    unpaid: Decimal


@dataclass(frozen=True, slots=True)
class PaidBy:
    """What one payment, or one invoice below zero, pays of an invoice: all of it together, and when it last changed."""

    payment: Payment | None
    credit: Invoice | None
    amount: Decimal
    at: datetime


def unpaid_before(invoice: Invoice) -> list[EarlierInvoice]:
    """Which earlier invoices `previous_unpaid` is made of, oldest first, as they stood when this one was made."""
    then = Allocation.objects.filter(invoice=OuterRef("pk"), created_at__lt=invoice.issued_at)
    earlier = Invoice.for_customer(invoice.customer).filter(PAYABLE, period_start__lt=invoice.period_start)
    open_then = earlier.annotate(unpaid_then=F("total") - sum_of(then, "invoice", "amount")).filter(unpaid_then__gt=0)
    return [EarlierInvoice(row, row.unpaid_then) for row in open_then.order_by("period_start", "pk")]


def paid_by(invoice: Invoice) -> list[PaidBy]:
    """What pays an invoice today, oldest first; what was taken back again is left out."""
    sums = invoice.allocations.values("payment", "credit").annotate(sum=Sum("amount"), at=Max("created_at"))
    found = [row for row in sums.order_by("at") if row["sum"] != ZERO]
    payments = Payment.objects.in_bulk({row["payment"] for row in found} - {None})
    credits = Invoice.objects.in_bulk({row["credit"] for row in found} - {None})
    return [PaidBy(payments.get(row["payment"]), credits.get(row["credit"]), row["sum"], row["at"]) for row in found]
