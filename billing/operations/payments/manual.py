"""Payments that reach the ITSP by another way, such as a bank transfer, and are recorded by staff."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from billing.models import Payment
from billing.operations.allocations import allocate, serialise
from billing.operations.guards import AlreadyStarted, refuse_inexact
from billing.operations.ledger import make_missing_months
from billing.operations.payments.booking import book_movement
from selfcare import formats
from selfcare.errors import Refused
from selfcare.models import AuditEvent, Customer, User

OURS = "manual"


def record_payment(
    *, payment_id: UUID, customer: Customer, staff: User | None, amount: Decimal, words: str, now: datetime
) -> Payment:
    """Book money that has arrived: the balance falls by `amount`, the oldest open invoices are paid.

    `words` stand on the customer's list of transactions. The same `payment_id` twice is one payment; with another
    amount or customer it raises AlreadyStarted. Refused for an amount that is not positive or too exact.
    """
    refuse_inexact(amount, customer.currency)
    if amount <= 0:
        raise Refused(_("The amount must be more than 0."), field="amount")
    make_missing_months({now})
    with transaction.atomic():
        serialise(customer)
        payment, made = _get_or_create(payment_id, customer, staff, amount, now)
        if (payment.customer_id, payment.provider, payment.amount) != (customer.pk, OURS, amount):
            raise AlreadyStarted
        if made:
            book_movement(payment, -amount, words=words, now=now)
            allocate(customer, now=now)
            changes = {_("Amount"): ["", formats.money(amount, customer.currency)], _("Text"): ["", words]}
            AuditEvent.write(user=staff, action="record payment", record=payment, customer=customer, changes=changes)
    return payment


def _get_or_create(
    payment_id: UUID, customer: Customer, staff: User | None, amount: Decimal, now: datetime
) -> tuple[Payment, bool]:
    found: tuple[Payment, bool] = Payment.objects.get_or_create(
        pk=payment_id,
        defaults={
            "customer": customer,
            "user": staff,
            "method": Payment.Method.MANUAL,
            "origin": Payment.Origin.STAFF,
            "provider": OURS,
            "amount": amount,
            "currency": customer.currency,
            "state": Payment.State.SUCCEEDED,
            "created_at": now,
            "changed_at": now,
            "paid_at": now,
        },
    )
    return found
