"""Subscriptions and the plans that are given: a plan is edited here, a subscription is given and ended by acts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing.admin.numbers import ChargeNumber
from billing.models import StatisticSent, Subscription, SubscriptionPlan
from billing.operations.given_subscriptions import finish_subscription, give_subscription
from billing.operations.guards import AlreadyStarted
from centrex.models import Line
from selfcare import formats
from selfcare.admin.acts import Act, OnceForm, act_path
from selfcare.admin.parts import CappedPaginator, Kept, ReadOnly
from selfcare.crud.days import day_field
from selfcare.models import Customer


class GiveForm(OnceForm):
    """Which plan, to whom, and from when until when."""

    plan = forms.ModelChoiceField(SubscriptionPlan.objects.filter(is_offered=True), label=_("Plan"))
    line = forms.ModelChoiceField(
        Line.objects.none(),
        label=_("Phone line"),
        required=False,
        help_text=_("Empty: it is for the customer as a whole."),
    )
    first_day = day_field(_("First day"))
    last_day = day_field(_("Last day"))
    discount = forms.DecimalField(
        label=_("Discount, %"),
        max_digits=5,
        decimal_places=2,
        initial=0,
        help_text=_("Off the periodic fee, such as 20; the customer reads it beside the fee."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["last_day"].required = False
        self.fields["last_day"].help_text = _("Empty: until it is ended.")


class FinishForm(forms.Form):
    """The last day."""

    last_day = day_field(_("Last day"))


class Give(Act):
    """A plan for the customer `pk` or one of his lines."""

    model = Customer
    permission = "billing.add_subscription"
    form_class = GiveForm
    title = _("Give a subscription")
    button = _("Give it")
    used_before = AlreadyStarted

    def get_initial(self) -> dict[str, Any]:
        return {"first_day": timezone.now().astimezone(self.record.zone).date()}

    def get_form(self, form_class: Any = None) -> forms.Form:
        form = super().get_form(form_class)
        form.fields["plan"].queryset = form.fields["plan"].queryset.filter(currency=self.record.currency)
        form.fields["line"].queryset = Line.for_customer(self.record)
        return form

    def consequences(self) -> list[str]:
        return [
            _("The activation fee and what is due by now are charged at once; the rest follows by itself."),
            _("Days are those of the customer's time zone, %(zone)s.") % {"zone": self.record.time_zone},
            _("A prepaid customer is charged even if his money does not cover it; his balance then says so."),
        ]

    def act(self, said: dict[str, Any]) -> str | Promise:
        given = give_subscription(
            staff=self.request.user,
            customer=self.record,
            plan=said["plan"],
            line=said["line"],
            first_day=said["first_day"],
            last_day=said["last_day"],
            discount=said["discount"],
            given_as=said["once"],
            now=timezone.now(),
        )
        return _("“%(name)s” is given.") % {"name": given}


class Finish(Act):
    """The last day of the subscription `pk`."""

    model = Subscription
    permission = "billing.change_subscription"
    form_class = FinishForm
    title = _("End the subscription")
    button = _("Set the last day")
    is_grave = True

    def get_initial(self) -> dict[str, Any]:
        return {"last_day": timezone.now().astimezone(self.record.customer.zone).date()}

    def consequences(self) -> list[str]:
        return [
            _("What is charged already stays charged. Of one in arrears the days up to the last one are charged."),
            _("One that has not begun by then is taken back and costs nothing."),
        ]

    def act(self, said: dict[str, Any]) -> str | Promise:
        finish_subscription(
            staff=self.request.user, subscription=self.record, last_day=said["last_day"], now=timezone.now()
        )
        return _("The last day is %(day)s.") % {"day": formats.day(said["last_day"])}


@admin.register(SubscriptionPlan)
class SubscriptionPlanAdmin(Kept, admin.ModelAdmin):
    """A change counts for what is given after it: a subscription has the terms of the day on which it was given."""

    list_display = ("name", "fee", "activation_fee", "currency", "cycle", "in_arrears", "prorated", "is_offered")
    list_filter = ("is_offered", "currency", "cycle")
    search_fields = ("name",)


@admin.register(Subscription)
class SubscriptionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = (
        "name", "customer", "did", "line", "default_fee", "discount", "started_at", "ended_at", "charged_until",
    )  # fmt: skip
    list_filter = (("ended_at", admin.EmptyFieldListFilter), "cycle")
    list_select_related = ("customer", "did", "line")
    search_fields = ("name", "customer__company_name", "did__number")
    paginator = CappedPaginator
    show_full_result_count = False

    def get_urls(self) -> list[Any]:
        acts = [
            act_path("give/<int:pk>/", Give, "billing_subscription_give"),
            act_path("<int:pk>/end/", Finish, "billing_subscription_end"),
            act_path("number/<int:pk>/", ChargeNumber, "billing_subscription_number"),
        ]
        return [*acts, *super().get_urls()]


@admin.register(StatisticSent)
class StatisticSentAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("customer", "period_start", "period_end", "kind", "by_link", "made_at")
    list_filter = ("kind", "made_at")
    list_select_related = ("customer",)
    search_fields = ("customer__company_name",)
    paginator = CappedPaginator
    show_full_result_count = False
