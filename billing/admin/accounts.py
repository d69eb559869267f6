"""Balances and tariffs of customers."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from billing.admin.billing_periods import ChooseBillingPeriod
from billing.models import Account, BillingTrouble
from selfcare.admin.acts import act_path
from selfcare.admin.customers import CustomerAdmin
from selfcare.admin.parts import Kept, ReadOnly


class AccountInline(admin.StackedInline):
    """Balance (kept by the ledger, never typed in) and tariff on the customer's page."""

    model = Account
    fields = ("balance", "tariff", "dunning_exempt")
    readonly_fields = ("balance",)
    autocomplete_fields = ("tariff",)
    can_delete = False
    verbose_name_plural = _("billing account")


# Billing may know the customers, not the other way round: so it adds its part here.
CustomerAdmin.inlines = (AccountInline, *CustomerAdmin.inlines)


@admin.register(Account)
class AccountAdmin(Kept, admin.ModelAdmin):
    list_display = ("customer", "balance", "currency", "tariff", "dunning_exempt")
    list_filter = ("tariff", "dunning_exempt")
    list_select_related = ("customer", "tariff")
    search_fields = ("customer__company_name", "=customer__id")
    autocomplete_fields = ("tariff",)
    readonly_fields = ("customer", "balance")

    def get_urls(self) -> list[Any]:
        return [act_path("period/<int:pk>/", ChooseBillingPeriod, "billing_account_period"), *super().get_urls()]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("currency"), ordering="customer__currency")
    def currency(self, account: Account) -> str:
        return account.customer.currency


@admin.register(BillingTrouble)
class BillingTroubleAdmin(ReadOnly, admin.ModelAdmin):
    """Whom the billing run could not invoice; a row goes by itself when it could."""

    list_display = ("customer", "since", "tried_at", "tries", "error")
    list_select_related = ("customer",)
    search_fields = ("customer__company_name", "error")
