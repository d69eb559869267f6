"""What an invoice prints: all of it as it was when it was made, whatever was paid or renamed since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Sum

from billing.models import Invoice, InvoiceLine
from billing.periods import last_moment


@dataclass(frozen=True, slots=True)
class InvoiceDocument:
    """An invoice with its lines, its days in its own time zone, and what was asked for when it was made.

    `last_day` is the last day inside the period; `paid_ahead` what earlier payments covered at once.
    """

    invoice: Invoice
    lines: tuple[InvoiceLine, ...]
    issued_on: date
    first_day: date
    last_day: date
    paid_ahead: Decimal

    @property
    def amount_due(self) -> Decimal:
        """What the customer was asked to pay: this invoice and what earlier ones lacked, less what was paid ahead."""
        if self.invoice.is_statement or self.invoice.is_credit_note or self.invoice.voided_at is not None:
            return Decimal(0)
        return max(Decimal(0), self.invoice.total + self.invoice.previous_unpaid - self.paid_ahead)


def document_of(invoice: Invoice) -> InvoiceDocument:
    """The document of an invoice; asks for its lines and for what paid it on its first day."""
    at_once = invoice.allocations.filter(created_at__lte=invoice.issued_at)
    return InvoiceDocument(
        invoice=invoice,
        lines=tuple(invoice.lines.all()),
        issued_on=_day(invoice, invoice.issued_at),
        first_day=_day(invoice, invoice.period_start),
        last_day=_day(invoice, last_moment(invoice.period_end)),
        paid_ahead=at_once.aggregate(sum=Sum("amount"))["sum"] or Decimal(0),
    )


def _day(invoice: Invoice, moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(invoice.time_zone)).date()
