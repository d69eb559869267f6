"""Charges, invoices and payments in one line each, for tests."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from zoneinfo import ZoneInfo

from django.db import transaction

from billing.models import Invoice, Payment, Service
from billing.operations.allocations import allocate, serialise
from billing.operations.invoices import issue_invoice
from billing.operations.ledger import LedgerRow, post_rows
from billing.periods import Period
from selfcare.models import Customer

NEW_YORK = ZoneInfo("America/New_York")
JANUARY = Period.month_with(datetime(2026, 1, 10, tzinfo=UTC), billing_day=1, zone=NEW_YORK)
FEBRUARY = Period.month_with(JANUARY.end, billing_day=1, zone=NEW_YORK)
MARCH = Period.month_with(FEBRUARY.end, billing_day=1, zone=NEW_YORK)
NOW = datetime(2026, 6, 1, tzinfo=UTC)
numbers = count(1)


def book(customer: Customer, amount: str, *, at: datetime, service: int = Service.CALLS, quantity: int = 60) -> None:
    """One charge in the ledger."""
    row = LedgerRow(
        customer_id=customer.pk,
        service_id=service,
        started_at=at,
        amount=Decimal(amount),
        charged_quantity=Decimal(quantity),
        external_id=f"test:{next(numbers)}",
    )
    post_rows([row], now=NOW)


def invoice_of(customer: Customer, period: Period) -> Invoice:
    """The period's invoice, made when the period was over."""
    return issue_invoice(customer=customer, period=period, now=period.end + timedelta(hours=1))


def pay(customer: Customer, amount: str, *, at: datetime) -> Payment:
    """A payment that succeeded, booked and allocated."""
    payment = Payment.objects.create(
        customer=customer,
        provider="test",
        amount=Decimal(amount),
        currency=customer.currency,
        state=Payment.State.SUCCEEDED,
        created_at=at,
        changed_at=at,
        paid_at=at,
    )
    row = LedgerRow(
        customer_id=customer.pk,
        service_id=Service.PAYMENTS,
        started_at=at,
        amount=-payment.amount,
        external_id=f"payment:{payment.pk}",
    )
    with transaction.atomic():
        serialise(customer)
        post_rows([row], now=NOW)
        allocate(customer, now=at)
    return payment
