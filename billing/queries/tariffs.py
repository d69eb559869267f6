"""Tariffs as the pure room of rating takes them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from billing.models import Account, Rate, Tariff
from billing.rating import tariff as pure
from selfcare.models import Customer

ON_NET = "On-net"


def load_tariff(tariff: Tariff, *, numbers: Collection[str]) -> pure.Tariff:
    """The rates that calls to these `numbers` (digits) can need, past and future ones too.

    Only those are read, since a tariff may have 100,000. On-net calls are billed by the minute begun.
    """
    prefixes = {number[:length] for number in numbers for length in range(1, min(len(number), 15) + 1)}
    rates = Rate.objects.filter(tariff=tariff, prefix__in=prefixes)
    return pure.Tariff(
        currency=tariff.currency,
        rates=tuple(_pure_rate(rate) for rate in rates),
        on_net=pure.Rate(
            prefix="", destination=ON_NET, price_first=tariff.on_net_price, price_next=tariff.on_net_price
        ),
    )


def rate_for(customer: Customer, number: str, at: datetime) -> pure.Rate | None:
    """What a call of the customer to `number` (E.164 digits) costs at `at`; None where nobody set a price for it.

    A tariff in another currency than the customer pays in is never used for a bill, so it says no price either.
    """
    account = Account.for_customer(customer).select_related("tariff").first()
    if account is None or account.tariff is None or account.tariff.currency != customer.currency:
        return None
    return load_tariff(account.tariff, numbers=[number]).find(number, at)


def _pure_rate(rate: Rate) -> pure.Rate:
    return pure.Rate(
        prefix=rate.prefix,
        destination=rate.destination,
        country=rate.country,
        price_first=rate.price_first,
        price_next=rate.price_next,
        connect_fee=rate.connect_fee,
        free_seconds=rate.free_seconds,
        first_interval=rate.first_interval,
        next_interval=rate.next_interval,
        effective_from=rate.effective_from,
        effective_to=rate.effective_to,
    )
