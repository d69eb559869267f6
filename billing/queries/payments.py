"""Payments in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing.models import Invoice, Payment
from selfcare.models import Customer

UNDER_WAY = (Payment.State.UNKNOWN, Payment.State.PENDING, Payment.State.REQUIRES_ACTION)

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
    "provider_refused": _("The payment service did not accept this payment. Please tell us, we look into it."),
}
OTHERWISE = _("The bank declined the card. Please use another card, or ask your bank.")


def failure_in_words(code: str) -> str:
    """What to tell the customer about a failed payment; empty for no failure."""
    return str(FAILURES.get(code, OTHERWISE)) if code else ""


def under_way(customer: Customer, *, now: datetime) -> QuerySet[Payment]:
    """The payments of the last day that have not ended yet, newest first."""
    payments: QuerySet[Payment] = Payment.for_customer(customer).filter(state__in=UNDER_WAY)
    return payments.filter(created_at__gt=now - timedelta(days=1)).order_by("-created_at")


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
