"""The mailed link that lets a payer confirm one payment with his bank; it opens nothing else and signs nobody in."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse

from billing.models import Payment
from billing.queries.auto_pay import TO_CONFIRM

SALT = "billing.confirm-payment"


def link_to_confirm(payment: Payment) -> str:
    """The address of the page on which this payment is confirmed."""
    token = signing.dumps(str(payment.pk), salt=SALT)
    return settings.PORTAL_URL + reverse("billing:payment-confirm", args=[token])


def payment_of_link(token: str, *, now: datetime) -> Payment | None:
    """The automatic payment that a link of ours names; None for another link, and when its time is over."""
    try:
        payment_id = UUID(signing.loads(token, salt=SALT))
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        return None
    recent = Payment.objects.filter(pk=payment_id, origin=Payment.Origin.AUTO, created_at__gt=now - TO_CONFIRM)
    found: Payment | None = recent.select_related("customer", "stored_method", "auto_charge__invoice").first()
    return found
