"""A notice about money: a row once for each key, and with it the mails and text messages to those who want them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from billing.models import SpendNotice
from billing.queries.spend_readers import readers_of
from centrex.models import Line
from centrex.operations.notices import mail_users, text_users
from selfcare.models import Customer

Kind = SpendNotice.Kind
TEMPLATE = "spend_notice"


@transaction.atomic
def tell(
    *,
    customer: Customer,
    kind: str,
    window: str,
    amount: Decimal,
    threshold: Decimal | None,
    now: datetime,
    percent: int | None = None,
    line: Line | None = None,
    number: str = "",
) -> bool:
    """Tell the customer once in `window`; returns whether it was done now."""
    readers = readers_of(customer)
    notice, is_new = SpendNotice.objects.get_or_create(
        key=f"{customer.pk}:{kind}:{window}",
        defaults={
            "customer": customer,
            "kind": kind,
            "at": now,
            "line": line,
            "percent": percent,
            "amount": amount,
            "threshold": threshold,
            "number": number,
            "readers": readers.names or customer.email,
        },
    )
    if not is_new:
        return False
    context = {"notice": notice, "currency": customer.currency, "url": settings.PORTAL_URL + reverse("billing:alerts")}
    key = f"spend:{notice.pk}"
    mail_users(readers.by_mail, customer=customer, template=TEMPLATE, context=context, key=key)
    text_users(readers.by_sms, customer=customer, template=TEMPLATE, context=context, key=key, now=now)
    return True
