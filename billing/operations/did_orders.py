"""Buying and releasing external numbers: the telephone system's act and the money, both or neither."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django_countries import countries

from billing.models import Subscription
from billing.money import TaxedAmount, round_money
from billing.operations.allocations import serialise
from billing.operations.guards import AlreadyStarted, refuse_inexact
from billing.operations.ledger import make_missing_months
from billing.operations.subscriptions import end_subscription, open_subscription
from billing.queries.accounts import money_words
from billing.queries.calendars import calendar_of
from billing.rating.subscription import Part, Terms, part_from
from centrex.models import Did
from centrex.operations import dids
from selfcare import formats
from selfcare.errors import Refused
from selfcare.models import AuditEvent, Customer, User


@dataclass(frozen=True, slots=True)
class Quote:
    """What a number costs a customer, in his currency without tax: `today` is `activation` and the `first` part.

    `taxed` is today's charge with the tax that his invoice will add; a prepaid customer paid it when he topped up.
    """

    activation: Decimal
    monthly: Decimal
    first: Part
    today: Decimal
    taxed: TaxedAmount
    available: Decimal

    @property
    def is_affordable(self) -> bool:
        """Whether the customer's available funds cover today's charge."""
        return self.today <= max(self.available, Decimal(0))


class PriceChanged(Refused):
    """The number no longer costs what the customer has confirmed."""

    def __init__(self) -> None:
        super().__init__(_("The price has changed since you saw it. Nothing was charged; please look at it again."))


def quote(*, customer: Customer, did: Did, now: datetime) -> Quote:
    """What `did` costs `customer` if he buys it now."""
    currency = customer.currency
    activation = round_money(did.activation_fee, currency)
    terms = Terms(fee=did.monthly_fee, currency=currency, calendar=calendar_of(customer), started_at=now)
    first = part_from(now, terms=terms)
    today = activation + first.amount
    rate = Decimal(0) if customer.is_prepaid else customer.tax_rate
    return Quote(
        activation=activation,
        monthly=round_money(did.monthly_fee, currency),
        first=first,
        today=today,
        taxed=TaxedAmount.from_net(today, rate=rate, currency=currency),
        available=money_words(customer).available,
    )


def buy_did(
    *, user: User, customer: Customer, did_id: int, now: datetime, confirmed: Decimal | None = None
) -> Subscription:
    """Sell a number that `customer` has reserved: it is his, the activation is charged, and its monthly fee begins.

    All of it or nothing, and once however often it is asked for; returns the number's subscription. `confirmed` is
    today's charge as the customer saw it. Refused after the reservation's end, without enough available funds, or
    (PriceChanged) when it costs something else by now.
    """
    make_missing_months({now})
    with transaction.atomic():
        serialise(customer)
        bought: Subscription | None = Subscription.for_customer(customer).running().filter(did=did_id).first()
        if bought is not None:
            return bought
        did = dids.take(customer=customer, did_id=did_id, now=now)
        price = quote(customer=customer, did=did, now=now)
        _refuse_unpaid(customer, price, confirmed)
        name = _("External number %(number)s") % {"number": _in_words(did)}
        subscription = open_subscription(
            customer=customer, name=name, fee=did.monthly_fee, did=did, now=now, activation_fee=price.activation
        )
        _write(user, customer, did, action="buy", activation=price.activation, monthly=price.monthly)
    return subscription


def release_did(*, user: User, customer: Customer, did_id: int, now: datetime) -> Subscription | None:
    """Give a number back: its line loses it, it is for sale again, and its monthly fee ends.

    The period that has begun stays charged. Returns the ended subscription, None for a number that had none.
    Refused when the number is not the customer's.
    """
    make_missing_months({now})
    with transaction.atomic():
        serialise(customer)
        running: Subscription | None = Subscription.for_customer(customer).running().filter(did=did_id).first()
        ended = end_subscription(subscription=running, now=now) if running else None
        dids.put_back(user=user, customer=customer, did_id=did_id)
    return ended


def charge_for_did(
    *, staff: User, did: Did, fee: Decimal, activation_fee: Decimal, given_as: UUID, now: datetime
) -> Subscription:
    """Begin the monthly fee of a number that its customer has without one, as staff gave it to him by hand.

    Both fees are in his currency, without tax; a fee of 0 notes that it is free of charge. What is due by now is
    charged at once, whatever his funds. The same `given_as` twice is one; with other values it raises AlreadyStarted.
    Refused for a number that is nobody's or has a fee already, and for fees less than 0 or finer than the currency.
    """
    if did.customer is None:
        raise Refused(_("Nobody has this number, so there is nobody to charge."))
    customer = did.customer
    for field, amount in (("fee", fee), ("activation_fee", activation_fee)):
        refuse_inexact(amount, customer.currency, field=field)
        if amount < 0:
            raise Refused(_("A fee is 0 or more."), field=field)
    make_missing_months({now})
    with transaction.atomic():
        serialise(customer)
        known: Subscription | None = Subscription.objects.filter(given_as=given_as).first()
        if known is not None:
            return _same(known, did, fee, activation_fee)
        _refuse_charged(customer, did)
        name = _("External number %(number)s") % {"number": _in_words(did)}
        subscription = open_subscription(
            customer=customer, name=name, fee=fee, did=did, now=now, activation_fee=activation_fee, given_as=given_as
        )
        _write(staff, customer, did, action="charge for number", activation=activation_fee, monthly=fee)
    return subscription


def _refuse_charged(customer: Customer, did: Did) -> None:
    """Under the customer's lock: what another member of staff has done meanwhile."""
    if not Did.for_customer(customer).select_for_update(of=("self",)).filter(pk=did.pk).exists():
        raise Refused(_("This number is not the customer's any more."))
    if Subscription.for_customer(customer).running().filter(did=did).exists():
        raise Refused(_("This number has a monthly fee already."))


def _same(known: Subscription, did: Did, fee: Decimal, activation_fee: Decimal) -> Subscription:
    if (known.did_id, known.default_fee, known.activation_fee) != (did.pk, fee, activation_fee):
        raise AlreadyStarted
    return known


def _write(user: User, customer: Customer, did: Did, *, action: str, activation: Decimal, monthly: Decimal) -> None:
    costs = {_("activation fee"): activation, _("monthly fee"): monthly}
    changes = {label: ["", f"{fee} {customer.currency}"] for label, fee in costs.items()}
    AuditEvent.write(user=user, customer=customer, action=action, record=did, changes=changes)


def _refuse_unpaid(customer: Customer, price: Quote, confirmed: Decimal | None) -> None:
    if confirmed is not None and confirmed != price.today:
        raise PriceChanged
    if not price.is_affordable:
        amounts = {
            "today": formats.money(price.today, customer.currency),
            "available": formats.money(price.available, customer.currency),
        }
        raise Refused(
            _("This number costs %(today)s today, but only %(available)s are available. Make a payment first.")
            % amounts
        )


def _in_words(did: Did) -> str:
    """The number and where it is."""
    return ", ".join(filter(None, [str(did), did.city, countries.name(did.country)]))
