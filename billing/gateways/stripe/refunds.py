"""Refunds at Stripe."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from billing.gateways.base import Progress, ProviderRefund, RefundOrder
from billing.gateways.stripe.client import client
from billing.gateways.stripe.methods import id_of
from billing.money import from_minor, to_minor

PROGRESS = {
    "succeeded": Progress.PAID,
    "pending": Progress.PROCESSING,
    "requires_action": Progress.ACTION,
    "failed": Progress.FAILED,
    "canceled": Progress.FAILED,
}


def refund(order: RefundOrder) -> ProviderRefund:
    """Give a part of a payment back."""
    made = client().v1.refunds.create(
        {
            "payment_intent": order.provider_id,
            "amount": to_minor(order.amount, order.currency),
            "metadata": {"refund": str(order.refund_id)},
        },
        {"idempotency_key": f"{order.refund_id}:refund"},
    )
    return refund_of(made)


def find_refund(*, refund_id: UUID, provider_id: str) -> ProviderRefund | None:
    """The refund of ours among those of the payment."""
    listed = client().v1.refunds.list({"payment_intent": provider_id, "limit": 100})
    for made in listed.auto_paging_iter():
        if made.metadata and made.metadata.to_dict().get("refund") == str(refund_id):
            return refund_of(made)
    return None


def refund_of(made: Any) -> ProviderRefund:
    currency = made.currency.upper()
    return ProviderRefund(
        reference=(made.metadata.to_dict() if made.metadata else {}).get("refund", ""),
        provider_id=made.id,
        payment_provider_id=id_of(made.payment_intent),
        amount=from_minor(made.amount, currency),
        currency=currency,
        progress=PROGRESS[made.status],
        failure=str(made.to_dict().get("failure_reason") or ""),
    )
