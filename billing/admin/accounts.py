"""Balances and tariffs of customers."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from billing.models import Account
from selfcare.admin.customers import CustomerAdmin
from selfcare.admin.parts import Kept


class AccountInline(admin.StackedInline):
    """Balance (kept by the ledger, never typed in) and tariff on the customer's page."""

    model = Account
    fields = ("balance", "tariff")
    readonly_fields = ("balance",)
    autocomplete_fields = ("tariff",)
    can_delete = False
    verbose_name_plural = _("billing account")


# Billing may know the customers, not the other way round: so it adds its part here.
CustomerAdmin.inlines = (AccountInline, *CustomerAdmin.inlines)


@admin.register(Account)
class AccountAdmin(Kept, admin.ModelAdmin):
    list_display = ("customer", "balance", "currency", "tariff")
    list_filter = ("tariff",)
    list_select_related = ("customer", "tariff")
    search_fields = ("customer__company_name", "=customer__id")
    autocomplete_fields = ("tariff",)
    readonly_fields = ("customer", "balance")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("currency"), ordering="customer__currency")
    def currency(self, account: Account) -> str:
        return account.customer.currency
