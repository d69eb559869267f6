"""One transaction: all that is known of it, and the reason of its price."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing.models import Service, Xdr
from billing.pages.why import WhyLine, why_lines
from billing.queries.explanations import explained
from billing.queries.invoices import invoice_of
from billing.queries.xdrs import recordings_of, rows_of_day
from centrex.models import CallRecording
from selfcare import access, formats
from selfcare.crud.days import midnight, span_query
from selfcare.crud.views import DetailPage

NOT_A_SUM = (Service.PAYMENTS, Service.REFUNDS, Service.TAXES)


class Row(DetailPage):
    page = "billing:transactions"
    model = Xdr
    title = _("Transaction")
    template_name = "billing/transactions/row.html"

    def get_queryset(self) -> QuerySet[Xdr]:
        rows = rows_of_day(self.request.customer, self.kwargs["day"])
        return rows.select_related("line__site", "service")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row: Xdr = self.object
        words = {
            "started": formats.moment(row.started_at, seconds=True),
            "ended": formats.moment(row.ended_at, seconds=True),
            "quantity": row.service.counted(row.charged_quantity),
            "used": row.service.counted(row.quantity),
            "full_amount": row.amount + row.discount,
            "why_free": why_free(row),
            "why": self.why(row),
            "terms_lost": terms_lost(row),
            "recording": self.recording(row),
            "sees_lines": access.sees(self.request, "centrex:lines"),
            "invoice": self.invoice(row),
            "report": self.report(row),
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

    def invoice(self, row: Xdr) -> Any:
        """The invoice of the row's time, for whoever sees invoices."""
        if row.service_id in NOT_A_SUM or not access.sees(self.request, "billing:invoices"):
            return None
        return invoice_of(self.request.customer, row.started_at)

    def report(self, row: Xdr) -> str:
        """Where a ticket about the row is written, for whoever may write one."""
        tickets = "tickets:list"
        if not access.may(self.request, access.CHANGE, tickets) or access.is_hidden(self.request, tickets):
            return ""
        return f"{reverse('tickets:add')}?{urlencode({'about': in_words(row)})}"


def in_words(row: Xdr) -> str:
    """The row as staff find it: its number, service, time, and who was called."""
    words = gettext("Transaction %(number)s, %(service)s, %(moment)s") % {
        "number": row.pk,
        "service": row.service.name,
        "moment": formats.moment(row.started_at, seconds=True),
    }
    return f"{words}, {formats.phone(row.cld)}" if row.cld else words


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
