"""Credit notes: documents that correct an invoice, in whole or by lines, with its tax."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from billing.models import Allocation, Invoice, InvoiceLine, Service
from billing.money import TaxedAmount
from billing.operations.allocations import allocate, serialise
from billing.operations.guards import AlreadyStarted, refuse_inexact
from billing.operations.ledger import LedgerRow, make_missing_months, post_rows
from billing.operations.numbering import next_number, own_prefix
from billing.queries.credit_notes import Creditable, creditable
from billing.queries.invoices import with_payments
from selfcare import formats
from selfcare.errors import Refused
from selfcare.models import AuditEvent, User

ZERO = Decimal(0)
Amounts = Mapping[int, Decimal]


@dataclass(frozen=True, slots=True)
class Correction:
    """What a credit note gives back: without tax by line, its tax, and both; all above zero but for lines below it."""

    by_line: Mapping[InvoiceLine, Decimal]
    net: Decimal
    tax: Decimal

    @property
    def total(self) -> Decimal:
        return self.net + self.tax


def credit_invoice(
    *, invoice: Invoice, amounts: Amounts | None, reason: str, staff: User | None, made_as: UUID, now: datetime
) -> Invoice:
    """Make a credit note for all that is left of an invoice, or for `amounts` without tax by the ids of its lines.

    It has the next number, its rows are booked at `now` and charged by no invoice, and it pays the invoice as far as
    something is open on it; what is more pays the other open ones. The same `made_as` twice is one credit note; with
    another invoice it raises AlreadyStarted. Refused for a void invoice, a statement, another currency than the
    customer's, an amount with too many decimals, and for more than what is left of a line or of the invoice.
    """
    make_missing_months({now})
    with transaction.atomic():
        serialise(invoice.customer)
        made = Invoice.objects.filter(made_as=made_as).first()
        if made is not None:
            if made.corrects_id != invoice.pk:
                raise AlreadyStarted
            return made
        current = Invoice.objects.select_related("customer").get(pk=invoice.pk)
        left = creditable(current)
        _refuse_wrong(current)
        correction = _correction(current, left, amounts)
        note = _write(current, correction, reason=reason, made_as=made_as, now=now)
        post_rows(_rows(note, current), now=now)
        _pay(current, note, now)
        allocate(current.customer, now=now)
        changes = {
            _("Credit note"): ["", note.number],
            _("Amount"): ["", formats.money(correction.total, note.currency)],
            _("Reason"): ["", reason],
        }
        AuditEvent.write(user=staff, action="make credit note", record=current, changes=changes)
    return note


def _refuse_wrong(invoice: Invoice) -> None:
    if invoice.is_credit_note:
        raise Refused(_("A credit note is not corrected by another one; make it void."))
    if invoice.voided_at is not None:
        raise Refused(_("This invoice is void: nothing of it is owed."))
    if invoice.is_statement:
        raise Refused(_("A statement of prepaid service is not owed. Give the customer a credit instead."))
    if invoice.currency != invoice.customer.currency:
        raise Refused(_("The customer has another currency now than this invoice."))


def _correction(invoice: Invoice, left: Creditable, amounts: Amounts | None) -> Correction:
    """What is given back; the tax of parts is rounded one by one, and the last of them has what is left of it."""
    by_line = _whole(left) if amounts is None else _checked(invoice, left, amounts)
    net = sum(by_line.values(), ZERO)
    if net <= 0:
        raise Refused(_("A credit note lowers what is owed. Enter an amount for a line."))
    if net > left.net:
        words = _("The lines together are more than what is left of this invoice: %(left)s without tax.")
        raise Refused(words % {"left": formats.money(left.net, invoice.currency)})
    tax = TaxedAmount.from_net(net, rate=invoice.tax_rate, currency=invoice.currency).tax
    return Correction(by_line, net, left.tax if net == left.net else min(tax, left.tax))


def _whole(left: Creditable) -> dict[InvoiceLine, Decimal]:
    """All that is left. What was credited beyond a line that was less than nothing is taken off the others."""
    by_line = {line: amount for line, amount in left.by_line.items() if amount}
    return by_line if sum(by_line.values(), ZERO) > 0 else {}


def _checked(invoice: Invoice, left: Creditable, amounts: Amounts) -> dict[InvoiceLine, Decimal]:
    lines = {line.pk: line for line in left.by_line}
    found = {}
    for pk, amount in amounts.items():
        if pk not in lines:
            raise Refused(_("This line is not one of the invoice."))
        refuse_inexact(amount, invoice.currency, field=field_of(pk))
        line, most = lines[pk], left.by_line[lines[pk]]
        if not (0 <= amount <= most or most <= amount <= 0):
            words = _("Of this line %(left)s are left.") % {"left": formats.money(most, invoice.currency)}
            raise Refused(words, field=field_of(pk))
        if amount:
            found[line] = amount
    return found


def field_of(line_id: int) -> str:
    """The name of a line's field in the form, where a refusal of its amount stands."""
    return f"line_{line_id}"


def _write(invoice: Invoice, correction: Correction, *, reason: str, made_as: UUID, now: datetime) -> Invoice:
    note: Invoice = Invoice.objects.create(
        kind=Invoice.Kind.CREDIT_NOTE,
        corrects=invoice,
        reason=reason,
        made_as=made_as,
        customer=invoice.customer,
        issued_at=now,
        period_start=invoice.period_start,
        period_end=invoice.period_end,
        due_date=now.astimezone(invoice.customer.zone).date(),
        time_zone=invoice.time_zone,
        currency=invoice.currency,
        net=-correction.net,
        tax=-correction.tax,
        total=-correction.total,
        tax_rate=invoice.tax_rate,
        seller=invoice.seller,
        buyer=invoice.buyer,
        number=next_number(),
    )
    InvoiceLine.objects.bulk_create(
        InvoiceLine(
            invoice=note,
            corrects=line,
            position=position,
            service_id=line.service_id,
            description=line.description,
            unit=Service.Unit.NONE,
            net=-amount,
        )
        for position, (line, amount) in enumerate(correction.by_line.items(), start=1)
    )
    return note


def _rows(note: Invoice, invoice: Invoice) -> list[LedgerRow]:
    """What lowers the balance: the amount under Credits, and its tax."""
    words = _("Credit note %(number)s for invoice %(invoice)s")
    parts = (("net", Service.CREDITS, note.net), ("tax", Service.TAXES, note.tax))
    return [
        LedgerRow(
            customer_id=note.customer_id,
            service_id=service,
            started_at=note.issued_at,
            amount=amount,
            external_id=f"{own_prefix(note)}{kind}",
            description=words % {"number": note.number, "invoice": invoice.number},
        )
        for kind, service, amount in parts
        if amount
    ]


def _pay(invoice: Invoice, note: Invoice, now: datetime) -> None:
    """Lower what is open on the invoice that the note corrects, before older ones are thought of."""
    outstanding = with_payments(Invoice.objects.filter(pk=invoice.pk)).get().outstanding
    amount = min(outstanding, -note.total)
    if amount > 0:
        Allocation.objects.create(credit=note, invoice=invoice, amount=amount, created_at=now)
