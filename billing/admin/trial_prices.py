"""What does a call cost: staff try a price, on a tariff or as a customer would pay it, and read why it is that."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.models import Tariff
from billing.operations.trial_prices import TrialPrice, tariff_for, try_price
from billing.pages.why import why_lines
from selfcare.admin.acts import Act
from selfcare.errors import Refused
from selfcare.models import Customer

LONGEST = 86_400


class CallForm(forms.Form):
    """A call that nobody makes."""

    number = forms.CharField(
        label=_("Number"),
        max_length=30,
        help_text=_("With + and the country code, such as +49 30 123456; for a customer also as he dials it."),
        widget=forms.TextInput(attrs={"class": "vTextField", "inputmode": "tel"}),
    )
    started_at = forms.DateTimeField(
        label=_("Date/Time"),
        required=False,
        help_text=_("When the call begins, by your own clock, such as 2026-03-01 14:30. Empty: now."),
    )
    seconds = forms.IntegerField(
        label=_("Duration, sec"),
        min_value=1,
        max_value=LONGEST,
        initial=180,
        help_text=_("How long the call lasts after it was answered, such as 180 for three minutes."),
    )


class TryPrice(Act):
    """The form, and under it the price with its reasons; nothing is booked. A subclass says whose price."""

    permission = "billing.view_rate"
    form_class = CallForm
    template_name = "admin/billing/try_price.html"
    title = _("What does a call cost")
    button = _("Show the price")

    def price(self, said: dict[str, Any]) -> TrialPrice:
        """The price of the call in the form. May raise Refused."""
        raise NotImplementedError

    def form_valid(self, form: forms.Form) -> HttpResponse:
        said = form.cleaned_data | {"started_at": form.cleaned_data["started_at"] or timezone.now()}
        try:
            trial = self.price(said)
        except Refused as refusal:
            return self.refuse(form, refusal)
        found, currency = trial.explained, self.record.currency
        lines = why_lines(found, number=trial.number, started_at=said["started_at"], currency=currency)
        return self.render_to_response(
            self.get_context_data(form=form, lines=lines, amount=found.explanation.amount, currency=currency)
        )


class TryTariff(TryPrice):
    """By the tariff alone, without anybody's discounts."""

    model = Tariff

    def consequences(self) -> list[str]:
        return [_("Nothing is booked. Discounts are a customer's: try the price on his page to have them count.")]

    def price(self, said: dict[str, Any]) -> TrialPrice:
        return try_price(
            tariff=self.record,
            customer=None,
            number=said["number"],
            started_at=said["started_at"],
            seconds=said["seconds"],
        )


class TryCustomer(TryPrice):
    """With what is left of the customer's discounts."""

    model = Customer

    def consequences(self) -> list[str]:
        return [_("Nothing is booked, and no volume of a discount is used. The price is without tax.")]

    def price(self, said: dict[str, Any]) -> TrialPrice:
        return try_price(
            tariff=tariff_for(self.record),
            customer=self.record,
            number=said["number"],
            started_at=said["started_at"],
            seconds=said["seconds"],
        )
