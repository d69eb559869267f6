"""Payments and what the provider told us: moved by acts of the portal, the provider and staff, never edited."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.urls import path

from billing.admin.acts import AskProvider, RecordPayment
from billing.admin.open_ends import (
    AskSetup,
    ClearDifference,
    GiveUpEvent,
    GiveUpPayment,
    GiveUpReport,
    GiveUpSetup,
    OpenEnds,
    ProcessEvent,
    SendMailAgain,
)
from billing.admin.refund_acts import Approve, AskRefund, Decline, GiveBack, GiveUpRefund
from billing.models import (
    Allocation,
    AutoCharge,
    AutoPay,
    Difference,
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


class RefundsInline(ReadOnly, admin.TabularInline):
    model = Refund
    fields = ("created_at", "amount", "state", "reason", "staff", "decided_by", "failure")
    show_change_link = True


@admin.register(Payment)
class PaymentAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("created_at", "customer", "amount", "tax", "currency", "state", "method", "provider_id", "user")
    list_filter = ("state", "method", "created_at", "currency")
    list_select_related = ("customer", "user")
    search_fields = ("customer__company_name", "provider_id", "session_id", "id")
    exclude = ("session_url", "action_url")  # whoever opens the provider's page pays there in the customer's name
    inlines = (AllocationsInline, RefundsInline)

    def get_urls(self) -> list[Any]:
        acts = [
            act_path("record/<int:pk>/", RecordPayment, "billing_payment_record"),
            act_path("<uuid:pk>/ask/", AskProvider, "billing_payment_ask"),
            act_path("<uuid:pk>/refund/", GiveBack, "billing_payment_refund"),
            act_path("<uuid:pk>/give-up/", GiveUpPayment, "billing_payment_give_up"),
            path("open/", admin.site.admin_view(OpenEnds.as_view()), name="billing_open_ends"),
            act_path("open/mail/<int:pk>/", SendMailAgain, "selfcare_outgoingmail_again"),
            act_path("open/report/<int:pk>/", GiveUpReport, "billing_xdrreport_give_up"),
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

    def get_urls(self) -> list[Any]:
        acts = [
            act_path("<int:pk>/ask/", ProcessEvent, "billing_webhookevent_ask"),
            act_path("<int:pk>/give-up/", GiveUpEvent, "billing_webhookevent_give_up"),
        ]
        return [*acts, *super().get_urls()]


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

    def get_urls(self) -> list[Any]:
        acts = [
            act_path("<uuid:pk>/ask/", AskSetup, "billing_methodsetup_ask"),
            act_path("<uuid:pk>/give-up/", GiveUpSetup, "billing_methodsetup_give_up"),
        ]
        return [*acts, *super().get_urls()]


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
    list_display = ("created_at", "payment", "amount", "state", "reason", "staff", "decided_by", "failure")
    list_filter = ("state", "created_at")
    list_select_related = ("payment", "staff", "decided_by")
    search_fields = ("payment__id", "provider_id", "reason")

    def get_urls(self) -> list[Any]:
        acts = [
            act_path("<uuid:pk>/approve/", Approve, "billing_refund_approve"),
            act_path("<uuid:pk>/decline/", Decline, "billing_refund_decline"),
            act_path("<uuid:pk>/ask/", AskRefund, "billing_refund_ask"),
            act_path("<uuid:pk>/give-up/", GiveUpRefund, "billing_refund_give_up"),
        ]
        return [*acts, *super().get_urls()]


@admin.register(Difference)
class DifferenceAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("found_at", "kind", "provider", "payment", "ours", "theirs", "currency", "cleared_at", "cleared_by")
    list_filter = (("cleared_at", admin.EmptyFieldListFilter), "kind", "provider", "found_at")
    list_select_related = ("payment", "cleared_by")
    search_fields = ("payment__id", "provider_id", "reference")
    exclude = ("key",)

    def get_urls(self) -> list[Any]:
        return [act_path("<int:pk>/clear/", ClearDifference, "billing_difference_clear"), *super().get_urls()]
