"""The card's number typed into the provider's form in our page; without JavaScript nobody gets here."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.models import Payment
from billing.operations.payments import OPEN, open_element
from selfcare.browser_guards import payment_form
from selfcare.crud.views import DetailPage
from selfcare.errors import Refused


def is_element(payment: Payment) -> bool:
    """Whether the payment waits in the provider's form in our page."""
    return bool(
        settings.PAYMENT_ELEMENT
        and payment.state in OPEN
        and payment.provider_id
        and payment.method == Payment.Method.CARD
        and not payment.session_id
        and payment.stored_method_id is None
    )


class Element(DetailPage):
    """The provider is asked once more for the form, which it made when Pay Now was pressed; nothing is made here."""

    page = "billing:pay"
    title = _("Pay by card")
    intro = _("The card's number goes to our payment provider only; it never reaches us.")
    model = Payment
    template_name = "billing/pay/element.html"
    always_changes = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        result = redirect("billing:payment", pk=self.object.pk)
        if not is_element(self.object):
            return result
        try:
            self.object, secret = open_element(payment=self.object, now=timezone.now())
        except Refused:
            return result
        if not secret:
            return result
        response = self.render_to_response(self.get_context_data(secret=secret))
        response._csp_update = payment_form(settings.STRIPE_API_BASE)  # what django-csp's own decorator sets
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts = {
            "key": settings.STRIPE_PUBLISHABLE_KEY,
            "script": payment_form(settings.STRIPE_API_BASE)["script-src"][0] + "/v3/",
            "back": settings.PORTAL_URL + reverse("billing:payment", args=[self.object.pk]),
        }
        return super().get_context_data(**(facts | kwargs))
