"""What a customer wishes of auto-pay, and whether an automatic payment is still what he owes."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Q

from billing.models import AutoPay, Payment
from billing.queries.invoices import open_invoices
from selfcare.models import Customer


def wishes_auto_pay(customer: Customer) -> bool:
    """Whether anything is to be paid automatically."""
    wishes: bool = AutoPay.for_customer(customer).filter(Q(pay_invoices=True) | Q(by_threshold=True)).exists()
    return wishes


def still_wanted(payment: Payment) -> bool:
    """Whether this payment is to be confirmed now; always for one that a person asked for.

    An automatic one only while the wish stands, and while exactly its amount is open in the invoices up to its own.
    """
    charge = payment.auto_charge
    if charge is None:
        return True
    wish = AutoPay.for_customer(payment.customer).filter(stopped_at=None).first()
    if wish is None:
        return False
    if charge.invoice is None:
        return bool(wish.by_threshold)
    if not wish.pay_invoices or charge.invoice.voided_at is not None:
        return False
    open_now = [i for i in open_invoices(payment.customer) if i.period_start <= charge.invoice.period_start]
    return bool(sum((invoice.outstanding for invoice in open_now), Decimal(0)) == payment.amount)
