"""How a customer's billing periods run: an act, as it counts from the next period on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing.operations.billing_periods import choose_billing_period, next_period_begins
from selfcare import formats
from selfcare.admin.acts import Act
from selfcare.models import Customer


class BillingPeriodForm(forms.Form):
    """How long a period is, and where a month begins."""

    billing_period = forms.ChoiceField(label=_("Billing period"), choices=Customer.BillingPeriod.choices)
    billing_day = forms.IntegerField(
        label=_("Billing day"),
        min_value=1,
        max_value=28,
        help_text=_(
            "Day of the month, such as 15: where monthly periods begin, and the months of fees where periods are "
            "shorter."
        ),
    )


class ChooseBillingPeriod(Act):
    """Another kind of billing period for the customer `pk`."""

    model = Customer
    permission = "selfcare.change_customer"
    form_class = BillingPeriodForm
    title = _("Change the billing period")
    button = _("Change it")

    def get_initial(self) -> dict[str, Any]:
        return {"billing_period": self.record.billing_period, "billing_day": self.record.billing_day}

    def consequences(self) -> list[str]:
        begins = formats.day(next_period_begins(self.record, now=timezone.now()))
        return [
            _("The change counts from the next period on, %(day)s; the first one may be shorter.") % {"day": begins},
            _("Invoices, reports, statistics, spending limits and discounts that begin anew by billing period follow."),
            _("Fees for a month are charged by the days of each period where periods are shorter than a month."),
        ]

    def act(self, said: dict[str, Any]) -> str | Promise:
        changed = choose_billing_period(
            customer=self.record,
            kind=said["billing_period"],
            billing_day=said["billing_day"],
            staff=self.request.user,
            now=timezone.now(),
        )
        return _("From %(day)s on: %(period)s.") % {
            "day": formats.day(changed.billing_since),
            "period": changed.get_billing_period_display(),
        }
