"""Invoices: to look at. A wrong one is made void and written anew, never edited."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from billing.admin.acts import MakePdf, MakeVoid
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
        *("number", "kind", "customer", "issued_at", "due_date", "net", "tax", "total", "currency", "voided_at"),
        *("has_pdf", "has_einvoice"),
    )
    list_filter = (
        *("kind", "issued_at", ("voided_at", admin.EmptyFieldListFilter), "is_statement", "currency"),
        *(("pdf", admin.EmptyFieldListFilter), ("xml_problem", admin.EmptyFieldListFilter)),
    )
    readonly_fields = ("has_pdf", "pdf_made_at", "pdf_sha256", "pdf_problem", "pdf_next_try_at", "xml_problem")
    list_select_related = ("customer",)
    search_fields = ("number", "customer__company_name")
    inlines = (LinesInline,)

    def get_urls(self) -> list[Any]:
        acts = [
            act_path("<int:pk>/void/", MakeVoid, "billing_invoice_void"),
            act_path("<int:pk>/credit/", MakeCreditNote, "billing_invoice_credit"),
            act_path("<int:pk>/pdf/", MakePdf, "billing_invoice_pdf"),
        ]
        return [*acts, *super().get_urls()]

    @admin.display(description=_("PDF"), boolean=True)
    def has_pdf(self, invoice: Invoice) -> bool:
        """Whether the PDF was made; why not stands in the invoice."""
        return bool(invoice.pdf)

    @admin.display(description=_("e-invoice"), boolean=True)
    def has_einvoice(self, invoice: Invoice) -> bool | None:
        """Whether the PDF has the XML inside; unknown while there is no PDF."""
        return not invoice.xml_problem if invoice.pdf else None


@admin.register(InvoiceCounter)
class InvoiceCounterAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("name", "last")
    search_fields = ("name",)
