"""Invoices with what was paid on them, and the one place that says how an invoice stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import DecimalField, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum, TextChoices, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from billing.models import Allocation, Invoice, Payment
from selfcare.models import Customer

ZERO = Decimal(0)
MONEY: DecimalField[Any, Any] = DecimalField(max_digits=14, decimal_places=3)


class PaymentStatus(TextChoices):
    """How an invoice stands; `status_of` decides."""

    NOT_APPLICABLE = "na", _("N/A")
    DO_NOT_PAY = "do_not_pay", _("Do Not Pay")
    EARLIER_REMAINS = "earlier_remains", _("Earlier unpaid")
    NOT_REQUIRED = "not_required", _("No payment required")
    PAID = "paid", _("Paid")
    OVERDUE = "overdue", _("Overdue")
    PARTIALLY_PAID = "partially_paid", _("Partially Paid")
    UNPAID = "unpaid", _("Unpaid")


@dataclass(frozen=True, slots=True)
class Standing:
    """What the status of an invoice depends on, amounts in its currency.

    `previous_unpaid` is what earlier invoices lacked when it was made, `earlier_unpaid` what they lack today. Nobody
    pays a statement of prepaid service, or a credit note.
    """

    total: Decimal
    paid: Decimal
    previous_unpaid: Decimal
    earlier_unpaid: Decimal
    due_date: date
    is_void: bool = False
    is_statement: bool = False


def status_of(standing: Standing, *, today: date, threshold: Decimal = ZERO) -> PaymentStatus:
    """The payment status, first rule that holds; `threshold` is the amount below which nothing is collected.

    It becomes overdue on the day after the due date, partly paid or not.
    """
    outstanding = standing.total - standing.paid
    rules = (
        (standing.is_void or standing.is_statement, PaymentStatus.NOT_APPLICABLE),
        (standing.total <= 0 and standing.earlier_unpaid <= 0, PaymentStatus.DO_NOT_PAY),
        (standing.total <= 0, PaymentStatus.EARLIER_REMAINS),
        (standing.total + standing.previous_unpaid < threshold, PaymentStatus.NOT_REQUIRED),
        (outstanding <= 0 and standing.earlier_unpaid <= 0, PaymentStatus.PAID),
        (today > standing.due_date, PaymentStatus.OVERDUE),
        (standing.paid > 0, PaymentStatus.PARTIALLY_PAID),
    )
    return next((status for holds, status in rules if holds), PaymentStatus.UNPAID)


def with_notes(invoices: QuerySet[Invoice]) -> QuerySet[Invoice]:
    """Reads along, as `notes`, the credit notes that correct each invoice, oldest first."""
    valid = Invoice.objects.filter(voided_at=None).order_by("pk")
    return invoices.prefetch_related(Prefetch("corrections", valid, to_attr="notes"))


def with_payments(invoices: QuerySet[Invoice]) -> QuerySet[Any]:
    """Annotates `paid`, `outstanding` (0 where nothing is to be paid) and `earlier_unpaid`."""
    earlier = Invoice.objects.filter(PAYABLE, customer=OuterRef("customer"), period_start__lt=OuterRef("period_start"))
    earlier_paid = Allocation.objects.filter(
        Q(invoice__voided_at=None, invoice__is_statement=False, invoice__total__gt=0),
        invoice__customer=OuterRef("customer"),
        invoice__period_start__lt=OuterRef("period_start"),
    )
    return invoices.annotate(
        paid=sum_of(Allocation.objects.filter(invoice=OuterRef("pk")), "invoice", "amount"),
        outstanding=F("total") - F("paid"),
        earlier_unpaid=sum_of(earlier, "customer", "total") - sum_of(earlier_paid, "invoice__customer", "amount"),
    )


# The invoices and statements of billing periods: neither void nor a correction.
OF_PERIODS = Q(voided_at=None, kind=Invoice.Kind.INVOICE)
# What can be owed: neither void, nor a prepaid statement, nor a credit.
PAYABLE = Q(voided_at=None, is_statement=False, total__gt=0)


def sum_of(rows: QuerySet[Any], group: str, field: str) -> Coalesce:
    """The sum of a correlated queryset, 0 for no rows."""
    total = rows.order_by().values(group).annotate(sum=Sum(field)).values("sum")
    return Coalesce(Subquery(total, output_field=MONEY), Value(ZERO), output_field=MONEY)


def payment_status(invoice: Any, *, now: datetime) -> PaymentStatus:
    """The status of an invoice that `with_payments` annotated, on today's date in its own time zone."""
    standing = Standing(
        total=invoice.total,
        paid=invoice.paid,
        previous_unpaid=invoice.previous_unpaid,
        earlier_unpaid=invoice.earlier_unpaid,
        due_date=invoice.due_date,
        is_void=invoice.voided_at is not None,
        is_statement=invoice.is_statement or invoice.is_credit_note,
    )
    today = now.astimezone(ZoneInfo(invoice.time_zone)).date()
    return status_of(standing, today=today, threshold=Decimal(settings.COLLECTION_THRESHOLD))


def open_invoices(customer: Customer) -> QuerySet[Any]:
    """The invoices on which something is still to be paid, oldest first."""
    rows: QuerySet[Invoice] = Invoice.for_customer(customer).filter(PAYABLE)
    return with_payments(rows).filter(outstanding__gt=0).order_by("period_start", "id")


def invoice_of(customer: Customer, moment: datetime) -> Invoice | None:
    """The invoice whose period holds the moment; None while it has none."""
    valid = Invoice.for_customer(customer).filter(OF_PERIODS)
    found: Invoice | None = valid.filter(period_start__lte=moment, period_end__gt=moment).first()
    return found


def unpaid(customer: Customer) -> Decimal:
    """What all open invoices of the customer lack together."""
    return open_invoices(customer).aggregate(sum=Sum("outstanding"))["sum"] or ZERO


@dataclass(frozen=True, slots=True)
class InvoiceSummary:
    """The invoice figures of the Billing Summary; dates and amounts are None where there is nothing yet.

    `last_invoice_amount` is that invoice's total and what earlier ones lacked when it was made.
    """

    balance_due: Decimal
    overdue_balance: Decimal
    last_invoice_due_date: date | None
    last_invoice_amount: Decimal | None
    last_payment_at: datetime | None
    last_payment_amount: Decimal | None
    currency: str


def invoice_summary(customer: Customer, *, now: datetime) -> InvoiceSummary:
    """Balance due, what of it is overdue, the last invoice and the last payment of the customer."""
    due = [(i, payment_status(i, now=now)) for i in open_invoices(customer)]
    last = Invoice.for_customer(customer).filter(OF_PERIODS, is_statement=False).order_by("-period_start").first()
    payment = last_payment(customer)
    return InvoiceSummary(
        balance_due=sum((i.outstanding for i, _status in due), ZERO),
        overdue_balance=sum((i.outstanding for i, status in due if status == PaymentStatus.OVERDUE), ZERO),
        last_invoice_due_date=last.due_date if last else None,
        last_invoice_amount=last.total + last.previous_unpaid if last else None,
        last_payment_at=payment.paid_at if payment else None,
        last_payment_amount=payment.amount if payment else None,
        currency=customer.currency,
    )


def last_payment(customer: Customer) -> Payment | None:
    """The payment received last that was not taken back."""
    found: Payment | None = (
        Payment.for_customer(customer).filter(state=Payment.State.SUCCEEDED).order_by("-paid_at").first()
    )
    return found
