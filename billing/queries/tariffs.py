"""Tariffs as the pure room of rating takes them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from billing.models import Account, Rate, RateTerms, Tariff
from billing.rating import tariff as pure
from billing.rating.tariff import SlotAt, TimeSlot
from centrex.routing.schedule import is_active, parse
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
        rates=tuple(pure_rate(rate, effective_to=rate.effective_to) for rate in rates),
        on_net=pure.Rate(
            prefix="", destination=ON_NET, price_first=tariff.on_net_price, price_next=tariff.on_net_price
        ),
        slot_at=slots_of(tariff),
    )


def slots_of(tariff: Tariff) -> SlotAt:
    """The time slot of a moment by the tariff's clock; peak is what no other slot is."""
    hours = ((TimeSlot.SECOND_OFF_PEAK, tariff.second_off_peak_hours), (TimeSlot.OFF_PEAK, tariff.off_peak_hours))
    # An empty text would be always in the notation; here it is a slot that there is not.
    periods = [(slot, parse(text)) for slot, text in hours if text.strip()]

    def slot_at(moment: datetime) -> TimeSlot:
        local = moment.astimezone(tariff.zone)
        return next((slot for slot, period in periods if is_active(period, local)), TimeSlot.PEAK)

    return slot_at


def rate_for(customer: Customer, number: str, at: datetime) -> pure.Rate | None:
    """What a call of the customer to `number` (E.164 digits) costs at `at`; None where nobody set a price for it.

    A tariff in another currency than the customer pays in is never used for a bill, so it says no price either.
    """
    account = Account.for_customer(customer).select_related("tariff").first()
    if account is None or account.tariff is None or account.tariff.currency != customer.currency:
        return None
    return load_tariff(account.tariff, numbers=[number]).find(number, at)


def pure_rate(rate: Rate | RateTerms, *, effective_to: datetime | None = None) -> pure.Rate:
    """A rate of a tariff, or the terms that were applied to a call, for pricing."""
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
        minimum_charge=rate.minimum_charge,
        effective_from=rate.effective_from,
        effective_to=effective_to,
        time_slot=TimeSlot(rate.time_slot),
    )
