"""Payments and what the provider told us: moved by acts of the portal, the provider and staff, never edited."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from billing.admin.acts import AskProvider, RecordPayment
from billing.models import Allocation, Payment, WebhookEvent
from selfcare.admin.acts import act_path
from selfcare.admin.parts import CappedPaginator, ReadOnly


class AllocationsInline(ReadOnly, admin.TabularInline):
    model = Allocation
    fields = ("invoice", "amount", "created_at")


@admin.register(Payment)
class PaymentAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("created_at", "customer", "amount", "tax", "currency", "state", "method", "provider_id", "user")
    list_filter = ("state", "method", "created_at", "currency")
    list_select_related = ("customer", "user")
    search_fields = ("customer__company_name", "provider_id", "session_id", "id")
    exclude = ("session_url",)  # whoever opens the provider's page pays there in the customer's name
    inlines = (AllocationsInline,)

    def get_urls(self) -> list[Any]:
        acts = [
            act_path("record/<int:pk>/", RecordPayment, "billing_payment_record"),
            act_path("<uuid:pk>/ask/", AskProvider, "billing_payment_ask"),
        ]
        return [*acts, *super().get_urls()]


@admin.register(WebhookEvent)
class WebhookEventAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("received_at", "provider", "type", "object_id", "payment_ref", "processed_at", "tries", "error")
    list_filter = (("processed_at", admin.EmptyFieldListFilter), "provider", "received_at")
    search_fields = ("event_id", "object_id", "payment_ref")
    ordering = ("-id",)
    paginator = CappedPaginator
    show_full_result_count = False
