"""The list of reports, how each of them stands, and the files."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.generic.detail import SingleObjectMixin

from billing.models import XdrReport
from billing.operations.reports import opened
from billing.queries.reports import visible_reports
from selfcare.crud.days import day_field, midnight
from selfcare.crud.forms import FilterForm
from selfcare.crud.tables import ActionsColumn, BaseTable, ChoiceColumn, Column, NumberColumn, TimeColumn
from selfcare.crud.views import DetailPage, ListPage, OwnRows, Page

TYPES = {"csv": "text/csv; charset=utf-8", "pdf": "application/pdf"}
FORMATS = {"csv": _("Download CSV"), "pdf": _("Download PDF")}
NEWS = timedelta(hours=1)  # for how long a finished report is news to whoever asked


def act(name: str, report: XdrReport) -> str:
    return reverse(f"billing:report-{name}", args=[report.pk])


def changes(report: XdrReport) -> list[tuple[str, str, Any]]:
    """What may be done to a report as it stands."""
    if report.is_open:
        return [(act("cancel", report), "x-circle", _("Cancel"))]
    again = [] if report.is_done else [(act("retry", report), "arrow-clockwise", _("Make again"))]
    kept = report.kind == XdrReport.Kind.AUTOMATIC
    return again if kept else [*again, (act("delete", report), "trash", _("Delete"))]


class PeriodColumn(Column):
    """The days that the report covers, where it was made for."""

    def plain(self, value: Any, record: XdrReport) -> str:
        return str(record)


class WhoseColumn(Column):
    """Whose transactions, of which services."""

    def plain(self, value: Any, record: XdrReport) -> str:
        return record.line_name or str(record.get_whose_display())


class StateColumn(Column):
    """How it stands: progress, the files, or why there are none."""

    css = "report-state"

    def plain(self, value: Any, record: XdrReport) -> str:
        return str(record.get_state_display())

    def draw(self, value: Any, record: XdrReport) -> SafeString:
        return SafeString(render_to_string("billing/reports/state.html", {"report": record}))


class ReportsTable(BaseTable):
    first_sort = "-requested_at"
    page_size = 25
    css = "listing stacked labelled"
    period = PeriodColumn(verbose_name=_("Period"), accessor="period_start")
    kind = ChoiceColumn(verbose_name=_("Made"), choices=XdrReport.Kind.choices)
    whose = WhoseColumn(verbose_name=_("Records of"), orderable=False)
    rows = NumberColumn(verbose_name=_("Transactions"))
    state = StateColumn(verbose_name=_("Files"))
    requested_at = TimeColumn(verbose_name=_("Requested"))
    requested_by = Column(verbose_name=_("Requested by"), hidden=True, orderable=False)
    kept_until = TimeColumn(verbose_name=_("Kept until"), hidden=True)
    actions = ActionsColumn(changes=changes)

    class Meta(BaseTable.Meta):
        model = XdrReport
        fields = ("period", "kind", "whose", "rows", "state", "requested_at", "requested_by", "kept_until")


class ReportsFilter(FilterForm):
    """Reports of a period that has a day in the span."""

    first = day_field(_("From date"))
    last = day_field(_("Till date"))

    def filter(self, reports: QuerySet[XdrReport]) -> QuerySet[XdrReport]:
        first, last = self.cleaned_data["first"], self.cleaned_data["last"]
        if first:
            reports = reports.filter(period_end__gt=midnight(first))
        if last:
            reports = reports.filter(period_start__lt=midnight(last + timedelta(days=1)))
        return reports


class List(ListPage):
    page = "billing:reports"
    title = _("Reports")
    intro = _("Your transactions of each period as files to keep, and of any other time when you ask for it.")
    template_name = "billing/reports/list.html"
    model = XdrReport
    table_class = ReportsTable
    filter_class = ReportsFilter
    add_url = "billing:report-add"
    add_label = _("Make a report")
    empty = _("Your first report appears here when your first billing period is over. You can also make one now.")

    def get_queryset(self) -> QuerySet[XdrReport]:
        return visible_reports(self.request.customer)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = self.model.for_customer(self.request.customer).filter(requested_by=self.request.user)
        since = timezone.now() - NEWS
        ended = own.exclude(state__in=[*XdrReport.OPEN, XdrReport.State.CANCELLED]).filter(made_at__gte=since)
        return super().get_context_data(**({"news": list(ended.order_by("-made_at")[:3])} | kwargs))


class Standing(DetailPage):
    """How one report stands, for the list that asks again and again; when it has ended, the list is drawn anew.

    Opened by hand, the address leads to the list.
    """

    page = "billing:reports"
    model = XdrReport
    template_name = "billing/reports/state.html"
    context_object_name = "report"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = super().get(request, *args, **kwargs)
        return answer if "HX-Request" in request.headers else redirect(self.page)

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        answer = super().render_to_response(context, **kwargs)
        if not self.object.is_open:
            answer["HX-Refresh"] = "true"
        return answer


class Download(OwnRows, SingleObjectMixin, Page):
    """A file of a report; should a browser open it instead of saving it, it can do nothing there."""

    page = "billing:reports"
    model = XdrReport
    format = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        report = self.get_object()
        try:
            file = opened(report, self.format)
        except FileNotFoundError as error:
            raise Http404 from error
        first, last = (moment.astimezone(report.zone) for moment in (report.period_start, report.last_moment))
        name = f"transactions-{first:%Y-%m-%d}-{last:%Y-%m-%d}.{self.format}"
        answer = FileResponse(file, as_attachment=True, filename=name, content_type=TYPES[self.format])
        answer["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
        return answer
