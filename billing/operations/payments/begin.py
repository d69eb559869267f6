"""Writing a payment down, before anything is asked of a provider."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from billing.gateways.stripe import NAME as STRIPE
from billing.models import AutoCharge, Payment, StoredMethod
from billing.money import TaxedAmount
from billing.operations.allocations import serialise
from billing.operations.guards import AlreadyStarted, refuse_inexact, refuse_not_offered
from billing.operations.payments.states import next_check
from billing.queries.auto_pay import is_being_charged
from selfcare import formats
from selfcare.errors import Refused
from selfcare.models import AuditEvent, Customer, User

PAYNEARME = "paynearme"
# What a form that is sent again must have in common with the payment that it began.
SAME = ("amount", "tax", "method", "stored_method_id", "save_method", "origin", "auto_charge_id")


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


def begin_payment(
    *,
    customer: Customer,
    user: User | None,
    payment_id: UUID,
    amount: Decimal,
    method: str = Payment.Method.CARD,
    stored: StoredMethod | None = None,
    save_method: bool = False,
    origin: str = Payment.Origin.CUSTOMER,
    auto_charge: AutoCharge | None = None,
    email: str = "",
    now: datetime,
) -> Payment:
    """Write the payment down as CREATED and commit it; the same id again is the same payment.

    `payment_id` comes with the form, so that a double click, a reload and Back pay once. `stored` is what is to be
    charged, and says the method; `user` is None for auto-pay. Raises AlreadyStarted when that id is in use for
    something else, or when the automatic charge has an open try already. Refused for a stored method that is gone,
    and for a method or an amount that the customer is not offered. `email` is where a payment slip goes.
    """
    if stored is not None:
        _refuse_gone(stored, customer)
        method = stored.kind
    taxed = quote(customer=customer, amount=amount)
    refuse_not_offered(customer, method, amount)
    payment = Payment(
        id=payment_id,
        customer=customer,
        user=user,
        method=method,
        stored_method=stored,
        save_method=save_method and stored is None,
        origin=origin,
        auto_charge=auto_charge,
        email=email,
        provider=provider_for(method),
        amount=taxed.net,
        tax=taxed.tax,
        currency=customer.currency,
        created_at=now,
        changed_at=now,
        next_check_at=next_check(Payment.State.CREATED, checks=0, now=now),
    )
    # Durable: an outer transaction could take back what the provider has been asked for.
    with transaction.atomic(durable=True):
        serialise(customer)
        if origin != Payment.Origin.AUTO and not Payment.objects.filter(pk=payment_id).exists():
            _refuse_beside_auto_pay(customer)
        Payment.objects.bulk_create([payment], ignore_conflicts=True)
        kept = Payment.objects.for_customer(customer).filter(pk=payment_id).first()
        if kept is None or any(getattr(kept, name) != getattr(payment, name) for name in SAME):
            raise AlreadyStarted
        if kept.created_at == now:
            AuditEvent.write(user=user, customer=customer, action="pay", record=kept)
    result: Payment = kept
    return result


def provider_for(method: str) -> str:
    """Who takes payments by this method."""
    return PAYNEARME if method == Payment.Method.PAYNEARME else STRIPE


def _refuse_beside_auto_pay(customer: Customer) -> None:
    """Auto-pay looks for a person's payment after its own is written down, and steps back: one sees the other."""
    if is_being_charged(customer):
        words = _("An automatic payment is being made at this moment. Please look again in a minute.")
        raise Refused(words)


def _refuse_gone(stored: StoredMethod, customer: Customer) -> None:
    if stored.customer_id != customer.pk or stored.removed_at is not None or not stored.usable:
        raise Refused(_("This stored payment method can no longer be used. Please choose another one."), field="method")
