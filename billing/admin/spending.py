"""Spending limits: the policy for each class of customers, what staff allow a customer, and what was told."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from billing.models import LineLimit, SpendLimits, SpendNotice, SpendPolicy, SpendReader
from selfcare.admin.parts import CappedPaginator, CountsVersions, Kept, OneCustomerForm, ReadOnly


@admin.register(SpendPolicy)
class SpendPolicyAdmin(admin.ModelAdmin):
    """Without a row for a class, or for all others, the portal's own figures hold: 20, 3 times, 3 times."""

    list_display = ("__str__", "is_limited", "least", "times", "most_times")
    list_select_related = ("customer_class",)
    search_fields = ("customer_class__name",)


class ReadersInline(ReadOnly, admin.TabularInline):
    """Who is told; the customer chooses."""

    model = SpendReader
    fields = ("user", "by_mail", "by_sms")


@admin.register(SpendLimits)
class SpendLimitsAdmin(CountsVersions, Kept, admin.ModelAdmin):
    """What a customer has set, and what staff allow him."""

    list_display = ("customer", "daily_limit", "period_limit", "automatic", "most_a_day", "most_a_period", "low_since")
    list_filter = ("automatic",)
    list_select_related = ("customer",)
    search_fields = ("customer__company_name",)
    autocomplete_fields = ("customer",)
    inlines = (ReadersInline,)
    fieldsets = (
        (None, {"fields": ("customer",)}),
        (
            _("What staff allow"),
            {
                "fields": ("automatic", "most_a_day", "most_a_period"),
                "description": _("In the customer's currency. These hold whatever the customer has set."),
            },
        ),
        (_("What the customer has set"), {"fields": ("daily_limit", "period_limit", ("raised_on", "raised_to"))}),
        (_("What he wants to be told of"), {"fields": ("low_funds", "day_over", "call_over", "night_abroad")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("customer",) if obj else ()


@admin.register(LineLimit)
class LineLimitAdmin(CountsVersions, admin.ModelAdmin):
    form = OneCustomerForm
    list_display = ("line", "customer", "daily_limit")
    list_select_related = ("line", "customer")
    search_fields = ("line__account_id", "customer__company_name")
    autocomplete_fields = ("customer", "line")


@admin.register(SpendNotice)
class SpendNoticeAdmin(ReadOnly, admin.ModelAdmin):
    """What was told; nobody corrects it."""

    list_display = ("at", "customer", "kind", "percent", "amount", "threshold", "line", "number", "readers")
    list_filter = ("kind", "at")
    list_select_related = ("customer", "line")
    search_fields = ("customer__company_name", "number")
    ordering = ("-id",)
    paginator = CappedPaginator
    show_full_result_count = False
