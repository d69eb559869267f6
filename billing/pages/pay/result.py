"""What became of a payment."""

from __future__ import annotations

from typing import Any

import structlog
from django.conf import settings
from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic.detail import SingleObjectMixin

from billing.gateways.base import NotDone, Unanswered
from billing.models import Payment
from billing.operations.payments import OPEN, check_payment, confirm_on_session
from billing.pages.pay.element import is_element
from billing.queries.payments import BANK_DEBITS, failure_in_words
from selfcare.crud.views import DetailPage, OwnRows, Page
from selfcare.errors import Refused

log = structlog.get_logger(__name__)

State, Method = Payment.State, Payment.Method
CONFIRM = "confirm"  # in the address: lead on to the bank


class Standing(models.TextChoices):
    """How a payment stands, as its payer sees it."""

    PAID = "paid"
    REFUNDED = "refunded"
    DISPUTED = "disputed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    CHECKING = "checking"
    CONFIRM = "confirm"
    SLIP = "slip"
    ON_ITS_WAY = "on_its_way"
    OPEN = "open"


ENDED = {
    State.SUCCEEDED: Standing.PAID,
    State.REFUNDED: Standing.REFUNDED,
    State.DISPUTED: Standing.DISPUTED,
    State.FAILED: Standing.FAILED,
    State.CANCELLED: Standing.CANCELLED,
}


def standing_of(payment: Payment) -> Standing:
    """A payment that nobody has an answer for is being checked: never called failed."""
    if payment.state in ENDED:
        return ENDED[payment.state]
    if payment.method == Method.PAYNEARME and payment.state == State.PENDING:
        return Standing.SLIP
    if payment.state == State.REQUIRES_ACTION and payment.action_url:
        return Standing.CONFIRM
    if payment.session_url or is_element(payment):
        return Standing.OPEN
    is_debit = payment.method in BANK_DEBITS and payment.state == State.PENDING
    return Standing.ON_ITS_WAY if is_debit else Standing.CHECKING


def waits_for_button(payment: Payment) -> bool:
    """Whether the bank's page has to be asked for first: a charge without its payer was refused, so he confirms it."""
    waits = payment.state == State.REQUIRES_ACTION and not payment.session_url
    return bool(waits and payment.action_url.startswith(settings.PORTAL_URL))


def way_on(payment: Payment, standing: Standing) -> str:
    """Where an open payment goes on: at the bank, on the provider's page, or in its form in ours."""
    if standing == Standing.CONFIRM:
        return str(payment.action_url)
    return payment.session_url or reverse("billing:payment-element", args=[payment.pk])


class Result(DetailPage):
    page = "billing:pay"
    title = _("Payment")
    model = Payment
    template_name = "billing/pay/result.html"

    def get_object(self, queryset: Any = None) -> Payment:
        """The payment as the provider sees it now; that the browser came back from there proves nothing."""
        payment = super().get_object(queryset)
        if payment.state not in OPEN:
            return payment
        try:
            return check_payment(payment_id=payment.pk, now=timezone.now())
        except (Unanswered, NotDone) as trouble:
            log.warning("payment_check_unanswered", payment=str(payment.pk), error=str(trouble))
            return payment

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        payment = self.object
        standing = standing_of(payment)
        is_open = standing in (Standing.OPEN, Standing.CONFIRM) and self.may_change
        asks_first = is_open and waits_for_button(payment)
        goes_on = is_open and not asks_first
        words = {
            "standing": standing,
            "is_debit": payment.method in BANK_DEBITS,
            "reason": failure_in_words(payment.failure, payment.method),
            "go_on": way_on(payment, standing) if goes_on else "",
            "asks_first": asks_first,
            "is_led_on": goes_on and standing == Standing.CONFIRM and CONFIRM in self.request.GET,
        }
        return super().get_context_data(**(words | kwargs))


class Confirm(OwnRows, Page, SingleObjectMixin):
    """A button of the result: the bank's page is asked for, and the result leads on to it."""

    page = "billing:pay"
    model = Payment

    def get(self, request: HttpRequest, pk: Any) -> HttpResponse:
        return redirect("billing:payment", pk=self.get_object().pk)

    def post(self, request: HttpRequest, pk: Any) -> HttpResponse:
        payment = self.get_object()
        if waits_for_button(payment):
            try:
                payment = confirm_on_session(payment=payment, now=timezone.now())
            except Refused as refusal:
                messages.error(request, refusal.message)
        address = reverse("billing:payment", args=[payment.pk])
        return redirect(f"{address}?{CONFIRM}" if payment.state == State.REQUIRES_ACTION else address)
