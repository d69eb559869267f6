"""Mail to a customer about the volume of his discounts: nearly used, or used up."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.urls import reverse

from billing.models import DiscountUsage
from billing.queries.discount_terms import Terms
from billing.queries.readers import readers_of
from billing.rating.discount import step_at
from billing.rating.volume import Notice, Window, notices
from selfcare import mail


def tell_of_usage(terms: Terms, window: Window, *, before: Decimal, usage: DiscountUsage, now: datetime) -> None:
    """Tell what the counter passed since `before`, each thing once a window; nothing about windows that are over."""
    plan = terms.record.plan
    if now not in window or not (plan.notify_percent or plan.notify_reached):
        return
    steps = terms.steps_in(window, rolled_over=usage.rolled_over)
    passed = notices(steps, before=before, after=usage.used, percent=plan.notify_percent, reached=plan.notify_reached)
    following = step_at(usage.used, steps)
    for notice in passed[-1:]:
        _post(terms, window, usage, notice, percent_now=following.percent if following else Decimal(0))


def _post(terms: Terms, window: Window, usage: DiscountUsage, notice: Notice, *, percent_now: Decimal) -> None:
    record = terms.record
    mail.post(
        template="discount_used",
        context={
            "plan": record.plan,
            "percent": notice.percent,
            "is_used_up": notice.percent == 100,
            "volume": record.plan.counted(notice.upto),
            "used": record.plan.counted(usage.used),
            "percent_now": percent_now,
            "resets_at": window.end.astimezone(record.customer.zone) if window.end else None,
            "address": settings.PORTAL_URL + reverse("billing:discounts"),
        },
        to=readers_of(record.customer),
        key=f"discount:{record.pk}:{usage.period_start:%Y%m%dT%H%M}:{notice.step}:{notice.percent}",
        customer=record.customer,
    )
