"""Billing, General: the customer's tax ID, and what he is mailed about each closed billing period."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from selfcare.crud.forms import CustomerModelForm
from selfcare.crud.views import SettingsPage
from selfcare.models import Customer, Statistic
from selfcare.tax_ids import checked_tax_id, with_example


class BillingDetailsForm(CustomerModelForm):
    class Meta:
        model = Customer
        fields = ("tax_id", "send_statistic")
        labels = {"tax_id": _("Tax ID"), "send_statistic": _("Send Statistic")}
        widgets = {"send_statistic": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = gettext("Printed on your invoices; it is checked for your country. Leave it empty if you have none.")
        self.fields["tax_id"].help_text = with_example(words, str(self.instance.country or ""))
        self.fields["send_statistic"].help_text = gettext(
            "Mailed to your e-mail address after each billing period. “Full Statistics” is a CSV file of all"
            " transactions, “Summary Only” the totals by service."
        )
        group = self.instance.customer_class
        by_class = Statistic(group.send_statistic if group else Statistic.NOTHING).label
        default = gettext("Customer class default (%(choice)s)") % {"choice": by_class}
        self.fields["send_statistic"].choices = [("", default), *Statistic.choices]

    def clean_tax_id(self) -> str:
        """One that stays as it is stays, also where the rules became stricter."""
        text: str = self.cleaned_data["tax_id"]
        if text == self.initial["tax_id"]:
            return text
        return checked_tax_id(text, country=str(self.instance.country or ""))


class General(SettingsPage):
    page = "billing:general"
    title = _("General")
    intro = _("Your tax ID, and what we mail you about each billing period.")
    model = Customer
    form_class = BillingDetailsForm

    def get_queryset(self) -> QuerySet[Customer]:
        return Customer.objects.filter(pk=self.request.customer.pk)
