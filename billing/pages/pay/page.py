"""Make a Payment: how much, and with what; then to the provider's page, or the stored method is charged at once."""

from __future__ import annotations

from decimal import ROUND_UP, Decimal
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView

from billing.models import Payment
from billing.money import TaxedAmount, minor_digits
from billing.operations.guards import AlreadyStarted
from billing.operations.payments import (
    OPEN,
    begin_payment,
    charge_stored,
    open_element,
    open_session,
    quote,
    wait_for_session,
)
from billing.pages.pay.form import PayForm
from billing.queries.accounts import money_words
from billing.queries.dunning import dunning_of
from billing.queries.invoices import invoice_summary
from billing.queries.offered import offers
from billing.queries.payments import latest_payments, under_way
from selfcare.crud.views import Page
from selfcare.errors import Refused

State = Payment.State


class Pay(Page, FormView):
    page = "billing:pay"
    title = _("Make a Payment")
    intro = _("Pay by card, from your bank account or in another way. Card and account numbers never reach us.")
    form_class = PayForm
    template_name = "billing/pay/form.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"request": self.request, "page": self.page, "minimum": self.minimum}

    def get_initial(self) -> dict[str, Any]:
        return {"payment_id": uuid4(), "amount": self.suggested()}

    def form_valid(self, form: PayForm) -> HttpResponse:
        customer, amount = self.request.customer, form.cleaned_data["amount"]
        try:
            taxed = quote(customer=customer, amount=amount)
            if customer.is_prepaid and self.request.POST.get("confirmed") != str(taxed.gross):
                return self.ask(form, taxed)
            return self.pay(form)
        except Refused as refusal:
            if isinstance(refusal, AlreadyStarted):
                form.begin_anew()
            form.refuse(refusal)
            return self.form_invalid(form)

    def ask(self, form: PayForm, taxed: TaxedAmount) -> HttpResponse:
        """Show amount, tax and total; what is confirmed there is what is charged."""
        self.template_name = "billing/pay/check.html"
        context = self.get_context_data(form=form, taxed=taxed, way=form.way, title=_("Check your payment"), intro="")
        return self.render_to_response(context)

    def pay(self, form: PayForm) -> HttpResponse:
        """Write the payment down; then charge what is stored, or open the page on which the customer pays."""
        way, chosen, now = form.way, form.cleaned_data, timezone.now()
        payment = begin_payment(
            customer=self.request.customer,
            user=self.request.user,
            payment_id=chosen["payment_id"],
            amount=chosen["amount"],
            method=way.method,
            stored=way.stored,
            save_method=way.can_be_saved and chosen["save"],
            email=chosen["email"] if way.method == Payment.Method.PAYNEARME else "",
            now=now,
        )
        if way.stored:
            return self.after_charge(charge_stored(payment=payment, now=now))
        if settings.PAYMENT_ELEMENT and chosen["here"] and way.method == Payment.Method.CARD:
            payment, secret = open_element(payment=payment, now=now)
            return redirect("billing:payment-element" if secret else "billing:payment", pk=payment.pk)
        payment = wait_for_session(payment=open_session(payment=payment, now=now))
        if payment.state in OPEN and payment.session_url and way.method != Payment.Method.PAYNEARME:
            return redirect(payment.session_url)
        return redirect("billing:payment", pk=payment.pk)

    def after_charge(self, payment: Payment) -> HttpResponse:
        """To the result; it leads on to the bank when the bank wants a confirmation.

        Not straight to the bank: a browser follows a form's answer only to the addresses that our policy names.
        """
        address = reverse("billing:payment", args=[payment.pk])
        return redirect(f"{address}?confirm" if payment.state == State.REQUIRES_ACTION else address)

    def suggested(self) -> Decimal | None:
        """What is due, else what is owed, but no less than the minimum; nothing for who owes nothing."""
        owed = self.summary.balance_due or money_words(self.request.customer).balance
        if owed <= 0:
            return None
        exact = Decimal(1).scaleb(-minor_digits(self.request.customer.currency))
        return max(owed, self.minimum).quantize(exact, ROUND_UP)

    @cached_property
    def minimum(self) -> Decimal:
        """The least amount that any of the offered ways takes."""
        return min(
            (offer.minimum for offer in offers(self.request.customer)), default=Decimal(settings.MINIMUM_PAYMENT)
        )

    @cached_property
    def summary(self) -> Any:
        return invoice_summary(self.request.customer, now=timezone.now())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        waiting = list(under_way(self.request.customer, now=timezone.now()))
        left = next((payment for payment in waiting if str(payment.pk) == self.request.GET.get("left")), None)
        facts = {
            "summary": self.summary,
            "waiting": waiting,
            "left": left,
            "minimum": self.minimum,
            "may_type_here": settings.PAYMENT_ELEMENT,
            "latest": latest_payments(self.request.customer),
            "dunning": dunning_of(self.request.customer, now=timezone.now()),
        }
        return super().get_context_data(**(facts | kwargs))
