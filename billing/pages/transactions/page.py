"""What the totals and the rows of a service share: the filter in the address, and the downloads."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from billing.pages.transactions.filter import TransactionsFilter
from billing.pages.transactions.invoice_rows import InvoiceRows
from billing.queries.records import record_columns
from billing.queries.xdrs import ServiceTotal, service_totals, transactions
from selfcare import access, export
from selfcare.crud import downloads
from selfcare.crud.days import SECOND, span_query
from selfcare.crud.views import Page
from selfcare.errors import Refused


class FilteredPage(Page, TemplateView):
    """A page over what the filter asks for; `service_id` narrows it to the service in the address."""

    page = "billing:transactions"
    service_id: int | None = None
    invoice: InvoiceRows | None = None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.GET.get("invoice"):
            return self.get_of_invoice(request)
        asked = any(name in request.GET for name in TransactionsFilter.base_fields)
        self.filter = TransactionsFilter(request.GET if asked else None, customer=request.customer, now=timezone.now())
        if self.filter.is_bound and not self.filter.is_valid():
            return self.refuse()
        wanted = self.filter.wanted
        self.wanted = replace(wanted, service_id=self.service_id or wanted.service_id)
        if request.GET.get("format") in export.FORMATS:
            return self.download(request.GET["format"])
        return self.show()

    def get_of_invoice(self, request: HttpRequest) -> HttpResponse:
        """The rows behind an invoice instead of those of a filter; 404 for an invoice that is not the customer's."""
        access.require(request, access.VIEW, "billing:invoices")
        self.invoice = InvoiceRows.asked(request)
        self.filter = TransactionsFilter(None, customer=request.customer, now=timezone.now())
        self.wanted = self.invoice.wanted(self.service_id)
        if request.GET.get("format") in export.FORMATS:
            return self.download(request.GET["format"])
        return self.show()

    @property
    def query(self) -> str:
        """The address' query that stands for what is shown."""
        return self.invoice.query if self.invoice else self.filter.query()

    def show(self) -> HttpResponse:
        """The page with what a valid filter finds."""
        facts = {
            "filter": self.filter,
            "invoice_rows": self.invoice,
            "from": self.wanted.start,
            "till": self.wanted.end - SECOND,
            "no_workbook": "" if self.count <= downloads.MOST_IN_XLSX else downloads.too_many(),
        }
        return self.render_to_response(self.get_context_data(**facts | self.words()))

    def refuse(self) -> HttpResponse:
        """A wrong filter is mended on the page of totals."""
        return redirect(f"{reverse('billing:transactions')}?{self.request.GET.urlencode()}")

    def words(self) -> dict[str, Any]:
        """What this page adds."""
        raise NotImplementedError

    @cached_property
    def totals(self) -> list[ServiceTotal]:
        """Read when they are asked for: the download of a CSV does without."""
        return service_totals(self.request.customer, self.wanted)

    @property
    def count(self) -> int:
        return sum(total.transactions for total in self.totals)

    def download(self, format: str) -> HttpResponse:
        """All rows of the filter; a workbook only up to what one opens without trouble, and not too many at once."""
        if format == "xlsx" and self.count > downloads.MOST_IN_XLSX:
            return downloads.instead_of_file(self.request, downloads.too_many())
        try:
            return self.file(format)
        except Refused as refusal:
            return downloads.instead_of_file(self.request, refusal.message)

    def file(self, format: str) -> HttpResponse:
        customer, zone = self.request.customer, ZoneInfo(timezone.get_current_timezone_name())
        name = f"transactions-{span_query(self.wanted.start, self.wanted.end)['from_date'][:10]}"
        text = export.defused_column if format == "csv" else F
        rows, columns = record_columns(transactions(customer, self.wanted), customer, zone, text)
        if format == "csv":
            return export.copy_response(name, columns, rows, zone=str(zone), owner=f"customer {customer.pk}")
        with export.turn_of(f"customer {customer.pk}"):
            return export.response("xlsx", name, [*columns], rows.values_list(*columns.values()).iterator(2000))
