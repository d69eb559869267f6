"""What calls may cost in a day and in a billing period, who is told, and what was told; raising today's limit."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing.models import SpendLimits
from billing.operations.spending import Wanted, raise_for_today, save_limits
from billing.operations.spending.limits import FIELDS
from billing.queries.spend_limits import Limit, Source, Spending, lines_spending, spending_of
from billing.queries.spend_notices import limits_of, notices_of
from billing.queries.spend_readers import readers_of, users_of
from selfcare import formats
from selfcare.crud.forms import ActForm, PortalForm, beside
from selfcare.crud.password import PasswordAgain, given_again
from selfcare.crud.views import AddPage, SettingsPage

AMOUNTS = tuple(name for name in FIELDS if name != "night_abroad")
WHO_SAYS = {
    Source.OWN: _("chosen by you"),
    Source.RAISED: _("raised for today"),
    Source.USUAL: _("the usual one for you"),
    Source.STAFF: _("set by your telephone company"),
}


@dataclass(frozen=True, slots=True)
class Bar:
    """A limit with what of it is used: `percent` of its length, at most 100."""

    label: str | Promise
    spent: str
    limit: str
    who_says: str | Promise
    percent: int
    is_reached: bool


def bar_of(label: str | Promise, limit: Limit | None, spent: Decimal, currency: str) -> Bar:
    """The bar of a limit; without one only what was spent."""
    shown = formats.money(spent, currency)
    if limit is None:
        return Bar(label, shown, "", "", 0, False)
    is_reached = spent >= limit.amount
    percent = 100 if is_reached else int(max(spent, Decimal(0)) * 100 / limit.amount)
    return Bar(label, shown, formats.money(limit.amount, currency), WHO_SAYS[limit.source], percent, is_reached)


def bars_of(spending: Spending) -> list[Bar]:
    """Today's bar and that of the billing period."""
    currency = spending.customer.currency
    return [
        bar_of(_("Today"), spending.day, spending.spent_today, currency),
        bar_of(_("This billing period"), spending.in_period, spending.spent_in_period, currency),
    ]


class AlertsForm(ActForm):
    """The limits, the notices, and their readers; the password is asked for when calls may cost more."""

    by_mail = forms.TypedMultipleChoiceField(
        label=_("By e-mail to"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("At least one person, such as the owner."),
    )
    by_sms = forms.TypedMultipleChoiceField(
        label=_("By text message to"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only those whose mobile number your telephone company knows."),
    )
    password = PasswordAgain()

    class Meta:
        model = SpendLimits
        fields = FIELDS
        help_texts = {
            "low_funds": _("Such as 25.00. Told once, and again only after there was clearly more. Empty: never."),
            "day_over": _("Such as 15.00; nothing is stopped. Empty: never."),
            "call_over": _("Such as 5.00; at most one message an hour. Empty: never."),
            "night_abroad": _("Between 20:00 and 6:00 in your time zone, once a night. Thieves like to call then."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        customer = self.request.customer
        self.spending = spending_of(customer, now=timezone.now())
        for name in AMOUNTS:
            self.fields[name].label = f"{self.fields[name].label}, {customer.currency}"
        self.fields["daily_limit"].help_text = self._day_words()
        self.fields["period_limit"].help_text = gettext("Such as 300.00. Empty: no limit for the whole period.")
        users, readers = users_of(customer), readers_of(customer)
        everybody = [(pk, str(user)) for pk, user in users.items()]
        self.fields["by_mail"].choices = [(pk, name) for pk, name in everybody if users[pk].email]
        self.fields["by_sms"].choices = [(pk, name) for pk, name in everybody if users[pk].mobile]
        self.initial |= {
            "by_mail": [user.pk for user in readers.by_mail],
            "by_sms": [user.pk for user in readers.by_sms],
        }
        asked = ["password"] if self.is_bound and self.data.get("password") else []
        self.helper.layout = Layout(
            Fieldset(_("Calls stop at"), beside("daily_limit", "period_limit")),
            Fieldset(_("Tell us, but stop nothing"), beside("low_funds", "day_over"), "call_over", "night_abroad"),
            Fieldset(_("Who is told"), beside("by_mail", "by_sms")),
            *asked,
            *(["version"] if "version" in self.fields else []),
        )

    def _day_words(self) -> str:
        """What an empty field means, and the highest amount."""
        found, currency = self.spending, self.request.customer.currency
        words = [gettext("Such as 30.00.")]
        if found.usual is None:
            words += [gettext("Empty: no limit.")]
        else:
            usual = formats.money(found.usual, currency)
            words += [gettext("Empty: the usual limit for you, today %(usual)s.") % {"usual": usual}]
        if found.most_a_day is not None:
            words += [gettext("At most %(most)s.") % {"most": formats.money(found.most_a_day, currency)}]
        return " ".join(words)

    def refuse(self, refusal: Any) -> None:
        if refusal.field == "password" and "password" not in self.helper.layout.fields:
            self.helper.layout.append("password")
        super().refuse(refusal)

    @property
    def wanted(self) -> Wanted:
        """What a valid form asks for."""
        return Wanted(**{name: self.cleaned_data[name] for name in FIELDS})


class Alerts(SettingsPage):
    page = "billing:alerts"
    title = _("Spending limits")
    intro = _("A safety catch: what calls may cost before they stop, and who is told in time.")
    model = SpendLimits
    form_class = AlertsForm
    template_name = "billing/alerts/page.html"

    def get_object(self, queryset: Any = None) -> SpendLimits:
        return limits_of(self.request.customer)

    def save(self, form: AlertsForm) -> SpendLimits:
        values = form.cleaned_data
        return save_limits(
            user=self.request.user,
            customer=self.request.customer,
            version=values.get("version"),
            wanted=form.wanted,
            by_mail=values["by_mail"],
            by_sms=values["by_sms"],
            confirmed=given_again(self.request, values["password"]),
            now=timezone.now(),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        customer, now = self.request.customer, timezone.now()
        spending = spending_of(customer, now=now)
        facts = {
            "bars": bars_of(spending),
            "can_raise": spending.day is not None,
            "lines": [
                (
                    each.kept,
                    bar_of(
                        each.kept.line, Limit(each.kept.daily_limit, Source.OWN), each.spent_today, customer.currency
                    ),
                )
                for each in lines_spending([customer], now=now)
            ],
            "notices": notices_of(customer),
        }
        return super().get_context_data(**(facts | kwargs))


class RaiseForm(PortalForm, forms.Form):
    """A higher limit until midnight."""

    amount = forms.DecimalField(
        label=_("Calls may cost today"),
        min_value=0,
        max_digits=12,
        decimal_places=2,
        help_text=_("All of today together, such as 50.00. Tomorrow the limit is as it was."),
    )
    password = PasswordAgain(required=True)

    def __init__(self, *args: Any, instance: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = spending_of(self.request.customer, now=timezone.now())
        if found.day is not None and found.most_a_day is not None:
            self.initial["amount"] = min(found.day.amount * 2, max(found.most_a_day, found.day.amount))


class Raise(AddPage):
    page = "billing:alerts"
    title = _("Raise for today")
    intro = _("Calls may cost more until midnight in your time zone. All owners get an e-mail about it.")
    model = SpendLimits
    form_class = RaiseForm
    save_label = _("Raise for today")
    saved = _("Calls may cost more today.")

    def save(self, form: RaiseForm) -> SpendLimits:
        return raise_for_today(
            user=self.request.user,
            customer=self.request.customer,
            to=form.cleaned_data["amount"],
            confirmed=given_again(self.request, form.cleaned_data["password"]),
            now=timezone.now(),
        )
