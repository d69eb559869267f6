"""Writing a payment down, before anything is asked of a provider."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from billing.gateways.stripe import NAME as STRIPE
from billing.models import Payment
from billing.money import TaxedAmount
from billing.operations.guards import AlreadyStarted, refuse_inexact
from billing.operations.payments.states import next_check
from selfcare import formats
from selfcare.errors import Refused
from selfcare.models import AuditEvent, Customer, User


def quote(*, customer: Customer, amount: Decimal) -> TaxedAmount:
    """What the provider will charge for `amount`: prepaid service adds the tax, invoices contain it already.

    Refused for an amount with too many decimals, or outside what the telephone company takes.
    """
    currency = customer.currency
    refuse_inexact(amount, currency)
    low, high = Decimal(settings.MINIMUM_PAYMENT), Decimal(settings.MAXIMUM_PAYMENT)
    if not low <= amount <= high:
        limits = {"low": formats.money(low, currency), "high": formats.money(high, currency)}
        raise Refused(_("Enter an amount from %(low)s to %(high)s.") % limits, field="amount")
    rate = customer.tax_rate if customer.is_prepaid else Decimal(0)
    return TaxedAmount.from_net(amount, rate=rate, currency=currency)


def begin_payment(*, customer: Customer, user: User, payment_id: UUID, amount: Decimal, now: datetime) -> Payment:
    """Write the payment down as CREATED and commit it; the same id again is the same payment.

    `payment_id` comes with the form, so that a double click, a reload and Back pay once. Raises AlreadyStarted when
    that id is in use for something else.
    """
    taxed = quote(customer=customer, amount=amount)
    payment = Payment(
        id=payment_id,
        customer=customer,
        user=user,
        method=Payment.Method.CARD,
        provider=STRIPE,
        amount=taxed.net,
        tax=taxed.tax,
        currency=customer.currency,
        created_at=now,
        changed_at=now,
        next_check_at=next_check(Payment.State.CREATED, checks=0, now=now),
    )
    # Durable: an outer transaction could take back what the provider has been asked for.
    with transaction.atomic(durable=True):
        Payment.objects.bulk_create([payment], ignore_conflicts=True)
        kept = Payment.objects.for_customer(customer).filter(pk=payment_id).first()
        if kept is None or kept.amount != payment.amount or kept.tax != payment.tax:
            raise AlreadyStarted
        if kept.created_at == now:
            AuditEvent.write(user=user, customer=customer, action="pay", record=kept)
    result: Payment = kept
    return result
