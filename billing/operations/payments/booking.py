"""A payment's rows in the ledger."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext as _

from billing.models import Payment, Service
from billing.operations.ledger import LedgerRow, post_rows


def book_movement(payment: Payment, amount: Decimal, *, words: str, now: datetime, reversal: int = 0) -> None:
    """Book that the payment came (`amount` below 0), or its reversal of that number, which is booked once as well.

    Under Payments even when taken back: as a refund or credit it would be charged on an invoice as well.
    """
    row = LedgerRow(
        customer_id=payment.customer_id,
        service_id=Service.PAYMENTS,
        started_at=now,
        amount=amount,
        external_id=f"payment:{payment.pk}:reversal:{reversal}" if reversal else f"payment:{payment.pk}",
        description=words,
    )
    post_rows([row], now=now)


def book_return_fee(payment: Payment, *, now: datetime) -> None:
    """What the telephone company asks for a debit that the bank took back, if it asks for anything; booked once."""
    if not settings.RETURN_FEE:
        return
    row = LedgerRow(
        customer_id=payment.customer_id,
        service_id=Service.CREDITS,
        started_at=now,
        amount=Decimal(settings.RETURN_FEE),
        external_id=f"payment:{payment.pk}:return-fee",
        description=_("Fee for a payment that the bank took back"),
    )
    post_rows([row], now=now)
