"""One invoice: to read, to print, to see what is behind each line and what has paid it, and to ask about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import Invoice, InvoiceLine
from billing.pages.invoices import BADGES, has_pdf
from billing.queries.bill_changes import previous_of
from billing.queries.invoice_documents import document_of
from billing.queries.invoice_history import PaidBy, paid_by, unpaid_before
from billing.queries.invoices import payment_status, with_notes, with_payments
from selfcare import access
from selfcare.crud.views import DetailPage
from tickets.queries import open_about

TICKETS = "tickets:list"


@dataclass(frozen=True, slots=True)
class LineLinks:
    """Where a line leads: `rows` to its transactions, `ask` to a ticket about it; empty for who may not."""

    line: InvoiceLine
    rows: str
    ask: str


@dataclass(frozen=True, slots=True)
class PaidWords:
    """What pays the invoice: how, with a link to it where there is a page."""

    paid: PaidBy
    words: str | Promise
    address: str


class View(DetailPage):
    page = "billing:invoices"
    model = Invoice
    template_name = "billing/invoice/view.html"

    def get_queryset(self) -> QuerySet[Invoice]:
        rows = with_notes(with_payments(super().get_queryset())).select_related("customer", "corrects")
        return rows.prefetch_related("lines__service", "covers")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        invoice: Any = self.object
        document, status = document_of(invoice), payment_status(invoice, now=timezone.now())
        previous = None if invoice.is_credit_note else previous_of(invoice)
        facts = {
            "title": document.title,
            "document": document,
            "invoice": invoice,
            "seller": invoice.seller,
            "buyer": invoice.buyer,
            "currency": invoice.currency,
            "status": status,
            "badge": BADGES[status],
            "pdf_available": has_pdf(invoice),
            "lines": [self.links(invoice, line) for line in document.lines],
            "earlier": unpaid_before(invoice) if invoice.previous_unpaid else [],
            "paid_by": [in_words(paid) for paid in paid_by(invoice)],
            "previous": previous,
            "change": invoice.total - previous.total if previous else None,
            "ask": self.ask(invoice),
            "tickets": self.tickets(invoice),
        }
        return super().get_context_data(**(facts | kwargs))

    def links(self, invoice: Invoice, line: InvoiceLine) -> LineLinks:
        return LineLinks(line, self.rows(invoice, line), self.ask(invoice, line))

    def rows(self, invoice: Invoice, line: InvoiceLine) -> str:
        """The transactions of a line; the one for earlier periods leads to their totals."""
        if not access.sees(self.request, "billing:transactions") or not invoice.covers.all():
            return ""
        if line.service_id is None:
            return f"{reverse('billing:transactions')}?{urlencode({'invoice': invoice.pk, 'late': 'on'})}"
        return f"{reverse('billing:transactions-of', args=[line.service_id])}?invoice={invoice.pk}"

    def ask(self, invoice: Invoice, line: InvoiceLine | None = None) -> str:
        """Where a ticket about the invoice, or one line of it, is written; empty for who may not."""
        if not access.may(self.request, access.CHANGE, TICKETS) or access.is_hidden(self.request, TICKETS):
            return ""
        subject = _("Question about invoice %(number)s") % {"number": invoice.number}
        about = reverse("billing:invoice", args=[invoice.pk])
        if line is not None:
            subject, about = f"{subject}: {line.description}", f"{about}#line-{line.position}"
        return f"{reverse('tickets:add')}?{urlencode({'subject': subject, 'about': about})}"

    def tickets(self, invoice: Invoice) -> list[Any]:
        """The questions about this invoice that are not answered for good."""
        if not access.sees(self.request, TICKETS):
            return []
        address = reverse("billing:invoice", args=[invoice.pk])
        return list(open_about(self.request.customer, self.request.user, address))


def in_words(paid: PaidBy) -> PaidWords:
    """What paid, as the customer knows it."""
    if paid.credit is not None:
        words = gettext_lazy("Credit of %(number)s") % {"number": paid.credit.number}
        return PaidWords(paid, words, reverse("billing:invoice", args=[paid.credit.pk]))
    payment = paid.payment
    assert payment is not None  # a constraint: an allocation is from one of both
    method = payment.paid_with or payment.get_method_display()
    return PaidWords(paid, method, reverse("billing:payment", args=[payment.pk]))
