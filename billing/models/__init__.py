"""What the customer's calls cost, what was invoiced, and what was paid."""

from billing.models.account import Account
from billing.models.discount import CustomerDiscount, DiscountPlan, DiscountStep, DiscountUsage
from billing.models.invoice import Invoice, InvoiceCounter, InvoiceLine
from billing.models.ledger import CallHours, CallPlace, Service, Xdr, XdrDay, XdrKey
from billing.models.payment import Allocation, Payment, WebhookEvent
from billing.models.subscription import Subscription
from billing.models.tariff import Rate, RateDeck, RateTerms, Tariff, TimeSlot

__all__ = [
    "Account",
    "Allocation",
    "CallHours",
    "CallPlace",
    "CustomerDiscount",
    "DiscountPlan",
    "DiscountStep",
    "DiscountUsage",
    "Invoice",
    "InvoiceCounter",
    "InvoiceLine",
    "Payment",
    "Rate",
    "RateDeck",
    "RateTerms",
    "Service",
    "Subscription",
    "Tariff",
    "TimeSlot",
    "WebhookEvent",
    "Xdr",
    "XdrDay",
    "XdrKey",
]
