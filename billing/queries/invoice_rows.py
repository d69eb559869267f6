"""Which ledger rows stand behind an invoice and its lines."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Max, Min, Q, QuerySet

from billing.coverage import Cover, uncovered
from billing.models import Invoice, InvoiceCover, Service, Xdr
from billing.periods import Period
from selfcare.models import Customer

# Rows that making an invoice books itself: its tax, and what rounding its lines added.
OWN_ROWS = "invoice:"
# What a credit note gives back is no charge: neither of its day, nor late.
CREDIT_ROWS = "credit_note:"
# Payments settle invoices; tax is the invoice's own sum, made from the net.
NOT_CHARGED = (Service.PAYMENTS, Service.TAXES)


def charges(customer: Customer, start: datetime, end: datetime) -> QuerySet[Xdr]:
    """What invoices charge of the rows that started in [start, end), with what rounding them added."""
    rows: QuerySet[Xdr] = Xdr.objects.for_customer(customer).between(start, end).exclude(service__in=NOT_CHARGED)
    return rows.exclude(external_id__startswith=CREDIT_ROWS)


def without_own(rows: QuerySet[Xdr]) -> QuerySet[Xdr]:
    """Without what invoices booked themselves: such rows are on no line."""
    return rows.exclude(external_id__startswith=OWN_ROWS)


def charged(rows: QuerySet[Xdr]) -> QuerySet[Xdr]:
    """What of these rows stands on lines of invoices."""
    return without_own(rows.exclude(service__in=NOT_CHARGED).exclude(external_id__startswith=CREDIT_ROWS))


def covered(covers: Iterable[Cover]) -> Q:
    """The condition for rows that one of these covers has; no row at all without a cover."""
    spans = (Q(started_at__gte=c.start, started_at__lt=c.end, id__gt=c.after, id__lte=c.last) for c in covers)
    return reduce(or_, spans, Q(pk__in=[]))


def covers_for(customer: Customer, period: Period, *, late: bool) -> list[Cover]:
    """What an invoice of this period covers now: its period, and, `late`, what of earlier ones no valid invoice has."""
    invoices = Invoice.for_customer(customer)
    first = invoices.filter(period_start__lt=period.start).aggregate(start=Min("period_start"))["start"]
    start = first or period.start
    rows = Xdr.objects.for_customer(customer).between(start, period.end)
    last: int = rows.aggregate(last=Max("id"))["last"] or 0
    own = [Cover(period.start, period.end, 0, last)]
    if first is None or not late:
        return own
    known = InvoiceCover.objects.filter(invoice__in=invoices.filter(voided_at=None))
    earlier = (Cover(*values) for values in known.values_list("start", "end", "after", "last"))
    return own + uncovered(earlier, start=first, end=period.start, last=last)


def covers_of(invoice: Invoice, *, late: bool = False) -> tuple[Cover, ...]:
    """What the lines of an invoice cover of its own period, or, `late`, the line for earlier periods."""
    known = (Cover(*values) for values in invoice.covers.values_list("start", "end", "after", "last"))
    return tuple(cover for cover in known if (cover.end <= invoice.period_start) == late)


def rows_of(invoice: Invoice, *, late: bool = False) -> QuerySet[Xdr]:
    """The ledger rows behind the lines of an invoice, or, `late`, behind its line for earlier periods."""
    covers = covers_of(invoice, late=late)
    return charged(Xdr.for_customer(invoice.customer)).filter(covered(covers))
