"""What the customer's calls cost, what was invoiced, and what was paid."""

from billing.models.account import Account, BillingTrouble
from billing.models.autopay import AutoCharge, AutoPay
from billing.models.difference import Difference
from billing.models.discount import CustomerDiscount, DestinationGroup, DiscountPlan, DiscountStep, DiscountUsage
from billing.models.dunning import DunningStep, DunningTaken
from billing.models.invoice import Invoice, InvoiceCounter, InvoiceCover, InvoiceLine
from billing.models.ledger import CallPlace, Service, Xdr, XdrDay, XdrKey
from billing.models.offered import OfferedMethod
from billing.models.payment import Allocation, Payment, WebhookEvent
from billing.models.refund import Refund
from billing.models.report import XdrReport
from billing.models.spending import LineLimit, SpendLimits, SpendNotice, SpendPolicy, SpendReader
from billing.models.statistic import StatisticSent
from billing.models.stored import MethodSetup, ProviderCustomer, StoredMethod
from billing.models.subscription import Subscription, SubscriptionPlan
from billing.models.tariff import Rate, RateDeck, RateTerms, Tariff, TimeSlot

__all__ = [
    "Account",
    "Allocation",
    "AutoCharge",
    "AutoPay",
    "BillingTrouble",
    "CallPlace",
    "CustomerDiscount",
    "DestinationGroup",
    "Difference",
    "DiscountPlan",
    "DiscountStep",
    "DiscountUsage",
    "DunningStep",
    "DunningTaken",
    "Invoice",
    "InvoiceCounter",
    "InvoiceCover",
    "InvoiceLine",
    "LineLimit",
    "MethodSetup",
    "OfferedMethod",
    "Payment",
    "ProviderCustomer",
    "Rate",
    "RateDeck",
    "RateTerms",
    "Refund",
    "Service",
    "SpendLimits",
    "SpendNotice",
    "SpendPolicy",
    "SpendReader",
    "StatisticSent",
    "StoredMethod",
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
