"""Payments in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing.models import Invoice, Payment
from billing.queries.failures import BY_METHOD, EVERYWHERE, OTHERWISE
from selfcare.models import Customer

UNDER_WAY = (Payment.State.UNKNOWN, Payment.State.PENDING, Payment.State.REQUIRES_ACTION)
NOT_ENDED = (Payment.State.CREATED, *UNDER_WAY)
# Their money is on its way for days after the customer has done his part.
BANK_DEBITS = (Payment.Method.ACH, Payment.Method.SEPA)
LATEST = 5

# Why an automatic payment was not asked of the bank.
NO_METHOD, DAILY_CAP, TOO_MUCH, TOO_LITTLE = "no_method", "daily_cap", "too_much", "too_little"
NOT_CONFIRMED, NOT_OFFERED = "not_confirmed", "not_offered"

# What a person can do about each code; a stolen or lost card is not told apart, as banks ask.
FAILURES: dict[str, Promise] = {
    "insufficient_funds": _("There is not enough money on the card. Please use another card."),
    "expired_card": _("The card has expired. Please use another card."),
    "incorrect_cvc": _("The security code of the card was wrong. Please try again."),
    "invalid_cvc": _("The security code of the card was wrong. Please try again."),
    "incorrect_number": _("The card number was wrong. Please try again."),
    "invalid_number": _("The card number was wrong. Please try again."),
    "invalid_expiry_month": _("The expiry date was wrong. Please try again."),
    "invalid_expiry_year": _("The expiry date was wrong. Please try again."),
    "processing_error": _("The bank could not process the card just now. Please try again in a few minutes."),
    "try_again_later": _("The bank could not process the card just now. Please try again in a few minutes."),
    "card_velocity_exceeded": _("The limit of the card is reached. Please use another card, or ask your bank."),
    "withdrawal_count_limit_exceeded": _("The limit of the card is reached. Please use another card."),
    "currency_not_supported": _("The card does not take this currency. Please use another card."),
    "card_not_supported": _("The card cannot be used for this payment. Please use another card."),
    "authentication_required": _("The bank asked for a confirmation that was not given. Please try again."),
    "payment_intent_authentication_failure": _("The payment was not confirmed with the bank. Please try again."),
    NO_METHOD: _("There is no preferred payment method that can be charged. Please add one or choose one."),
    NOT_OFFERED: _("Your telephone company does not take payments in this way any more. Please prefer another one."),
    DAILY_CAP: _("It would be more than you allow in a day. Please raise that amount, or pay by yourself."),
    TOO_MUCH: _("It is more than a single payment may be. Please pay by yourself, in several payments."),
    TOO_LITTLE: _("It is less than a payment may be. It is charged together with the next invoice."),
    NOT_CONFIRMED: _("The payment was not confirmed with the bank in time. Please pay by yourself."),
    **EVERYWHERE,
}
# They say nothing of the way to pay.
EVERY_METHOD = frozenset({NO_METHOD, DAILY_CAP, TOO_MUCH, TOO_LITTLE, NOT_CONFIRMED, NOT_OFFERED, *EVERYWHERE})


def failure_in_words(code: str, method: str = Payment.Method.CARD) -> str:
    """What to tell the customer about a payment by this method that failed; empty for no failure."""
    if not code:
        return ""
    words = BY_METHOD.get(method, {}).get(code)
    if words is None and (method not in BY_METHOD or code in EVERY_METHOD):
        words = FAILURES.get(code)
    return str(words or OTHERWISE.get(method, OTHERWISE[Payment.Method.CARD]))


def under_way(customer: Customer, *, now: datetime) -> QuerySet[Payment]:
    """The payments that have not ended yet, newest first: those of the last day, and debits that banks have at work."""
    payments: QuerySet[Payment] = Payment.for_customer(customer).filter(state__in=UNDER_WAY)
    carried = Q(method__in=BANK_DEBITS, state=Payment.State.PENDING, session_url="")
    return payments.filter(Q(created_at__gt=now - timedelta(days=1)) | carried).order_by("-created_at")


def payments_of(customer: Customer) -> QuerySet[Payment]:
    """All payments, tried ones too, newest first."""
    payments: QuerySet[Payment] = Payment.for_customer(customer)
    return payments.order_by("-created_at")


def latest_payments(customer: Customer) -> QuerySet[Payment]:
    """The newest few of them."""
    return payments_of(customer)[:LATEST]


@dataclass(frozen=True, slots=True)
class PaidInvoice:
    """What a payment pays of one invoice."""

    invoice: Invoice
    amount: Decimal


def invoices_paid_by(payment: Payment) -> list[PaidInvoice]:
    """The invoices that a payment pays today, oldest first; what it does not pay stays on the balance."""
    sums = payment.allocations.values("invoice").annotate(sum=Sum("amount")).filter(sum__gt=0)
    found = {row["invoice"]: row["sum"] for row in sums}
    invoices = Invoice.objects.filter(pk__in=found).order_by("period_start", "pk")
    return [PaidInvoice(invoice, found[invoice.pk]) for invoice in invoices]
