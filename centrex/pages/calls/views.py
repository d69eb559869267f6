"""The pages: the log, and one call."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from billing.models import Service, Xdr
from billing.queries.calls import call_columns, calls, calls_page, with_direction
from billing.queries.xdrs import recordings_of, rows_of_day
from centrex.models import CompanySettings
from centrex.pages.calls.filter import CallsFilter
from centrex.pages.calls.table import DIRECTIONS, CallsTable, block, dress, result
from centrex.routing.screening import is_hidden
from selfcare import access, export
from selfcare.crud import downloads
from selfcare.crud.days import SECOND
from selfcare.crud.tables import TableState
from selfcare.crud.views import DetailPage, Page
from selfcare.errors import Refused

CHARGES = "billing:transactions"


class List(Page, TemplateView):
    page = "centrex:calls"
    title = _("Call Logs")
    intro = _("Who called whom, for how long, and what was recorded of it.")
    template_name = "centrex/calls/list.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = any(request.GET.get(name) for name in CallsFilter.base_fields)
        self.filter = CallsFilter(request.GET if asked else None, customer=request.customer, now=timezone.now())
        if self.filter.is_bound and not self.filter.is_valid():
            return self.render_to_response(self.get_context_data(table=None))
        if request.GET.get("format") in export.FORMATS:
            return self.download(request.GET["format"])
        return self.render_to_response(self.get_context_data(table=self.table()))

    def table(self) -> CallsTable:
        customer, wanted = self.request.customer, self.filter.wanted
        state = TableState.of(self.request, CallsTable)
        found = calls_page(
            customer,
            wanted,
            user=self.request.user,
            descending=state.sort != "started_at",
            cursor=self.request.GET.get("cursor", ""),
            size=state.per_page,
        )
        dress(customer, found.rows)
        return CallsTable(found, request=self.request, state=state, sortable=False)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        wanted = self.filter.wanted if not self.filter.errors else None
        words = {
            "filter": self.filter,
            "sees_blocked": access.sees(self.request, "centrex:blocked"),
            "recording_on": CompanySettings.for_customer(self.request.customer).get().call_recording,
            "from": wanted and wanted.start,
            "till": wanted and wanted.end - SECOND,
        }
        return super().get_context_data(**(words | kwargs))

    def download(self, format: str) -> HttpResponse:
        """All calls of the filter; a workbook only up to what one opens without trouble."""
        customer, wanted = self.request.customer, self.filter.wanted
        name = f"calls-{timezone.localtime(wanted.start):%Y-%m-%d}"
        zone = ZoneInfo(timezone.get_current_timezone_name())
        text = export.defused_column if format == "csv" else F
        with_charge = access.sees(self.request, CHARGES)
        rows, columns = call_columns(calls(customer, wanted), customer, zone, text, with_charge=with_charge)
        owner = f"customer {customer.pk}"
        try:
            if format == "csv":
                return export.copy_response(name, columns, rows, zone=str(zone), owner=owner)
            with export.turn_of(owner):
                found = list(rows.values_list(*columns.values())[: downloads.MOST_IN_XLSX + 1])
                if len(found) > downloads.MOST_IN_XLSX:
                    return downloads.instead_of_file(self.request, downloads.too_many())
                return export.response("xlsx", name, [*columns], found)
        except Refused as refusal:
            return downloads.instead_of_file(self.request, refusal.message)


class Details(DetailPage):
    page = "centrex:calls"
    model = Xdr
    title = _("Call")
    template_name = "centrex/calls/details.html"

    def get_queryset(self) -> QuerySet[Xdr]:
        rows = rows_of_day(self.request.customer, self.kwargs["day"]).filter(service_id=Service.CALLS)
        return with_direction(rows, self.request.customer).select_related("line")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        call: Xdr = self.object
        dress(self.request.customer, [call])
        badge, outcome = result(call)
        words = {
            "direction": DIRECTIONS[call.direction],
            "badge": badge,
            "outcome": outcome,
            "caller_hidden": is_hidden(call.cli),
            "caller": call.names.get(call.cli),
            "called": call.names.get(call.cld),
            "recording": recordings_of(self.request.customer, [call], user=self.request.user, playable=False).get(
                call.call_id
            ),
            "buttons": block(call),
            "sees_charge": access.sees(self.request, CHARGES),
        }
        return super().get_context_data(**(words | kwargs))
