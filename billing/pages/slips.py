"""The slip for paying in cash, as a PDF; for everybody of the customer who may see payments."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from billing.models import Payment
from billing.operations.payments.slips import pdf_of
from selfcare.crud.views import DetailPage


class Slip(DetailPage):
    page = "billing:pay"
    model = Payment

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        payment = self.get_object()
        if not payment.may_be_paid_in_cash:
            raise Http404
        response = HttpResponse(pdf_of(payment), content_type="application/pdf")
        response["Content-Disposition"] = 'attachment; filename="payment-slip.pdf"'
        response["Cache-Control"] = "no-store"
        return response
