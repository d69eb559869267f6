"""Which ways to pay a customer is offered, and for which amounts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.db.models import Q

from billing.gateways.paynearme.adapter import is_on
from billing.models import OfferedMethod, Payment
from selfcare.models import Customer

Method = Payment.Method

ORDER = (Method.CARD, Method.ACH, Method.SEPA, Method.PAYPAL, Method.PAYNEARME)
UNLESS_SAID = frozenset({Method.CARD})
# What a method can carry at all; a card takes any currency. PayPal: the currencies in which a business is paid.
CURRENCIES: dict[Payment.Method, frozenset[str]] = {
    Method.ACH: frozenset({"USD"}),
    Method.SEPA: frozenset({"EUR"}),
    Method.PAYNEARME: frozenset({"USD"}),
    Method.PAYPAL: frozenset(
        {"AUD", "CAD", "CHF", "CZK", "DKK", "EUR", "GBP", "HKD", "NOK", "NZD", "PLN", "SEK", "SGD", "USD"}
    ),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """A way to pay with the least and the greatest amount that it takes, in the customer's currency."""

    method: Payment.Method
    minimum: Decimal
    maximum: Decimal


def offers(customer: Customer) -> list[Offer]:
    """What `customer` is offered, in the order of the page; one query."""
    rows: dict[str, OfferedMethod] = {}
    own = Q(customer_class=None) | Q(customer_class=customer.customer_class_id)
    for row in OfferedMethod.objects.filter(own):
        if row.customer_class_id is not None or row.method not in rows:
            rows[row.method] = row
    return [
        _offer(method, rows.get(method))
        for method in ORDER
        if _carries(method, customer.currency) and _is_set_up(method) and _is_offered(method, rows.get(method))
    ]


def offered_methods(customer: Customer) -> list[Payment.Method]:
    """The methods that `customer` is offered."""
    return [offer.method for offer in offers(customer)]


def offer_of(customer: Customer, method: str) -> Offer | None:
    """The offer of one method; None where the customer is not offered it."""
    return next((offer for offer in offers(customer) if offer.method == method), None)


def _carries(method: Payment.Method, currency: str) -> bool:
    return method not in CURRENCIES or currency in CURRENCIES[method]


def _is_set_up(method: Payment.Method) -> bool:
    return method != Method.PAYNEARME or is_on()


def _is_offered(method: Payment.Method, row: OfferedMethod | None) -> bool:
    return method in UNLESS_SAID if row is None else row.is_offered


def _offer(method: Payment.Method, row: OfferedMethod | None) -> Offer:
    """The narrower of the limits of all payments and those of the row."""
    least, most = Decimal(settings.MINIMUM_PAYMENT), Decimal(settings.MAXIMUM_PAYMENT)
    if row is not None and row.minimum is not None:
        least = max(least, row.minimum)
    if row is not None and row.maximum is not None:
        most = min(most, row.maximum)
    return Offer(method, least, most)
