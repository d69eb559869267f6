"""What is behind an invoice, in place of a filter: `?invoice=7`, and `late=on` for its charges of earlier periods."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.coverage import Cover
from billing.models import Invoice
from billing.queries.invoice_rows import covers_of
from billing.queries.xdrs import Wanted


@dataclass(frozen=True, slots=True)
class InvoiceRows:
    """The rows that an invoice has, of its own period or, `late`, of earlier ones."""

    invoice: Invoice
    late: bool
    covers: tuple[Cover, ...]

    @classmethod
    def asked(cls, request: HttpRequest) -> InvoiceRows:
        """What the address asks for; 404 for what the customer does not have."""
        pk, late = request.GET["invoice"], bool(request.GET.get("late"))
        own = Invoice.for_customer(request.customer)
        invoice = own.filter(pk=pk).first() if pk.isdecimal() and len(pk) < 18 else None
        if invoice is None:
            raise Http404
        return cls(invoice, late, covers_of(invoice, late=late))

    def wanted(self, service_id: int | None) -> Wanted:
        """The same as a filter over the ledger."""
        start = min((cover.start for cover in self.covers), default=self.invoice.period_start)
        end = max((cover.end for cover in self.covers), default=self.invoice.period_end)
        return Wanted(start=start, end=end, service_id=service_id, covers=self.covers)

    @property
    def query(self) -> str:
        return urlencode({"invoice": self.invoice.pk} | ({"late": "on"} if self.late else {}))

    @property
    def address(self) -> str:
        return reverse("billing:invoice", args=[self.invoice.pk])

    def __str__(self) -> str:
        words = _("Invoice %(number)s: charges of earlier periods") if self.late else _("Invoice %(number)s")
        return words % {"number": self.invoice.number}
