"""Payments that did not come through a provider: a bank transfer that staff found on the statement."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from billing.models import Payment, Service
from billing.operations.allocations import allocate, serialise
from billing.operations.ledger import LedgerRow, make_missing_months, post_rows
from selfcare.errors import Refused
from selfcare.models import AuditEvent, Customer, User

OURS = "manual"


def record_payment(
    *, payment_id: UUID, customer: Customer, staff: User | None, amount: Decimal, words: str, now: datetime
) -> Payment:
    """Book money that has arrived: the balance falls by `amount`, the oldest open invoices are paid.

    `words` stand on the customer's list of transactions. The same `payment_id` twice is one payment.
    Refused for an amount that is not positive.
    """
    if amount <= 0:
        raise Refused(_("The amount must be more than 0."), field="amount")
    make_missing_months({now})
    with transaction.atomic():
        serialise(customer)
        payment, made = Payment.objects.get_or_create(
            pk=payment_id,
            customer=customer,
            defaults={
                "user": staff,
                "method": Payment.Method.MANUAL,
                "provider": OURS,
                "amount": amount,
                "currency": customer.currency,
                "state": Payment.State.SUCCEEDED,
                "created_at": now,
                "changed_at": now,
                "paid_at": now,
            },
        )
        if made:
            post_rows([_row(payment, words, now)], now=now)
            allocate(customer, now=now)
            AuditEvent.write(user=staff, action="record payment", record=payment, customer=customer)
    return payment


def _row(payment: Payment, words: str, now: datetime) -> LedgerRow:
    return LedgerRow(
        customer_id=payment.customer_id,
        service_id=Service.PAYMENTS,
        started_at=now,
        amount=-payment.amount,
        external_id=f"payment:{payment.pk}",
        description=words,
    )
