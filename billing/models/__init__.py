"""What the customer's calls cost, what was invoiced, and what was paid."""

from billing.models.account import Account, BillingTrouble
from billing.models.discount import CustomerDiscount, DestinationGroup, DiscountPlan, DiscountStep, DiscountUsage
from billing.models.dunning import DunningStep, DunningTaken
from billing.models.invoice import Invoice, InvoiceCounter, InvoiceLine
from billing.models.ledger import CallHours, CallPlace, Service, Xdr, XdrDay, XdrKey
from billing.models.payment import Allocation, Payment, WebhookEvent
from billing.models.report import XdrReport
from billing.models.spending import LineLimit, SpendLimits, SpendNotice, SpendPolicy, SpendReader
from billing.models.statistic import StatisticSent
from billing.models.subscription import Subscription, SubscriptionPlan
from billing.models.tariff import Rate, RateDeck, RateTerms, Tariff, TimeSlot

__all__ = [
    "Account",
    "Allocation",
    "BillingTrouble",
    "CallHours",
    "CallPlace",
    "CustomerDiscount",
    "DestinationGroup",
    "DiscountPlan",
    "DiscountStep",
    "DiscountUsage",
    "DunningStep",
    "DunningTaken",
    "Invoice",
    "InvoiceCounter",
    "InvoiceLine",
    "LineLimit",
    "Payment",
    "Rate",
    "RateDeck",
    "RateTerms",
    "Service",
    "SpendLimits",
    "SpendNotice",
    "SpendPolicy",
    "SpendReader",
    "StatisticSent",
    "Subscription",
    "SubscriptionPlan",
    "Tariff",
    "TimeSlot",
    "WebhookEvent",
    "Xdr",
    "XdrDay",
    "XdrKey",
    "XdrReport",
]
