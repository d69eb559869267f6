"""What pays which invoice: the oldest open invoice first, and opened again in the reverse order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from billing.models import Allocation, Invoice, Payment
from billing.queries.invoices import open_invoices
from selfcare.models import Customer

ZERO = Decimal(0)
# A disputed payment that was won again, or refunded in part, still pays with what is left of it.
PAID = (Payment.State.SUCCEEDED, Payment.State.REFUNDED, Payment.State.DISPUTED)


@dataclass(slots=True)
class Source:
    """Money that can pay invoices: a payment, or an invoice below zero; `rest` is not used yet."""

    rest: Decimal
    payment: Payment | None = None
    credit: Invoice | None = None


def serialise(customer: Customer) -> None:
    """Let one transaction at a time make invoices or allocations for this customer.

    The customer's row is the lock, not the account's: posting to the ledger locks accounts last.
    """
    Customer.objects.select_for_update(no_key=True).only("pk").get(pk=customer.pk)


def allocate(customer: Customer, *, now: datetime) -> None:
    """Pay open invoices with what is not used yet, oldest with oldest; inside a transaction after `serialise`."""
    sources = _sources(customer)
    source = next(sources, None)
    for invoice in open_invoices(customer):
        missing = invoice.outstanding
        while missing > 0 and source is not None:
            part = min(missing, source.rest)
            _add(source, invoice, part, now)
            missing -= part
            source.rest -= part
            if source.rest <= 0:
                source = next(sources, None)


def take_back(payment: Payment, *, now: datetime) -> None:
    """Open again, newest invoice first, what the payment pays beyond what is left of it; after `serialise`."""
    held = payment.allocations.aggregate(sum=Sum("amount"))["sum"] or ZERO
    excess = held - (payment.amount - payment.reversed)
    by_invoice = payment.allocations.values("invoice").annotate(sum=Sum("amount")).filter(sum__gt=0)
    for row in by_invoice.order_by("-invoice__period_start", "-invoice"):
        part = min(excess, row["sum"])
        if part > 0:
            Allocation.objects.create(payment=payment, invoice_id=row["invoice"], amount=-part, created_at=now)
            excess -= part


def release(invoice: Invoice, *, now: datetime) -> None:
    """Take back all that pays this invoice and, if it is below zero, all that it pays; after `serialise`."""
    paid = Allocation.objects.filter(Q(invoice=invoice) | Q(credit=invoice))
    for row in paid.values("payment", "credit", "invoice").annotate(sum=Sum("amount")).filter(~Q(sum=0)):
        Allocation.objects.create(
            payment_id=row["payment"],
            credit_id=row["credit"],
            invoice_id=row["invoice"],
            amount=-row["sum"],
            created_at=now,
        )


def _add(source: Source, invoice: Invoice, amount: Decimal, now: datetime) -> None:
    Allocation.objects.create(
        payment=source.payment, credit=source.credit, invoice=invoice, amount=amount, created_at=now
    )


def _sources(customer: Customer) -> Iterator[Source]:
    """Credits first, then payments, each oldest first."""
    credits = Invoice.for_customer(customer).filter(voided_at=None, is_statement=False, total__lt=0)
    for credit in _with_used(credits, "credits_given").order_by("period_start"):
        if -credit.total > credit.used:
            yield Source(-credit.total - credit.used, credit=credit)
    payments = Payment.for_customer(customer).filter(state__in=PAID)
    unused = _with_used(payments, "allocations").filter(used__lt=F("amount") - F("reversed"))
    for payment in unused.order_by("paid_at", "pk"):
        yield Source(payment.amount - payment.reversed - payment.used, payment=payment)


def _with_used(rows: QuerySet[Any], relation: str) -> QuerySet[Any]:
    used: QuerySet[Any] = rows.annotate(used=Coalesce(Sum(f"{relation}__amount"), ZERO))
    return used
