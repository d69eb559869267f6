"""The receipt that goes with the mail about a payment."""

from __future__ import annotations

import structlog
from django.db import transaction

from billing.documents.paper import Unavailable
from billing.documents.receipt_pdf import receipt_pdf
from billing.models import Payment
from selfcare.mail import Attached
from selfcare.models import Brand

log = structlog.get_logger(__name__)


def receipt_name(payment: Payment) -> str:
    """What the reader's computer calls the file."""
    return f"receipt-{str(payment.pk)[:8]}.pdf"


def receipt_attached(payment: Payment) -> tuple[Attached, ...]:
    """The receipt for the mail; nothing where it cannot be made, since neither payment nor mail may fail by it."""
    try:
        with transaction.atomic():
            pdf = receipt_pdf(payment, brand=Brand.current())
    except Unavailable:
        return ()
    except Exception:  # money has come: that it is booked matters more than its receipt, which the portal makes again
        log.exception("receipt_failed", payment=str(payment.pk))
        return ()
    return (Attached(name=receipt_name(payment), content_type="application/pdf", data=pdf),)
