"""What of an invoice can still be given back by a credit note."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, Sum

from billing.models import Invoice, InvoiceLine

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Creditable:
    """What is left of an invoice after its credit notes: by line without tax, together, and its tax."""

    by_line: Mapping[InvoiceLine, Decimal]
    net: Decimal
    tax: Decimal


def creditable(invoice: Invoice) -> Creditable:
    """What is left of the invoice; a void credit note does not count."""
    given = Sum("corrections__net", filter=Q(corrections__invoice__voided_at=None), default=ZERO)
    lines = invoice.lines.annotate(given=given).order_by("position")
    notes = invoice.corrections.filter(voided_at=None).aggregate(
        net=Sum("net", default=ZERO), tax=Sum("tax", default=ZERO)
    )
    return Creditable(
        by_line={line: line.net + line.given for line in lines},
        net=invoice.net + notes["net"],
        tax=invoice.tax + notes["tax"],
    )
