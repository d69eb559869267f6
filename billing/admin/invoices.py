"""Invoices: to look at. A wrong one is made void and written anew, never edited."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from billing.admin.acts import MakeVoid
from billing.admin.credit_notes import MakeCreditNote
from billing.models import Invoice, InvoiceCounter, InvoiceLine
from selfcare.admin.acts import act_path
from selfcare.admin.parts import ReadOnly


class LinesInline(ReadOnly, admin.TabularInline):
    model = InvoiceLine
    fields = ("position", "description", "transactions", "quantity", "unit", "net")


@admin.register(Invoice)
class InvoiceAdmin(ReadOnly, admin.ModelAdmin):
    list_display = (
        "number",
        "kind",
        "customer",
        "issued_at",
        "due_date",
        "net",
        "tax",
        "total",
        "currency",
        "voided_at",
    )
    list_filter = ("kind", "issued_at", ("voided_at", admin.EmptyFieldListFilter), "is_statement", "currency")
    list_select_related = ("customer",)
    search_fields = ("number", "customer__company_name")
    inlines = (LinesInline,)

    def get_urls(self) -> list[Any]:
        acts = [
            act_path("<int:pk>/void/", MakeVoid, "billing_invoice_void"),
            act_path("<int:pk>/credit/", MakeCreditNote, "billing_invoice_credit"),
        ]
        return [*acts, *super().get_urls()]


@admin.register(InvoiceCounter)
class InvoiceCounterAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("name", "last")
    search_fields = ("name",)
