"""What whole companies have set: to look at, and for staff the limits that the ITSP promises."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from centrex.models import BlockedCaller, CallQueue, CompanySettings, DialingRules, HealthDismissal, Site, Sound
from centrex.operations.company import PROMISES, refuse_promises, save_promises
from selfcare.admin.parts import CountsVersions, Kept, OneCustomerForm, ReadOnly, ShowsStates
from selfcare.errors import Refused


class CompanySettingsForm(forms.ModelForm):
    """What the ITSP sets; a code that is in the way in the number space is an error at its field."""

    def clean(self) -> dict[str, Any]:
        """Asked within the transaction of the page, so what is free here is still free when it is saved."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            wanted = CompanySettings(pk=self.instance.pk, customer=self.instance.customer)
            for name in PROMISES:
                setattr(wanted, name, cleaned.get(name, getattr(self.instance, name)))
            try:
                refuse_promises(wanted)
            except Refused as refusal:
                self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal.message))
        return cleaned


@admin.register(CompanySettings)
class CompanySettingsAdmin(Kept, admin.ModelAdmin):
    """Paging, limits and recording are the ITSP's to set; the rest is the customer's own choice."""

    form = CompanySettingsForm

    list_display = ("customer", "paging_enabled", "pickup_enabled", "parking_enabled", "limit_calls", "max_calls")
    list_filter = ("paging_enabled", "limit_calls", "call_recording")
    list_select_related = ("customer",)
    search_fields = ("customer__company_name",)
    fields = ("customer", *PROMISES)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Codes count in the row of the main office."""
        is_branch = obj is not None and obj.customer.is_branch
        return ("customer", "paging_enabled", "paging_prefix") if is_branch else ("customer",)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        save_promises(user=request.user, settings=obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Site)
class SiteAdmin(CountsVersions, Kept, admin.ModelAdmin):
    form = OneCustomerForm
    list_display = ("name", "customer", "is_default", "limit_calls", "max_calls", "codecs", "country", "mobility")
    list_filter = ("is_default", "limit_calls", "codecs", "mobility")
    list_select_related = ("customer",)
    search_fields = ("name", "customer__company_name")
    autocomplete_fields = ("customer",)


@admin.register(DialingRules)
class DialingRulesAdmin(ShowsStates, ReadOnly, admin.ModelAdmin):
    list_display = ("customer", "enabled", "kind", "country_code", "area_codes")
    list_filter = ("enabled", "kind")
    list_select_related = ("customer",)
    search_fields = ("customer__company_name",)


@admin.register(CallQueue)
class CallQueueAdmin(ShowsStates, ReadOnly, admin.ModelAdmin):
    list_display = ("huntgroup", "customer", "max_waiting", "call_seconds", "max_connected")
    list_select_related = ("huntgroup", "customer")
    search_fields = ("huntgroup__name", "customer__company_name")


@admin.register(Sound)
class SoundAdmin(ShowsStates, ReadOnly, admin.ModelAdmin):
    """That there is a sound and whether phones can play it; listening is the customer's own."""

    list_display = ("name", "customer", "purpose", "state", "reason", "seconds", "uploaded_at")
    list_filter = ("purpose", "state")
    list_select_related = ("customer",)
    search_fields = ("name", "customer__company_name")
    exclude = ("original", "wav_8k", "wav_16k")


@admin.register(BlockedCaller)
class BlockedCallerAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("__str__", "customer", "note", "blocked_at", "blocked_by")
    list_select_related = ("customer", "blocked_by")
    search_fields = ("number", "customer__company_name")


@admin.register(HealthDismissal)
class HealthDismissalAdmin(ReadOnly, admin.ModelAdmin):
    """Which findings of the Health Check a customer wants as they are."""

    list_display = ("words", "customer", "dismissed_at", "dismissed_by")
    list_select_related = ("customer", "dismissed_by")
    search_fields = ("words", "customer__company_name")
