"""Making invoices and making them void."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, Min, Q, Sum
from django.utils.translation import gettext as _

from billing.models import Invoice, InvoiceCover, InvoiceLine, Service
from billing.money import TaxedAmount, round_money
from billing.operations.allocations import allocate, release, serialise
from billing.operations.ledger import LedgerRow, make_missing_months, post_rows
from billing.operations.numbering import booked_at, buyer, counter_rows, next_number, seller
from billing.periods import Period, last_moment
from billing.queries.invoice_rows import OWN_ROWS, charges, covers_for, without_own
from billing.queries.invoices import OF_PERIODS, unpaid
from selfcare.errors import Refused
from selfcare.models import AuditEvent, Customer, User

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class ServiceSum:
    """What the ledger has of one service in a period; `amount` with 5 decimals, not rounded."""

    service: Service | None
    description: str
    unit: str
    transactions: int
    quantity: Decimal
    amount: Decimal


def issue_invoice(*, customer: Customer, period: Period, now: datetime, by_mail: bool = True) -> Invoice:
    """Make the invoice of a closed period, or return the one that there is; unless `by_mail` is off it is mailed.

    Each service is one line, rounded once; tax is taken of the sum of lines. Tax and rounding are booked in the
    ledger at the last moment of the period, so that both agree to the cent; such rows are never charged again.
    What was booked into earlier periods after their invoices is one more line. Payments made ahead pay it at once.
    Refused for a period that is not over, that overlaps another invoice's or that lies before the last one.
    """
    if period.end > now:
        raise Refused(_("This period is not over yet."))
    make_missing_months({last_moment(period.end)})
    with transaction.atomic():
        serialise(customer)
        existing = _existing(customer, period)
        if existing is not None:
            return existing
        late = [*_late(customer, period)]
        covers = covers_for(customer, period, late=bool(late))
        sums = [*_sums(customer, period), *late]
        invoice = _write(customer, period, sums, now, by_mail=by_mail)
        InvoiceCover.objects.bulk_create(InvoiceCover(invoice=invoice, **asdict(cover)) for cover in covers)
        post_rows(_ledger_rows(invoice, sums), now=now)
        allocate(customer, now=now)
    return invoice


def void_invoice(*, invoice: Invoice, staff: User | None, reason: str, now: datetime) -> Invoice:
    """Make an invoice or a credit note void: its own rows are taken back, and what paid it pays the others.

    Its number stays used. An invoice's charges are charged anew by another invoice of the period, or by the next one.
    Who did it and why stays in the activity; void twice is void once. Refused for an invoice with a credit note, which
    would give the same money twice: that one is made void first.
    """
    make_missing_months({booked_at(invoice)})
    with transaction.atomic():
        serialise(invoice.customer)
        current: Invoice = Invoice.objects.select_for_update(no_key=True).get(pk=invoice.pk)
        if current.voided_at is not None:
            return current
        if current.corrections.filter(voided_at=None).exists():
            raise Refused(_("A credit note corrects this invoice. Make the credit note void first."))
        release(current, now=now)
        post_rows(counter_rows(current), now=now)
        current.voided_at = now
        current.save(update_fields=["voided_at"])
        allocate(current.customer, now=now)
        AuditEvent.write(user=staff, action="make void", record=current, changes={_("Reason"): ["", reason]})
    return current


def _existing(customer: Customer, period: Period) -> Invoice | None:
    valid = Invoice.for_customer(customer).filter(OF_PERIODS)
    same: Invoice | None = valid.filter(period_start=period.start, period_end=period.end).first()
    if same is None and valid.filter(period_end__gt=period.start).exists():
        raise Refused(_("This period, a part of it or a later one has an invoice already."))
    return same


def _write(customer: Customer, period: Period, sums: Sequence[ServiceSum], now: datetime, *, by_mail: bool) -> Invoice:
    lines = [(line, round_money(line.amount, customer.currency)) for line in sums]
    net = sum((amount for _line, amount in lines), ZERO)
    # A prepaid customer paid the tax when he topped up.
    rate = ZERO if customer.is_prepaid else customer.tax_rate
    taxed = TaxedAmount.from_net(net, rate=rate, currency=customer.currency)
    invoice = Invoice.objects.create(
        customer=customer,
        issued_at=now,
        period_start=period.start,
        period_end=period.end,
        due_date=now.astimezone(customer.zone).date() + timedelta(days=customer.payment_terms_days),
        time_zone=customer.time_zone,
        currency=customer.currency,
        net=taxed.net,
        tax=taxed.tax,
        total=taxed.gross,
        previous_unpaid=unpaid(customer),
        tax_rate=rate,
        is_statement=customer.is_prepaid,
        seller=seller(),
        buyer=buyer(customer),
        mailed_at=None if by_mail and lines else now,  # nobody wants a mail about nothing
        number=next_number(),
    )
    InvoiceLine.objects.bulk_create(_line(invoice, n, *line) for n, line in enumerate(lines, start=1))
    return invoice


def _line(invoice: Invoice, position: int, line: ServiceSum, net: Decimal) -> InvoiceLine:
    return InvoiceLine(
        invoice=invoice,
        position=position,
        service=line.service,
        description=line.description,
        transactions=line.transactions,
        quantity=line.quantity,
        unit=line.unit,
        net=net,
    )


def _sums(customer: Customer, period: Period) -> Iterator[ServiceSum]:
    """The period's charges by service; what earlier invoices of the period rounded is not a charge."""
    rows = without_own(charges(customer, period.start, period.end))
    found = rows.values("service").annotate(
        transactions=Count("id", filter=Q(failed=False)), quantity=Sum("charged_quantity"), amount=Sum("amount")
    )
    services = Service.objects.in_bulk()
    for row in found.order_by("service"):
        service = services[row["service"]]
        if row["transactions"] or row["amount"]:
            yield ServiceSum(service, service.name, service.unit, row["transactions"], row["quantity"], row["amount"])


def _late(customer: Customer, period: Period) -> Iterator[ServiceSum]:
    """What the ledger has of earlier invoices' periods beyond those invoices: late calls, and voided invoices."""
    earlier = Invoice.for_customer(customer).filter(period_start__lt=period.start)
    first = earlier.aggregate(start=Min("period_start"))["start"]
    if first is None:
        return
    booked = charges(customer, first, period.start).aggregate(sum=Sum("amount"))["sum"] or ZERO
    invoiced = earlier.filter(OF_PERIODS).aggregate(sum=Sum("net"))["sum"] or ZERO
    if round_money(booked - invoiced, customer.currency):
        words = _("Charges of earlier periods")
        yield ServiceSum(None, words, Service.Unit.NONE, 0, ZERO, booked - invoiced)


def _ledger_rows(invoice: Invoice, sums: Sequence[ServiceSum]) -> Sequence[LedgerRow]:
    """The rows that bring the ledger to the invoice's total: its tax, and what rounding the lines added."""
    rounding = invoice.net - sum((line.amount for line in sums), ZERO)
    rows = (
        _row(invoice, "tax", Service.TAXES, invoice.tax, _("Tax on invoice %s")),
        _row(invoice, "rounding", Service.CREDITS, rounding, _("Rounding on invoice %s")),
    )
    return [row for row in rows if row.amount]


def _row(invoice: Invoice, kind: str, service: int, amount: Decimal, words: str) -> LedgerRow:
    return LedgerRow(
        customer_id=invoice.customer_id,
        service_id=service,
        started_at=last_moment(invoice.period_end),
        amount=amount,
        external_id=f"{OWN_ROWS}{invoice.number}:{kind}",
        description=words % invoice.number,
    )
