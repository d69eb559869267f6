"""Make a Payment: the customer pays by card on the payment provider's page, and sees here what became of it."""

from __future__ import annotations

from decimal import ROUND_UP, Decimal
from typing import Any
from uuid import UUID, uuid4

import structlog
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView

from billing.gateways.base import NotDone, Unanswered
from billing.models import Payment
from billing.money import TaxedAmount, minor_digits
from billing.operations.guards import AlreadyStarted
from billing.operations.payments import (
    OPEN,
    begin_payment,
    check_payment,
    open_session,
    quote,
    wait_for_session,
)
from billing.queries.accounts import money_words
from billing.queries.dunning import dunning_of
from billing.queries.invoices import invoice_summary
from billing.queries.payments import failure_in_words, under_way
from selfcare.crud.forms import PortalForm
from selfcare.crud.views import DetailPage, Page
from selfcare.errors import Refused
from selfcare.models import Customer

log = structlog.get_logger(__name__)


class PayForm(PortalForm, forms.Form):
    """`payment_id` is made with the form, so that the same form sent again is the same payment."""

    payment_id = forms.UUIDField(widget=forms.HiddenInput)
    method = forms.ChoiceField(
        label=_("Method"), choices=[(Payment.Method.CARD, Payment.Method.CARD.label)], widget=forms.RadioSelect
    )
    amount = forms.DecimalField(label=_("Amount"), max_digits=14)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        customer: Customer = self.request.customer
        step = Decimal(1).scaleb(-minor_digits(customer.currency))
        self.fields["amount"].label = _("Amount, %(currency)s") % {"currency": customer.currency}
        self.fields["amount"].widget.attrs |= {
            "step": str(step),
            "min": settings.MINIMUM_PAYMENT,
            "autocomplete": "off",
        }

    def begin_anew(self) -> None:
        """Take the next press of the button for another payment."""
        self.data = self.data.copy()
        self.data["payment_id"] = str(uuid4())


class Pay(Page, FormView):
    page = "billing:pay"
    title = _("Make a Payment")
    intro = _("Pay by card. You type the card's number on the page of our payment provider; it never reaches us.")
    form_class = PayForm
    template_name = "billing/pay/form.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"request": self.request, "page": self.page}

    def get_initial(self) -> dict[str, Any]:
        return {"payment_id": uuid4(), "method": Payment.Method.CARD, "amount": self.suggested()}

    def form_valid(self, form: PayForm) -> HttpResponse:
        customer, amount = self.request.customer, form.cleaned_data["amount"]
        try:
            taxed = quote(customer=customer, amount=amount)
            if customer.is_prepaid and self.request.POST.get("confirmed") != str(taxed.gross):
                return self.ask(form, taxed)
            return self.go_to_provider(form.cleaned_data["payment_id"], amount)
        except Refused as refusal:
            if isinstance(refusal, AlreadyStarted):
                form.begin_anew()
            form.refuse(refusal)
            return self.form_invalid(form)

    def ask(self, form: PayForm, taxed: TaxedAmount) -> HttpResponse:
        """Show amount, tax and total; what is confirmed there is what is charged."""
        self.template_name = "billing/pay/check.html"
        context = self.get_context_data(form=form, taxed=taxed, title=_("Check your payment"), intro="")
        return self.render_to_response(context)

    def go_to_provider(self, payment_id: UUID, amount: Decimal) -> HttpResponse:
        request, now = self.request, timezone.now()
        payment = begin_payment(
            customer=request.customer, user=request.user, payment_id=payment_id, amount=amount, now=now
        )
        payment = wait_for_session(payment=open_session(payment=payment, now=now))
        if payment.state in OPEN and payment.session_url:
            return redirect(payment.session_url)
        return redirect("billing:payment", pk=payment.pk)

    def suggested(self) -> Decimal | None:
        """What is due, else what is owed, but no less than the minimum; nothing for who owes nothing."""
        owed = self.summary.balance_due or money_words(self.request.customer).balance
        if owed <= 0:
            return None
        exact = Decimal(1).scaleb(-minor_digits(self.request.customer.currency))
        return max(owed, Decimal(settings.MINIMUM_PAYMENT)).quantize(exact, ROUND_UP)

    @cached_property
    def summary(self) -> Any:
        return invoice_summary(self.request.customer, now=timezone.now())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        waiting = list(under_way(self.request.customer, now=timezone.now()))
        left = next((payment for payment in waiting if str(payment.pk) == self.request.GET.get("left")), None)
        minimum = Decimal(settings.MINIMUM_PAYMENT)
        facts = {"summary": self.summary, "waiting": waiting, "left": left, "minimum": minimum}
        facts["dunning"] = dunning_of(self.request.customer, now=timezone.now())
        return super().get_context_data(**(facts | kwargs))


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

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().get(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        state = self.object.state
        words = {
            "reason": failure_in_words(self.object.failure),
            "being_checked": state in (Payment.State.CREATED, Payment.State.UNKNOWN),
            "may_go_on": state in OPEN and self.object.session_url and self.may_change,
        }
        return super().get_context_data(**(words | kwargs))
