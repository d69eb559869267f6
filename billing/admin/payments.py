"""Payments and what the provider told us: moved by acts of the portal, the provider and staff, never edited."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from billing.admin.acts import AskProvider, RecordPayment
from billing.models import (
    Allocation,
    AutoCharge,
    AutoPay,
    MethodSetup,
    OfferedMethod,
    Payment,
    ProviderCustomer,
    Refund,
    StoredMethod,
    WebhookEvent,
)
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
    exclude = ("session_url", "action_url")  # whoever opens the provider's page pays there in the customer's name
    inlines = (AllocationsInline,)

    def get_urls(self) -> list[Any]:
        acts = [
            act_path("record/<int:pk>/", RecordPayment, "billing_payment_record"),
            act_path("<uuid:pk>/ask/", AskProvider, "billing_payment_ask"),
        ]
        return [*acts, *super().get_urls()]


@admin.register(OfferedMethod)
class OfferedMethodAdmin(admin.ModelAdmin):
    """Without a row, cards are offered to everybody and nothing else is."""

    list_display = ("__str__", "is_offered", "minimum", "maximum")
    list_filter = ("method", "is_offered")
    list_select_related = ("customer_class",)
    search_fields = ("customer_class__name",)


@admin.register(WebhookEvent)
class WebhookEventAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("received_at", "provider", "type", "object_id", "payment_ref", "processed_at", "tries", "error")
    list_filter = (("processed_at", admin.EmptyFieldListFilter), "provider", "received_at")
    search_fields = ("event_id", "object_id", "payment_ref")
    ordering = ("-id",)
    paginator = CappedPaginator
    show_full_result_count = False


@admin.register(StoredMethod)
class StoredMethodAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("customer", "kind", "brand", "last4", "exp_month", "exp_year", "is_default", "usable", "removed_at")
    list_filter = ("kind", "usable", "is_default", ("removed_at", admin.EmptyFieldListFilter))
    list_select_related = ("customer",)
    search_fields = ("customer__company_name", "ref", "last4")


@admin.register(MethodSetup)
class MethodSetupAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("created_at", "customer", "kind", "state", "failure", "user")
    list_filter = ("state", "kind", "created_at")
    list_select_related = ("customer", "user")
    search_fields = ("customer__company_name", "session_id")
    exclude = ("session_url",)  # whoever opens it stores a card in the customer's name


@admin.register(ProviderCustomer)
class ProviderCustomerAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("customer", "provider", "ref")
    list_filter = ("provider",)
    list_select_related = ("customer",)
    search_fields = ("customer__company_name", "ref")


@admin.register(AutoPay)
class AutoPayAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("customer", "pay_invoices", "invoice_when", "by_threshold", "threshold", "amount", "stopped_at")
    list_filter = ("pay_invoices", "by_threshold", ("stopped_at", admin.EmptyFieldListFilter))
    list_select_related = ("customer",)
    search_fields = ("customer__company_name",)


@admin.register(AutoCharge)
class AutoChargeAdmin(ReadOnly, admin.ModelAdmin):
    list_display = (
        "created_at",
        "customer",
        "invoice",
        "crossing",
        "amount",
        "state",
        "tries",
        "next_try_at",
        "failure",
    )
    list_filter = ("state", "created_at")
    list_select_related = ("customer", "invoice")
    search_fields = ("customer__company_name", "invoice__number")


@admin.register(Refund)
class RefundAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("created_at", "payment", "amount", "state", "reason", "staff", "failure")
    list_filter = ("state", "created_at")
    list_select_related = ("payment", "staff")
    search_fields = ("payment__id", "provider_id", "reason")
