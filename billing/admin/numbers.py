"""External numbers that customers have without a fee, as staff gave them by hand: to be found, and to be charged."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from billing.money import round_money
from billing.operations.did_orders import charge_for_did
from billing.operations.guards import AlreadyStarted
from billing.queries.subscriptions import subscription_of, without_fee
from centrex.admin.numbers import DidAdmin
from centrex.models import Did
from selfcare import formats
from selfcare.admin.acts import Act, OnceForm


class NumberForm(OnceForm):
    """What the number costs from now on."""

    fee = forms.DecimalField(
        label=_("Monthly fee"),
        max_digits=14,
        decimal_places=3,
        min_value=0,
        help_text=_(
            "Without tax, such as 2.50. With 0 the number is free of charge and leaves the list of unpaid ones."
        ),
    )
    activation_fee = forms.DecimalField(
        label=_("Activation fee"),
        max_digits=14,
        decimal_places=3,
        min_value=0,
        initial=0,
        help_text=_("Without tax, once. With 0 there is none."),
    )


class ChargeNumber(Act):
    """A monthly fee for the number `pk`, which staff gave to its customer by hand."""

    model = Did
    permission = "billing.add_subscription"
    form_class = NumberForm
    title = _("Charge a monthly fee for this number")
    button = _("Charge it from today")
    used_before = AlreadyStarted

    def get_initial(self) -> dict[str, Any]:
        customer = self.record.customer
        is_priced = customer is not None and customer.currency == self.record.currency
        return {"fee": round_money(self.record.monthly_fee, customer.currency)} if is_priced else {}

    def get_form(self, form_class: Any = None) -> forms.Form:
        form = super().get_form(form_class)
        if self.record.customer is not None:
            for field in (form.fields["fee"], form.fields["activation_fee"]):
                field.label = format_lazy("{}, {}", field.label, self.record.customer.currency)
        return form

    def consequences(self) -> list[str]:
        customer = self.record.customer
        if customer is None:
            return [_("Nobody has this number, so there is nobody to charge.")]
        running = subscription_of(self.record)
        if running is not None:
            fee = formats.money(running.fee, customer.currency)
            return [_("%(customer)s pays %(fee)s a month for it already.") % {"customer": customer, "fee": fee}]
        return [
            _("%(customer)s has had this number without a fee so far; the days before today stay free.")
            % {"customer": customer},
            _("The activation fee and the rest of this period are charged at once, the next periods by themselves."),
            _("A prepaid customer is charged even if his money does not cover it; his balance then says so."),
            _("The fee ends when the number is released."),
        ]

    def act(self, said: dict[str, Any]) -> str | Promise:
        charge_for_did(
            staff=self.request.user,
            did=self.record,
            fee=said["fee"],
            activation_fee=said["activation_fee"],
            given_as=said["once"],
            now=timezone.now(),
        )
        return _("%(number)s is charged by the month from today.") % {"number": self.record}


class HasFee(admin.SimpleListFilter):
    """Which of the numbers that customers have are paid for."""

    title = _("monthly fee")
    parameter_name = "fee"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("none", _("Given without a fee"))]

    def queryset(self, request: HttpRequest, rows: QuerySet[Did]) -> QuerySet[Did]:
        return without_fee(rows) if self.value() == "none" else rows


# The telephone system knows nothing of money: so billing adds its part here.
DidAdmin.list_filter = (HasFee, *DidAdmin.list_filter)
