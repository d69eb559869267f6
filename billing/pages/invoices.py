"""Invoices: the customer looks them up, reads, prints and downloads them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.generic.detail import SingleObjectMixin

from billing.documents import paper
from billing.models import Invoice
from billing.operations.papers import PaperProblem, stored_pdf
from billing.periods import last_moment
from billing.queries.dunning import dunning_of
from billing.queries.invoices import PaymentStatus, payment_status, with_payments
from selfcare import formats
from selfcare.crud.days import day_field, midnight
from selfcare.crud.forms import FilterForm
from selfcare.crud.tables import (
    EMPTY,
    ActionsColumn,
    BaseTable,
    ChoiceColumn,
    DayColumn,
    LinkColumn,
    MoneyColumn,
)
from selfcare.crud.views import ListPage, OwnRows, Page

BADGES = {
    PaymentStatus.PAID: "good",
    PaymentStatus.PARTIALLY_PAID: "warn",
    PaymentStatus.UNPAID: "warn",
    PaymentStatus.EARLIER_REMAINS: "warn",
    PaymentStatus.OVERDUE: "bad",
    PaymentStatus.DO_NOT_PAY: "none",
    PaymentStatus.NOT_REQUIRED: "none",
    PaymentStatus.NOT_APPLICABLE: "none",
}


def view(invoice: Invoice) -> str:
    return reverse("billing:invoice", args=[invoice.pk])


def has_pdf(invoice: Invoice) -> bool:
    """Whether there is a PDF, or one can be made now."""
    return bool(invoice.pdf) or paper.available()


def actions(invoice: Invoice) -> list[tuple[str, str, Any]]:
    download = (reverse("billing:invoice-pdf", args=[invoice.pk]), "download", _("Download PDF"))
    return [(view(invoice), "eye", _("View")), *([download] if has_pdf(invoice) else [])]


class StatusColumn(ChoiceColumn):
    """How the invoice stands today."""

    def plain(self, value: Any, record: Invoice) -> str:
        return super().plain(payment_status(record, now=timezone.now()), record)

    def draw(self, value: Any, record: Invoice) -> SafeString:
        return super().draw(payment_status(record, now=timezone.now()), record)


class OwnDayColumn(DayColumn):
    """A day in the time zone of the invoice; `ends` shows the last day inside a half-open period."""

    def __init__(self, *args: Any, ends: bool = False, **kwargs: Any) -> None:
        self.ends = ends
        super().__init__(*args, **kwargs)

    def plain(self, value: datetime, record: Invoice) -> Any:
        moment = last_moment(value) if self.ends else value
        return moment.astimezone(ZoneInfo(record.time_zone)).date()

    def draw(self, value: datetime, record: Invoice) -> SafeString:
        return conditional_escape(formats.day(self.plain(value, record)))


class DueColumn(MoneyColumn):
    """What is still to be paid; a statement and a void invoice ask for nothing."""

    def plain(self, value: Any, record: Invoice) -> Any:
        asks = record.voided_at is None and not record.is_statement and not record.is_credit_note
        return max(value, 0 * value) if asks else None

    def draw(self, value: Any, record: Invoice) -> SafeString:
        due = self.plain(value, record)
        return EMPTY if due is None else super().draw(due, record)


class InvoicesTable(BaseTable):
    css = "listing stacked labelled"
    first_sort = "-issued_at"
    number = LinkColumn(verbose_name=_("No."), to=view)
    kind = ChoiceColumn(verbose_name=_("Kind"), choices=Invoice.Kind.choices)
    issued_at = OwnDayColumn(verbose_name=_("Date"))
    status = StatusColumn(
        verbose_name=_("Payment status"), choices=PaymentStatus.choices, badges=BADGES, accessor="pk", orderable=False
    )
    period_start = OwnDayColumn(verbose_name=_("Period Starts"))
    period_end = OwnDayColumn(verbose_name=_("Period Ends"), ends=True)
    due_date = DayColumn(verbose_name=_("Due date"))
    total = MoneyColumn(verbose_name=_("Amount"))
    outstanding = DueColumn(verbose_name=_("Amount due"))
    actions = ActionsColumn(actions)

    class Meta(BaseTable.Meta):
        model = Invoice
        fields = (
            "number",
            "kind",
            "issued_at",
            "status",
            "period_start",
            "period_end",
            "due_date",
            "total",
            "outstanding",
        )


class InvoicesFilter(FilterForm):
    number = forms.CharField(label=_("No."), max_length=20)
    first = day_field(_("From date"))
    last = day_field(_("Till date"))
    void = forms.BooleanField(label=_("Include void"))

    def filter(self, invoices: QuerySet[Invoice]) -> QuerySet[Invoice]:
        asked = self.cleaned_data
        if asked["number"].strip():
            invoices = invoices.filter(number__icontains=asked["number"].strip())
        if asked["first"]:
            invoices = invoices.filter(issued_at__gte=midnight(asked["first"]))
        if asked["last"]:
            invoices = invoices.filter(issued_at__lt=midnight(asked["last"]) + timedelta(days=1))
        return invoices


class List(ListPage):
    page = "billing:invoices"
    title = _("Invoices")
    intro = _("What you were charged for each period, and what of it is paid.")
    model = Invoice
    table_class = InvoicesTable
    filter_class = InvoicesFilter
    empty = _("Your first invoice appears here when your first billing period is over.")

    template_name = "billing/invoice/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(dunning=dunning_of(self.request.customer, now=timezone.now()), **kwargs)

    def get_queryset(self) -> QuerySet[Invoice]:
        invoices = with_payments(super().get_queryset())
        return invoices if self.request.GET.get("void") else invoices.filter(voided_at=None)


class Download(OwnRows, SingleObjectMixin, Page):
    page = "billing:invoices"
    model = Invoice

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        invoice = self.get_object()
        try:
            pdf = stored_pdf(invoice=invoice)
        except PaperProblem as problem:
            return HttpResponse(problem.message, status=503, content_type="text/plain; charset=utf-8")
        headers = {"Content-Disposition": f'attachment; filename="{invoice.file_name}"'}
        return HttpResponse(pdf, content_type="application/pdf", headers=headers)
