"""What an invoice prints: all of it as it was when it was made, whatever was paid or renamed since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Sum
from django.utils.translation import gettext as _

from billing.models import Invoice, InvoiceLine
from billing.periods import last_moment

# For so long the PDF waits for auto-pay, and what is paid meanwhile stands on it.
WAIT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class InvoiceDocument:
    """An invoice with its lines, its days in its own time zone, and what was asked for when its PDF was made.

    `last_day` is the last day inside the period; `paid_ahead` what had paid it by then; `corrects` the number of the
    invoice that a credit note corrects.
    """

    invoice: Invoice
    lines: tuple[InvoiceLine, ...]
    issued_on: date
    first_day: date
    last_day: date
    paid_ahead: Decimal
    corrects: str = ""

    @property
    def is_credit_note(self) -> bool:
        return bool(self.corrects)

    @property
    def kind(self) -> str:
        """What it is called on itself."""
        if self.is_credit_note:
            return _("Credit note")
        return _("Statement") if self.invoice.is_statement else _("Invoice")

    @property
    def title(self) -> str:
        return f"{self.kind} {self.invoice.number}"

    @property
    def sign(self) -> int:
        """A credit note is booked below zero and says in its name that it is a credit: its amounts are above zero."""
        return -1 if self.is_credit_note else 1

    @property
    def credited(self) -> Decimal:
        """What a credit note gives back."""
        return -self.invoice.total

    @property
    def due_of_this(self) -> Decimal:
        """What is open of this invoice alone; below zero for a credit."""
        return self.invoice.total - self.paid_ahead

    @property
    def amount_due(self) -> Decimal:
        """What the customer was asked to pay: this invoice and what earlier ones lacked, less what was paid ahead."""
        if self.invoice.is_statement or self.is_credit_note or self.invoice.voided_at is not None:
            return Decimal(0)
        return max(Decimal(0), self.invoice.total + self.invoice.previous_unpaid - self.paid_ahead)

    @property
    def is_paid(self) -> bool:
        """Whether there was something to pay, and all of it was paid before the PDF was made."""
        return self.invoice.total > 0 and self.paid_ahead > 0 and not self.amount_due and not self.invoice.voided_at


def document_of(invoice: Invoice) -> InvoiceDocument:
    """The document of an invoice; asks for its lines and for what paid it until its PDF was made.

    After WAIT it says the same for ever, also where the PDF is made much later.
    """
    until = min(invoice.pdf_made_at or invoice.issued_at + WAIT, invoice.issued_at + WAIT)
    at_once = invoice.allocations.filter(created_at__lte=until)
    return InvoiceDocument(
        invoice=invoice,
        lines=tuple(invoice.lines.all()),
        issued_on=_day(invoice, invoice.issued_at),
        first_day=_day(invoice, invoice.period_start),
        last_day=_day(invoice, last_moment(invoice.period_end)),
        paid_ahead=at_once.aggregate(sum=Sum("amount"))["sum"] or Decimal(0),
        corrects=str(getattr(invoice, "corrects", None) or ""),
    )


def _day(invoice: Invoice, moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(invoice.time_zone)).date()
