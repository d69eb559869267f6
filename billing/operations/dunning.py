"""Dunning: the steps that the ITSP has set, each once for each invoice that stays open after its due date."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import structlog
from django.conf import settings
from django.db import OperationalError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.models import DunningStep, DunningTaken, Invoice, Service
from billing.money import round_money
from billing.operations.allocations import serialise
from billing.operations.invoice_mails import readers
from billing.operations.ledger import LedgerRow, make_missing_months, post_rows
from billing.queries.dunning import BLOCKS, Policy, lasts, next_for, overdue_invoices, policy
from billing.queries.invoices import PaymentStatus, payment_status, with_payments
from billing.rating.dunning import Next
from selfcare import mail

log = structlog.get_logger(__name__)


def remind_and_block(*, now: datetime) -> int:
    """Take each step that is due, and end those whose invoice is paid; returns how many steps were taken.

    May run as often and as parallel as you like: a step is taken once for each invoice. After days without a run the
    steps come one after the other, at the distance that was set. One that cannot be taken does not keep the others.
    """
    end_paid(now=now)
    by_class = policy()
    if not by_class:
        return 0
    make_missing_months({now})
    taken = 0
    for invoice in overdue_invoices(before=now.date() + timedelta(days=1)):
        try:
            taken += bool(_is_due(invoice, by_class, now) and take_next(invoice_id=invoice.pk, now=now))
        except OperationalError:
            raise  # the database is away: that is nobody's own trouble
        except Exception:  # one customer's trouble must not keep the others from their reminders
            log.exception("dunning_step_not_taken", invoice=invoice.pk)
    return taken


def take_next(*, invoice_id: int, now: datetime) -> DunningTaken | None:
    """Take the next step of an invoice if its day has come: a row, its fee in the ledger and a mail; else None.

    Behind the customer's lock, so that of two workers the second finds it taken, and a payment that arrives meanwhile
    counts.
    """
    with transaction.atomic():
        serialise(Invoice.objects.select_related("customer").get(pk=invoice_id).customer)
        invoice: Any = overdue_invoices(before=date.max).filter(pk=invoice_id).first()
        due = _is_due(invoice, policy(), now) if invoice is not None else None
        if due is None:
            return None
        row: DunningTaken = DunningTaken.objects.create(
            customer=invoice.customer,
            invoice=invoice,
            days=due.step.days,
            act=due.step.act,
            least=due.step.least,
            fee=round_money(due.step.fee, invoice.currency),
            amount=invoice.outstanding,
            taken_at=now,
        )
        if row.fee:
            post_rows([_fee(row)], now=now)
        _tell(row, invoice, outstanding=invoice.outstanding)
    return row


def end_paid(*, now: datetime) -> int:
    """Note the end of steps whose invoice is paid, and tell customers for whom something was barred."""
    ended = 0
    rows = DunningTaken.objects.filter(ended_at=None).select_related("invoice__customer")
    invoices = with_payments(Invoice.objects.filter(pk__in=rows.values("invoice")))
    outstanding = dict(invoices.filter(voided_at=None).values_list("pk", "outstanding"))
    for row in rows:
        if not lasts(row, outstanding.get(row.invoice_id, Decimal(0))):
            ended += _end(row, now)
    return ended


@transaction.atomic
def _end(row: DunningTaken, now: datetime) -> bool:
    if not DunningTaken.objects.filter(pk=row.pk, ended_at=None).update(ended_at=now):
        return False
    if row.act in BLOCKS and not row.invoice.dunning.filter(ended_at=None, act__in=BLOCKS).exists():
        _tell(row, row.invoice, outstanding=Decimal(0))
    return True


def _is_due(invoice: Any, by_class: Policy, now: datetime) -> Next | None:
    """The next step of an overdue invoice whose day has come on the customer's clock; None for no such step."""
    if payment_status(invoice, now=now) != PaymentStatus.OVERDUE:
        return None
    found = next_for(invoice, by_class)
    return found if found is not None and found.day <= now.astimezone(invoice.customer.zone).date() else None


def _fee(row: DunningTaken) -> LedgerRow:
    return LedgerRow(
        customer_id=row.customer_id,
        service_id=Service.CREDITS,
        started_at=row.taken_at,
        amount=row.fee,
        external_id=f"dunning:{row.invoice_id}:{row.days}",
        description=_("Reminder fee, invoice %(number)s") % {"number": row.invoice.number},
    )


def _tell(row: DunningTaken, invoice: Any, *, outstanding: Decimal) -> None:
    """Mail the step, or with nothing `outstanding` its end."""
    facts = {
        "taken": row,
        "invoice": invoice,
        "outstanding": outstanding,
        "address": settings.PORTAL_URL + reverse("billing:pay"),
        "restricts": DunningStep.Act.RESTRICT,
        "suspends": DunningStep.Act.SUSPEND,
    }
    for language, addresses in readers(invoice.customer).items():
        mail.post(
            template="dunning",
            context=facts,
            to=addresses,
            key=f"dunning:{row.pk}:{'step' if outstanding else 'end'}:{language}",
            customer=invoice.customer,
            language=language,
        )
