"""Volume discounts: destination groups, plans with their steps, and who has them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from billing.models import CustomerDiscount, DestinationGroup, DiscountPlan, DiscountStep, DiscountUsage, Service
from selfcare.admin.parts import ReadOnly

SECONDS_A_MINUTE = 60


class PrefixesField(forms.CharField):
    """Prefixes as people write them, kept as a sorted list without spaces and pluses."""

    widget = forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"})

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return sorted({part.removeprefix("+") for part in re.split(r"[\s,;]+", super().to_python(value)) if part})

    def validate(self, value: Any) -> None:
        if not value:
            raise ValidationError(self.error_messages["required"], code="required")


class DestinationGroupForm(forms.ModelForm):
    prefixes = PrefixesField(
        label=_("Prefixes"),
        help_text=_("Beginnings of the called numbers with the country's code, such as 44, 49, 4915. One is enough."),
    )

    class Meta:
        model = DestinationGroup
        fields = ("name", "prefixes")


@admin.register(DestinationGroup)
class DestinationGroupAdmin(admin.ModelAdmin):
    form = DestinationGroupForm
    list_display = ("name", "shown")
    search_fields = ("name",)

    @admin.display(description=_("prefixes"))
    def shown(self, group: DestinationGroup) -> str:
        return ", ".join(group.prefixes)


class StepForm(forms.ModelForm):
    """A step as staff think of it: of calls minutes, though they are counted in seconds."""

    upto = forms.DecimalField(
        label=_("Up to"),
        required=False,
        max_digits=13,
        decimal_places=5,
        help_text=_("Minutes, messages, MB or money in all, such as 100; empty in the last step: without end."),
    )

    class Meta:
        model = DiscountStep
        fields = ("upto", "percent")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        step: DiscountStep = self.instance
        if step.pk and step.upto is not None:
            self.initial["upto"] = format((step.upto / in_one(step.plan)).normalize(), "f")

    def validate_constraints(self) -> None:
        """Minutes must not be compared with the seconds of other rows; the steps check each other in `StepForms`."""

    def clean_upto(self) -> Decimal | None:
        upto: Decimal | None = self.cleaned_data["upto"]
        if upto is not None and upto <= 0:
            raise ValidationError(_("A step has more than 0. Leave it empty for a step without end."))
        return upto


def in_one(plan: DiscountPlan) -> int:
    """How many of what the plan counts are in one of what staff enter."""
    is_calls = plan.service_id is not None and plan.service.unit == Service.Unit.SECONDS
    return SECONDS_A_MINUTE if is_calls and not plan.counts_money else 1


class StepForms(forms.BaseInlineFormSet):
    """The steps of a plan together: at least one, each edge once, one without end at most."""

    def clean(self) -> None:
        self._check_steps()
        super().clean()

    def _check_steps(self) -> None:
        kept = [form for form in self.forms if form.has_changed() or form.instance.pk]
        kept = [form for form in kept if not form.cleaned_data.get("DELETE")]
        if any(self.errors) or not all(form.cleaned_data for form in kept):
            return
        if not kept:
            raise ValidationError(_("A plan needs at least one step, such as: up to 100, 100 %."))
        edges = [form.cleaned_data["upto"] for form in kept]
        if len(set(edges)) < len(edges):
            raise ValidationError(
                _("Two steps end at the same volume. Each needs an end of its own; one may have none.")
            )
        if not any(form.cleaned_data["percent"] for form in kept):
            raise ValidationError(_("No step has a discount."))

    def save_new(self, form: Any, commit: bool = True) -> Any:
        return self._in_units(form, lambda: super(StepForms, self).save_new(form, commit))

    def save_existing(self, form: Any, obj: Any, commit: bool = True) -> Any:
        return self._in_units(form, lambda: super(StepForms, self).save_existing(form, obj, commit))

    def _in_units(self, form: Any, save: Any) -> Any:
        """Only now the plan is known that says what a step counts."""
        upto = form.cleaned_data["upto"]
        form.instance.upto = None if upto is None else upto * in_one(self.instance)
        return save()


class StepsInline(admin.TabularInline):
    model = DiscountStep
    form = StepForm
    formset = StepForms
    extra = 2


class PlanForm(forms.ModelForm):
    class Meta:
        model = DiscountPlan
        fields = (
            "name",
            "service",
            "destination_group",
            "peak_level",
            "measure",
            "currency",
            "reset",
            "precedence",
            "combination",
            "roll_over",
            "prorate_first",
            "split_at_edge",
            "notify_percent",
            "notify_reached",
        )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        service, measure = said.get("service"), said.get("measure")
        if service and service.unit not in (Service.Unit.SECONDS, Service.Unit.MESSAGES, Service.Unit.MEGABYTES):
            self.add_error("service", _("Volume discounts are for calls, messages and data."))
        if measure == DiscountPlan.Measure.MONEY and not said.get("currency"):
            self.add_error("currency", _("Thresholds in money need a currency, such as EUR."))
        if measure == DiscountPlan.Measure.VOLUME and said.get("currency"):
            self.add_error("currency", _("Leave this empty: the thresholds count volume, not money."))
        self._check_given(said)
        return said

    def _check_given(self, said: dict[str, Any]) -> None:
        """A plan that customers have already must go on counting the same thing."""
        if not self.instance.pk or not self.instance.customers.exists():
            return
        for name in {"service", "measure", "currency", "reset"} & set(self.changed_data):
            if name in said:
                self.add_error(
                    name, _("Customers have this plan already, and their counters with it. Make a new plan.")
                )


@admin.register(DiscountPlan)
class DiscountPlanAdmin(admin.ModelAdmin):
    form = PlanForm
    list_display = ("name", "service", "destination_group", "peak_level", "reset", "precedence", "combination")
    list_filter = ("service", "reset", "combination")
    list_select_related = ("service", "destination_group")
    search_fields = ("name", "destination_group__name")
    autocomplete_fields = ("destination_group",)
    inlines = (StepsInline,)


class UsageInline(ReadOnly, admin.TabularInline):
    model = DiscountUsage
    fields = ("period_start", "period_end", "used", "rolled_over")


class CustomerDiscountForm(forms.ModelForm):
    class Meta:
        model = CustomerDiscount
        fields = ("customer", "plan", "is_direct", "starts_at", "ends_at")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        customer, plan = said.get("customer"), said.get("plan")
        if customer and plan:
            if plan.currency not in ("", customer.currency):
                words = _("The plan counts %(theirs)s, but %(customer)s pays in %(ours)s.")
                facts = {"theirs": plan.currency, "customer": customer, "ours": customer.currency}
                self.add_error("plan", words % facts)
            self._check_overlap(said, customer, plan)
        if self.instance.pk and self.instance.usage.exists():
            for name in {"customer", "plan", "starts_at"} & set(self.changed_data):
                self.add_error(name, _("Some of it is used already. End this discount and give another one."))
        return said

    def _check_overlap(self, said: dict[str, Any], customer: Any, plan: DiscountPlan) -> None:
        """The same plan twice at once would be twice the volume, and only one of them on the bar."""
        start, end = said.get("starts_at"), said.get("ends_at")
        if start is None:
            return
        same = CustomerDiscount.objects.filter(customer=customer, plan=plan).exclude(pk=self.instance.pk)
        same = same.exclude(ends_at__lte=start)
        if (same.filter(starts_at__lt=end) if end else same).exists():
            self.add_error("plan", _("The customer has this plan in that time already."))


@admin.register(CustomerDiscount)
class CustomerDiscountAdmin(admin.ModelAdmin):
    form = CustomerDiscountForm
    list_display = ("customer", "plan", "is_direct", "starts_at", "ends_at")
    list_filter = ("plan", "starts_at")
    list_select_related = ("customer", "plan")
    search_fields = ("customer__company_name", "plan__name")
    autocomplete_fields = ("customer", "plan")
    inlines = (UsageInline,)

    def has_delete_permission(self, request: HttpRequest, obj: CustomerDiscount | None = None) -> bool:
        """What was used is the customer's history: it is ended, not deleted."""
        return super().has_delete_permission(request, obj) and (obj is None or not obj.usage.exists())
