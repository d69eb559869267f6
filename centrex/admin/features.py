"""What the ITSP decides about features: classes of numbers to bar, and settings for companies and sites."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from centrex.models import BarringClass, FeatureSetting
from centrex.operations.place_features import refuse_values, remove_place_feature, save_place_feature
from centrex.routing.features import FEATURES
from centrex.routing.patterns import LONGEST, is_pattern
from selfcare.admin.parts import OneCustomerForm
from selfcare.errors import Refused


class BarringClassForm(forms.ModelForm):
    def clean_patterns(self) -> str:
        """One pattern a line; each must be one that the engine understands."""
        patterns = self.cleaned_data["patterns"].split()
        for pattern in patterns:
            if not is_pattern(pattern):
                words = _("“%(pattern)s” is no pattern: at most %(longest)s digits, x for any digit, %% at the end.")
                raise forms.ValidationError(words % {"pattern": pattern, "longest": LONGEST})
        return "\n".join(patterns)


@admin.register(BarringClass)
class BarringClassAdmin(admin.ModelAdmin):
    form = BarringClassForm
    list_display = ("name", "matching", "barred_by_default", "dangerous")
    list_filter = ("barred_by_default", "dangerous")
    search_fields = ("name", "patterns")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        words = gettext_lazy("In E.164 without the plus, one a line: 1900% or 4420xxxxxxxx.")
        return super().get_form(request, obj, change, **({"help_texts": {"patterns": words}} | kwargs))


class FeatureSettingForm(OneCustomerForm):
    """Values that the feature does not have are an error at their field."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "name" in self.fields:
            choices = [(name, words) for name, words in FeatureSetting.Name.choices if name in FEATURES]
            self.fields["name"].choices = choices
        if "values" in self.fields:
            self.fields["values"].help_text = gettext_lazy(
                'What differs from the usual, such as {"ring_seconds": 45}; {} for the usual values.'
            )

    def _get_validation_exclusions(self) -> set[str]:
        """No line: that no second setting is for the company is checked by the database's own condition."""
        return super()._get_validation_exclusions() - {"line"}

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if not self.errors:
            names = ("customer", "name", "site", "enabled", "values", "locked")
            given = {name: self.cleaned_data.get(name, getattr(self.instance, name, None)) for name in names}
            try:
                refuse_values(FeatureSetting(pk=self.instance.pk, **given))
            except Refused as refusal:
                self.add_error("values", str(refusal.message))
        return cleaned


@admin.register(FeatureSetting)
class FeatureSettingAdmin(admin.ModelAdmin):
    """For a whole company, or one site of it; what a line has of its own is the customer's business."""

    form = FeatureSettingForm
    list_display = ("customer", "site", "name", "enabled", "locked")
    list_filter = ("name", "enabled", "locked")
    list_select_related = ("customer", "site")
    search_fields = ("customer__company_name", "site__name")
    autocomplete_fields = ("customer", "site")
    fields = ("customer", "site", "name", "enabled", "values", "locked")

    def get_queryset(self, request: HttpRequest) -> QuerySet[FeatureSetting]:
        return super().get_queryset(request).filter(line=None)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A setting stays where it is and what it is about."""
        return ("customer", "site", "name") if obj else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        save_place_feature(user=request.user, row=obj)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        remove_place_feature(user=request.user, row=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[FeatureSetting]) -> None:
        for row in queryset:
            remove_place_feature(user=request.user, row=row)
