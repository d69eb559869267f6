"""How far dunning has gone: what is barred for a customer now, what was done, and what comes next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, QuerySet

from billing.models import DunningStep, DunningTaken, Invoice
from billing.queries.invoices import PAYABLE, with_payments
from billing.rating.dunning import Next, Step, next_step
from selfcare.models import Customer

Act = DunningStep.Act
BLOCKS = (Act.RESTRICT, Act.SUSPEND)
Policy = dict[int | None, list[Step]]


@dataclass(frozen=True, slots=True)
class OpenInvoice:
    """An invoice that is overdue, with the steps taken for it, oldest first, and the next one."""

    invoice: Any
    taken: tuple[DunningTaken, ...]
    next: Next | None


@dataclass(frozen=True, slots=True)
class Dunning:
    """Where a customer stands: `act` is what is barred now, empty for nothing."""

    act: str
    invoices: tuple[OpenInvoice, ...]
    overdue: Decimal
    currency: str


def policy() -> Policy:
    """The steps by customer class; None: of all classes without a step of their own."""
    found: Policy = {}
    for row in DunningStep.objects.order_by("days"):
        found.setdefault(row.customer_class_id, []).append(Step(row.days, row.act, row.least, row.fee))
    return found


def steps_for(customer: Customer, by_class: Policy) -> Sequence[Step]:
    """The steps that the customer's open invoices take."""
    return by_class.get(customer.customer_class_id) or by_class.get(None, [])


def overdue_invoices(*, before: date) -> QuerySet[Any]:
    """Invoices with something open whose due date is before the day, of customers who are not exempt; oldest first."""
    rows = Invoice.objects.filter(PAYABLE, due_date__lt=before).exclude(customer__account__dunning_exempt=True)
    found = with_payments(rows.exclude(customer__status=Customer.Status.CLOSED)).filter(outstanding__gt=0)
    return found.select_related("customer").prefetch_related("dunning").order_by("customer", "period_start", "pk")


def taken_on(invoice: Any) -> dict[int, date]:
    """When each step of an invoice was taken, by its days; on the customer's calendar."""
    return {row.days: row.taken_at.astimezone(invoice.customer.zone).date() for row in invoice.dunning.all()}


def next_for(invoice: Any, by_class: Policy) -> Next | None:
    """The next step of an open invoice with its payments."""
    steps = steps_for(invoice.customer, by_class)
    return next_step(steps, due_date=invoice.due_date, taken=taken_on(invoice), outstanding=invoice.outstanding)


def blocked_now(customers: Iterable[Customer]) -> dict[int, str]:
    """What is barred for which of these customers, by id: a step counts until its invoice is paid, to the second.

    One query for customers of whom no step blocks anything, as nearly all are; else two.
    """
    rows = DunningTaken.objects.filter(customer__in=[*customers], ended_at=None, act__in=BLOCKS)
    lasting = list(rows.exclude(customer__account__dunning_exempt=True))
    if not lasting:
        return {}
    invoices = with_payments(Invoice.objects.filter(PAYABLE, pk__in={row.invoice_id for row in lasting}))
    outstanding = dict(invoices.values_list("pk", "outstanding"))
    acts: dict[int, set[str]] = {}
    for row in lasting:
        if lasts(row, outstanding.get(row.invoice_id, Decimal(0))):
            acts.setdefault(row.customer_id, set()).add(row.act)
    return {pk: Act.SUSPEND if Act.SUSPEND in found else Act.RESTRICT for pk, found in acts.items()}


def lasts(row: DunningTaken, outstanding: Decimal) -> bool:
    """Whether a step that was taken still counts with so much open on its invoice."""
    return outstanding > 0 and outstanding >= row.least


def blocked_of_office(office: Customer) -> dict[int, str]:
    """The same for a main office and its branches."""
    return blocked_now(Customer.objects.office_of(office))


def dunning_of(customer: Customer, *, now: datetime) -> Dunning | None:
    """Where the customer stands; None when no invoice of his is overdue, or he is exempt."""
    today = now.astimezone(customer.zone).date()
    rows = overdue_invoices(before=today).filter(customer=customer).order_by(F("period_start"), "pk")
    invoices = list(rows)
    if not invoices:
        return None
    by_class = policy()
    found = tuple(OpenInvoice(row, tuple(reversed(row.dunning.all())), next_for(row, by_class)) for row in invoices)
    overdue = sum((row.outstanding for row in invoices), Decimal(0))
    return Dunning(blocked_now([customer]).get(customer.pk, ""), found, overdue, customer.currency)
