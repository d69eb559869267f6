"""Money, for staff. Daily totals (XdrDay) are missing: their key has four columns, which Django's admin cannot open."""

from billing.admin import (
    accounts,
    discounts,
    dunning,
    invoices,
    ledger,
    payments,
    reports,
    spending,
    subscriptions,
    tariffs,
)

__all__ = [
    "accounts",
    "discounts",
    "dunning",
    "invoices",
    "ledger",
    "payments",
    "reports",
    "spending",
    "subscriptions",
    "tariffs",
]
