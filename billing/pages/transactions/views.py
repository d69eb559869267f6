"""The pages: totals by service, the rows of one service, and one row with the reason of its price."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from billing.models import Service, Xdr
from billing.pages.transactions.filter import TransactionsFilter
from billing.pages.transactions.table import TransactionsTable
from billing.pages.why import WhyLine, why_lines
from billing.queries.explanations import explained
from billing.queries.records import record_columns
from billing.queries.xdrs import (
    may_sort,
    recordings_of,
    rows_of_day,
    service_of,
    service_totals,
    transactions,
    transactions_page,
)
from centrex.models import CallRecording
from selfcare import access, export
from selfcare.crud.days import SECOND, midnight, span_query
from selfcare.crud.tables import TableState
from selfcare.crud.views import DetailPage, Page

MOST_IN_XLSX = 50_000


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One service in the summary; `details` is the address of its rows."""

    name: str
    transactions: int
    quantity: str
    amount: Decimal
    details: str


class FilteredPage(Page, TemplateView):
    """What the summary and the rows share: the filter in the address, and the downloads."""

    page = "billing:transactions"
    service_id: int | None = None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = any(name in request.GET for name in TransactionsFilter.base_fields)
        self.filter = TransactionsFilter(request.GET if asked else None, customer=request.customer, now=timezone.now())
        if self.filter.is_bound and not self.filter.is_valid():
            return self.refuse()
        wanted = self.filter.wanted
        self.wanted = replace(wanted, service_id=self.service_id or wanted.service_id)
        self.totals = service_totals(request.customer, self.wanted)
        if request.GET.get("format") in export.FORMATS:
            return self.download(request.GET["format"])
        return self.render_to_response(self.get_context_data(filter=self.filter, **self.words()))

    def refuse(self) -> HttpResponse:
        """A wrong filter is mended on the page of totals."""
        return redirect(f"{reverse('billing:transactions')}?{self.request.GET.urlencode()}")

    def words(self) -> dict[str, Any]:
        """What a valid filter shows."""
        raise NotImplementedError

    @property
    def count(self) -> int:
        return sum(total.transactions for total in self.totals)

    def download(self, format: str) -> HttpResponse:
        """All rows of the filter; a workbook only up to what one opens without trouble."""
        name = f"transactions-{span_query(self.wanted.start, self.wanted.end)['from_date'][:10]}"
        rows = transactions(self.request.customer, self.wanted)
        zone, currency = ZoneInfo(timezone.get_current_timezone_name()), self.request.customer.currency
        if format == "csv":
            return export.copy_response(name, record_columns(zone, currency, export.defused_column), rows)
        if self.count > MOST_IN_XLSX:
            messages.error(
                self.request, gettext("These are too many rows for a spreadsheet file. The CSV file has them all.")
            )
            query = self.request.GET.copy()
            query.pop("format")
            return redirect(f"{self.request.path}?{query.urlencode()}")
        columns = record_columns(zone, currency, F)
        return export.response("xlsx", name, [*columns], rows.values_list(*columns.values()).iterator(2000))


class Summary(FilteredPage):
    template_name = "billing/transactions/summary.html"
    title = _("Transactions")
    intro = _("What was charged and paid in a time that you choose, by service.")

    def refuse(self) -> HttpResponse:
        return self.render_to_response(self.get_context_data(filter=self.filter, totals=None))

    def words(self) -> dict[str, Any]:
        rows = [
            SummaryRow(
                name=total.service.name,
                transactions=total.transactions,
                quantity=total.service.counted(total.charged_quantity),
                amount=total.amount,
                details=f"{reverse('billing:transactions-of', args=[total.service.pk])}?{self.filter.query()}",
            )
            for total in self.totals
        ]
        return {
            "totals": rows,
            "count": self.count,
            "amount": sum((row.amount for row in rows), Decimal(0)),
            "query": self.filter.query(),
            "from": self.wanted.start,
            "till": self.wanted.end - SECOND,
        }


class Details(FilteredPage):
    template_name = "billing/transactions/details.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.service_id = kwargs["service"]

    @cached_property
    def service(self) -> Service:
        """The service of all rows; 404 where there is none."""
        found = next((total.service for total in self.totals), None) or service_of(self.kwargs["service"])
        if found is None:
            raise Http404
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        back = f"{reverse('billing:transactions')}?{self.request.GET.urlencode()}"
        return super().get_context_data(**({"title": self.service.name, "back": back} | kwargs))

    def words(self) -> dict[str, Any]:
        state = TableState.of(self.request, TransactionsTable)
        keyset = transactions_page(
            self.request.customer,
            self.wanted,
            sort=state.sort or TransactionsTable.first_sort,
            cursor=self.request.GET.get("cursor", ""),
            size=state.per_page,
            total=self.count,
        )
        for row in keyset.rows:
            row.customer, row.service = self.request.customer, self.service  # known; saves two look-ups a row
        table = TransactionsTable(keyset, request=self.request, state=state, sortable=may_sort(self.count))
        return {
            "table": table,
            "amount": sum((total.amount for total in self.totals), Decimal(0)),
            "back": f"{reverse('billing:transactions')}?{self.filter.query()}",
            "from": self.wanted.start,
            "till": self.wanted.end - SECOND,
        }


class Row(DetailPage):
    page = "billing:transactions"
    model = Xdr
    title = _("Transaction")
    template_name = "billing/transactions/row.html"

    def get_queryset(self) -> QuerySet[Xdr]:
        return rows_of_day(self.request.customer, self.kwargs["day"]).select_related("line", "service")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row: Xdr = self.object
        words = {
            "quantity": row.service.counted(row.charged_quantity),
            "used": row.service.counted(row.quantity),
            "full_amount": row.amount + row.discount,
            "why_free": why_free(row),
            "why": self.why(row),
            "terms_lost": terms_lost(row),
            "recording": self.recording(row),
            "back": f"{reverse('billing:transactions-of', args=[row.service_id])}?{day_query(row)}",
        }
        return super().get_context_data(**(words | kwargs))

    def why(self, row: Xdr) -> list[WhyLine]:
        """The price line by line, if what it was made from is known and adds up to it."""
        found = explained(row)
        if found is None:
            return []
        return why_lines(found, number=row.cld, started_at=row.started_at, currency=self.request.customer.currency)

    def recording(self, row: Xdr) -> CallRecording | None:
        """What can be played of the call, for whoever may listen."""
        if not access.sees(self.request, "centrex:calls"):
            return None
        return recordings_of(self.request.customer, [row], user=self.request.user).get(row.call_id)


def day_query(row: Xdr) -> str:
    """The filter that shows all transactions of the row's day."""
    first = timezone.localtime(row.started_at).date()
    values = span_query(midnight(first), midnight(first + timedelta(days=1)))
    shown = "&failed=on" if row.failed else ""
    return f"from_date={values['from_date']}&till_date={values['till_date']}{shown}"


def terms_lost(row: Xdr) -> str | Promise:
    """Why the price of a call cannot be shown line by line; nothing for what has no price by the minute."""
    if row.rate is not None:
        return _("Only a part of what this price was made from is known: it was booked before all of it was kept.")
    if row.amount and row.service_id == Service.CALLS:
        return _("This price came with the record of the call. How it was made up is not known here.")
    return ""


def why_free(row: Xdr) -> str | Promise:
    """Why nothing was charged, if nothing was."""
    if row.amount or row.rate is not None:
        return ""
    return _("A call that was not answered costs nothing.") if row.failed else _("This transaction is free of charge.")
