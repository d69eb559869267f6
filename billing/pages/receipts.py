"""The receipt of a payment as PDF."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.generic.detail import SingleObjectMixin

from billing.documents.paper import Unavailable
from billing.documents.receipt_pdf import receipt_pdf
from billing.models import Payment
from billing.operations.papers.receipts import receipt_name
from selfcare.crud.views import OwnRows, Page
from selfcare.models import Brand


class Receipt(OwnRows, SingleObjectMixin, Page):
    page = "billing:pay"
    model = Payment

    def get_queryset(self) -> QuerySet[Payment]:
        """Those that came: nothing else has a receipt."""
        return super().get_queryset().filter(paid_at__isnull=False).select_related("customer", "user")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        payment = self.get_object()
        try:
            pdf = receipt_pdf(payment, brand=Brand.current())
        except Unavailable:
            words = _("PDF files cannot be made on this server at the moment. You can print the page of the payment.")
            return HttpResponse(words, status=503, content_type="text/plain; charset=utf-8")
        headers = {"Content-Disposition": f'attachment; filename="{receipt_name(payment)}"'}
        return HttpResponse(pdf, content_type="application/pdf", headers=headers)
