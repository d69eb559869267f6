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
from selfcare import mail, sms
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
    mailed = [(user.email, user.language) for user in readers.by_mail] or [(customer.email, "en")]
    for address, language in mailed:
        key = f"spend:{notice.pk}:{address}"
        mail.post(template=TEMPLATE, context=context, to=[address], key=key, customer=customer, language=language)
    for user in readers.by_sms:
        sms.post(
            template=TEMPLATE,
            context=context,
            to=user.mobile.as_e164,
            key=f"spend:{notice.pk}:{user.pk}",
            customer=customer,
            language=user.language,
            now=now,
        )
    return True
