"""Telling whoever asked for a report that it is ready, or why it is not."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from billing.models import XdrReport
from selfcare import formats, mail


def tell(report: XdrReport) -> None:
    """A mail, once for each end of the report, if it was wished; inside the transaction that ends it."""
    user = report.requested_by
    if not report.tell_by_mail or user is None or not user.is_active:
        return
    with formats.reading_as(zone=report.zone, pattern=report.date_format, language=report.language):
        mail.post(
            template="report_ready" if report.is_done else "report_failed",
            context={
                "period": str(report),
                "rows": report.rows,
                "reason": report.get_reason_display(),
                "url": settings.PORTAL_URL + reverse("billing:reports"),
            },
            to=[user.email],
            key=f"report:{report.pk}:{report.turn}",
            customer=report.customer,
            language=translation.get_language() or "en",
        )
