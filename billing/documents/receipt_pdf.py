"""The receipt of a payment as PDF/A-3b, in the look of the invoices."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from billing.documents.paper import drawn
from billing.models import Payment
from billing.queries.payments import invoices_paid_by
from selfcare import formats
from selfcare.models import Brand


def receipt_pdf(payment: Payment, *, brand: Brand) -> bytes:
    """The receipt of a payment that came, for who paid: in his language and the customer's time zone.

    Raises Unavailable where no PDF can be made, ValueError for a payment that has not come.
    """
    if payment.paid_at is None:
        raise ValueError(f"the payment {payment.pk} has not come")
    customer, user = payment.customer, payment.user
    pattern, language = (user.date_format, user.language) if user else ("language", "en")
    with formats.reading_as(zone=ZoneInfo(customer.time_zone), pattern=pattern, language=language):
        context = {
            "title": _("Receipt"),
            "payment": payment,
            "paid_on": in_zone(payment.paid_at, customer.time_zone),
            "customer": customer,
            "brand": brand,
            "seller": {"name": brand.name},
            "currency": payment.currency,
            "invoices": invoices_paid_by(payment),
        }
        return drawn("documents/receipt.html", context, brand=brand)


def in_zone(moment: datetime, time_zone: str) -> str:
    """Date and time with the zone by name, as a receipt may be read anywhere."""
    return f"{formats.moment(moment)} ({time_zone})"
