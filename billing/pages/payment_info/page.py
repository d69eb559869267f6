"""Payment Info itself: the stored ways to pay, the wishes for automatic payments, and what these did lately."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from crispy_forms.layout import Div, Fieldset, Layout
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing.models import AutoPay
from billing.money import minor_digits
from billing.operations.autopay import change_auto_pay, resume_auto_pay
from billing.pages.payment_info.charges import charge_rows
from billing.pages.payment_info.stored import method_rows
from billing.queries.automatic import latest_charges, wishes_of
from billing.queries.methods import stored_methods
from billing.queries.offered import offered_methods
from billing.queries.payments import failure_in_words
from selfcare.crud.forms import ActForm, beside
from selfcare.crud.views import Page, SettingsPage
from selfcare.errors import Refused
from selfcare.models import Customer

FIELDS = ("pay_invoices", "invoice_when", "by_threshold", "threshold", "amount", "daily_cap")
AMOUNTS = ("threshold", "amount", "daily_cap")


class AutoPayForm(ActForm):
    """When the preferred payment method is charged; a prepaid customer has no invoices to pay."""

    class Meta:
        model = AutoPay
        fields = FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        customer: Customer = self.request.customer
        if self.instance._state.adding:
            del self.fields["version"]  # there is nothing yet that somebody could have changed meanwhile
        exact = Decimal(1).scaleb(-minor_digits(customer.currency))
        for name, words in self._words(customer).items():
            self.fields[name].label, self.fields[name].help_text = words
        for name in AMOUNTS:
            self.fields[name].label = f"{self.fields[name].label}, {customer.currency}"
            self.fields[name].widget.attrs |= {"step": str(exact)}
            if self.initial.get(name) is not None:
                self.initial[name] = self.initial[name].quantize(exact)
        invoices = [] if customer.is_prepaid else [self._invoices()]
        if customer.is_prepaid:
            del self.fields["pay_invoices"], self.fields["invoice_when"]
        threshold = Div(beside("amount", "threshold"), data_shown_with="by_threshold", css_class="switched")
        self.helper.layout = Layout(
            *invoices,
            Fieldset(_("When the balance crosses a threshold"), "by_threshold", threshold),
            Fieldset(_("Safety"), "daily_cap"),
            *(["version"] if "version" in self.fields else []),
        )

    def clean(self) -> dict[str, Any] | None:
        """Says what is missing at its field; the model's own constraint would say it in the database's words."""
        given = super().clean()
        if self.cleaned_data.get("by_threshold") and self.cleaned_data.get("threshold", 0) is None:
            self.add_error("threshold", _("Enter the balance at which to pay."))
        return given

    def _invoices(self) -> Fieldset:
        when = Div("invoice_when", data_shown_with="pay_invoices", css_class="switched")
        return Fieldset(_("Invoices"), "pay_invoices", when)

    def _words(self, customer: Customer) -> dict[str, tuple[Promise | str, Promise | str]]:
        """Label and help of each field; the balance means another thing to who pays ahead."""
        words = {
            "pay_invoices": (
                _("Auto-pay invoices using this payment method"),
                _("Your preferred payment method is charged with what is open on each new invoice and earlier ones."),
            ),
            "invoice_when": (_("When"), _("On its due date: you have time to look at the invoice first.")),
            "daily_cap": (
                _("At most in a day"),
                _("All automatic payments of a day together, such as 200.00. Empty: no limit."),
            ),
        }
        if customer.is_prepaid:
            return words | {
                "by_threshold": (_("Top up when little is left"), _("So that your calls do not stop.")),
                "amount": (_("Pay"), _("Such as 25.00; the tax comes on top of it.")),
                "threshold": (_("When less is left than"), _("Such as 10.00.")),
            }
        return words | {
            "by_threshold": (_("Pay when I owe much"), _("Such as in a month with many calls, before the invoice.")),
            "amount": (_("Pay"), _("Such as 100.00.")),
            "threshold": (_("When I owe more than"), _("Such as 400.00.")),
        }


class PaymentInfo(SettingsPage):
    page = "billing:payment-info"
    title = _("Payment Info")
    intro = _("What you store to pay with, and when it is charged by itself.")
    model = AutoPay
    form_class = AutoPayForm
    template_name = "billing/payment_info/page.html"
    saved = _("Your automatic payments were saved.")

    def get_object(self, queryset: Any = None) -> AutoPay:
        return wishes_of(self.request.customer)

    def save(self, form: AutoPayForm) -> AutoPay:
        asked = {name: getattr(form.instance, name) for name in FIELDS}
        return change_auto_pay(
            customer=self.request.customer,
            user=self.request.user,
            version=form.cleaned_data.get("version"),
            **asked,
            now=timezone.now(),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        customer, today = self.request.customer, timezone.localdate()
        kept = wishes_of(customer)  # the form's own instance has what was typed
        methods = method_rows(stored_methods(customer), offered=offered_methods(customer), today=today)
        facts = {
            "methods": methods,
            "preferred": next((row for row in methods if row.method.is_default), None),
            "auto_pay": kept,
            "is_on": kept.pay_invoices or kept.by_threshold,
            "stopped_because": failure_in_words(kept.stopped_because),
            "charges": charge_rows(latest_charges(customer)),
        }
        return super().get_context_data(**(facts | kwargs))


class Resume(Page):
    """A button of the page; opened by hand, the address leads back there."""

    page = "billing:payment-info"

    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect(self.page)

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            resume_auto_pay(customer=request.customer, user=request.user, now=timezone.now())
        except Refused as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("Automatic payments go on."))
        return redirect(self.page)
