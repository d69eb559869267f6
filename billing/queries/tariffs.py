"""Tariffs as the pure room of rating takes them."""

from __future__ import annotations

from collections.abc import Collection

from billing.models import Rate, Tariff
from billing.rating import tariff as pure

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
