"""The form of Make a Payment."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.models import Payment
from billing.money import minor_digits
from billing.pages.pay.ways import Way, ways_to_pay
from selfcare.crud.forms import PortalForm
from selfcare.models import Customer


class PayForm(PortalForm, forms.Form):
    """`payment_id` is made with the form, so that the same form sent again is the same payment."""

    payment_id = forms.UUIDField(widget=forms.HiddenInput)
    method = forms.ChoiceField(label=_("Method"), widget=forms.RadioSelect)
    amount = forms.DecimalField(label=_("Amount"), max_digits=14)
    email = forms.EmailField(
        label=_("E-mail for the payment slip"),
        required=False,
        max_length=254,
        help_text=_("The slip with the bar code is sent there, such as to anna@example.com."),
    )
    save = forms.BooleanField(
        label=_("Save this information for future use"),
        required=False,
        help_text=_("It is kept by our payment provider, not by us. You can remove it at any time in Payment Info."),
    )

    here = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, minimum: Decimal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        customer: Customer = self.request.customer
        self.ways: list[Way] = ways_to_pay(customer, today=timezone.localdate())
        self.fields["method"].choices = [(way.value, way.label) for way in self.ways]
        if self.ways:
            self.initial.setdefault("method", self.ways[0].value)
        self.initial.setdefault("email", self.request.user.email)
        self.fields["amount"].label = _("Amount, %(currency)s") % {"currency": customer.currency}
        self.fields["amount"].widget.attrs |= {
            "step": str(Decimal(1).scaleb(-minor_digits(customer.currency))),
            "min": str(minimum),
            "autocomplete": "off",
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if (
            cleaned.get("method") == Payment.Method.PAYNEARME
            and not cleaned.get("email")
            and "email" not in self.errors
        ):
            self.add_error("email", _("Enter the address to which the payment slip goes."))
        return cleaned

    @property
    def way(self) -> Way:
        """The way that a valid form has chosen."""
        return next(way for way in self.ways if way.value == self.cleaned_data["method"])

    @property
    def stored(self) -> list[Way]:
        return [way for way in self.ways if way.stored]

    @property
    def others(self) -> list[Way]:
        return [way for way in self.ways if not way.stored]

    @property
    def saved_with(self) -> str:
        """The choices with which something can be stored, as the page's script reads them."""
        return " ".join(way.value for way in self.ways if way.can_be_saved)

    def begin_anew(self) -> None:
        """Take the next press of the button for another payment."""
        self.data = self.data.copy()
        self.data["payment_id"] = str(uuid4())
