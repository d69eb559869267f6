"""How much an automatic payment is about at this moment; asked when it begins, and again right before it is taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet, Sum

from billing.models import AutoCharge, AutoPay, Payment
from billing.periods import midnight
from billing.queries.auto_pay.due import BEYOND, threshold_rows, under_way_of
from billing.queries.invoices import open_invoices
from selfcare.models import Customer

ZERO = Decimal(0)
State = Payment.State
# Debits that banks carry out: they are under way for days, and most likely come.
SLOW = Q(state=State.PENDING, method__in=(Payment.Method.ACH, Payment.Method.SEPA), session_url="") & ~Q(provider_id="")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be charged: `open` is what is lacking, `coming` what other payments under way will bring.

    `is_busy`: another payment is being made at this moment, so that nobody knows yet.
    """

    open: Decimal
    coming: Decimal
    is_busy: bool

    @property
    def amount(self) -> Decimal:
        return max(self.open - self.coming, ZERO)


def wanted_now(charge: AutoCharge, *, but: Payment | None = None) -> Wanted:
    """What is wanted for the charge, leaving the payment `but` out of what is under way.

    For an invoice all that is open up to and including it, as payments settle the oldest first; for a crossing the
    chosen amount as long as the balance, with what is coming, is still beyond the threshold. Nothing once the wish
    was taken back.
    """
    others = under_way_of(charge.customer).exclude(pk__in=[but.pk] if but else [])
    coming = others.filter(SLOW).aggregate(sum=Sum("amount"))["sum"] or ZERO
    is_busy = others.exclude(SLOW).exists()
    if charge.invoice_id is not None:
        return Wanted(_open_up_to(charge), coming, is_busy)
    return Wanted(_wished(charge, coming), ZERO, is_busy)


def still_wanted(payment: Payment) -> bool:
    """Whether an automatic payment that is not taken yet may be taken: it is about exactly what is wanted now.

    False when it was paid in another way, the invoice changed or was made void, the wish was taken back, the payment
    method was removed, or the customer is paying by himself at this moment.
    """
    charge, method = payment.auto_charge, payment.stored_method
    if charge is None or method is None:
        return charge is None
    method.refresh_from_db(fields=["removed_at", "usable"])
    if method.removed_at is not None or not method.usable:
        return False
    wanted = wanted_now(charge, but=payment)
    return not wanted.is_busy and wanted.amount == payment.amount


def cap_left(customer: Customer, *, now: datetime) -> Decimal | None:
    """What automatic payments may still take on this day of the customer's clock, taxes and all; None: any amount."""
    wish = AutoPay.objects.filter(customer=customer).first()
    if wish is None or wish.daily_cap is None:
        return None
    first = midnight(now.astimezone(customer.zone).date(), zone=customer.zone)
    today = Payment.objects.filter(customer=customer, origin=Payment.Origin.AUTO, created_at__gte=first)
    taken = today.exclude(state__in=(State.FAILED, State.CANCELLED)).aggregate(sum=Sum(F("amount") + F("tax")))["sum"]
    left: Decimal = wish.daily_cap - (taken or ZERO)
    return left


def _open_up_to(charge: AutoCharge) -> Decimal:
    invoice = charge.invoice
    if invoice is None or not _wishes(charge).filter(pay_invoices=True).exists():
        return ZERO
    invoice.refresh_from_db(fields=["voided_at"])
    if invoice.voided_at is not None:
        return ZERO
    rows = open_invoices(charge.customer)
    same = Q(period_start=invoice.period_start, pk__lte=invoice.pk)
    upto: QuerySet[Any] = rows.filter(Q(period_start__lt=invoice.period_start) | same)
    if not upto.filter(pk=invoice.pk).exists():
        return ZERO
    open_now: Decimal = upto.aggregate(sum=Sum("outstanding"))["sum"] or ZERO
    return open_now


def _wished(charge: AutoCharge, coming: Decimal) -> Decimal:
    """The chosen amount while the balance is beyond the threshold, what is coming counted as if it were there."""
    wish = threshold_rows(coming=coming).filter(BEYOND, customer=charge.customer, stopped_at=None).first()
    amount: Decimal = wish.amount if wish is not None else ZERO
    return amount


def _wishes(charge: AutoCharge) -> QuerySet[AutoPay]:
    rows: QuerySet[AutoPay] = AutoPay.objects.filter(customer=charge.customer, stopped_at=None)
    return rows
