"""Balances, and what the money that is left allows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import DecimalField, F, Value
from django.db.models.functions import Coalesce

from billing.models import Account
from selfcare.models import Customer


@dataclass(frozen=True, slots=True)
class MoneyWords:
    """The words on every page, in the customer's currency.

    `balance` positive owes, negative has paid ahead; `available = credit_limit - balance`.
    """

    balance: Decimal
    credit_limit: Decimal
    currency: str
    is_prepaid: bool

    @property
    def available(self) -> Decimal:
        return self.credit_limit - self.balance


def money_words(customer: Customer) -> MoneyWords:
    """Balance, credit limit and available funds of `customer`; a customer without a charge yet has balance 0."""
    balance = Account.for_customer(customer).values_list("balance", flat=True).first()
    return MoneyWords(
        balance=balance or Decimal(0),
        credit_limit=customer.credit_limit,
        currency=customer.currency,
        is_prepaid=customer.is_prepaid,
    )


def available_of_office(customer: Customer) -> dict[int, Decimal]:
    """What the customer's main office and its branch offices can still spend, each its own, by their ids."""
    balance = Coalesce("account__balance", Value(Decimal(0)), output_field=DecimalField())
    offices = Customer.objects.office_of(customer).annotate(available=F("credit_limit") - balance)
    return dict(offices.values_list("pk", "available"))
