"""A tariff: what a minute to which numbers costs, and the longest-prefix search in it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum


class TimeSlot(StrEnum):
    """When a rate holds: always (flat), or only in that part of the week the tariff's schedule names."""

    FLAT = "flat"
    PEAK = "peak"
    OFF_PEAK = "off_peak"
    SECOND_OFF_PEAK = "off_peak_2"


# Whose price holds in a slot, the first that there is. Peak and off-peak never stand in for each other.
_STAND_IN = {
    TimeSlot.FLAT: (TimeSlot.FLAT,),
    TimeSlot.PEAK: (TimeSlot.PEAK, TimeSlot.FLAT),
    TimeSlot.OFF_PEAK: (TimeSlot.OFF_PEAK, TimeSlot.FLAT),
    TimeSlot.SECOND_OFF_PEAK: (TimeSlot.SECOND_OFF_PEAK, TimeSlot.OFF_PEAK, TimeSlot.FLAT),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """The price of calls to one prefix.

    `prefix`: leading digits of an E.164 number without "+" ("" for the on-net rate); `country`: ISO 3166
    alpha-2, or "" if the prefix belongs to none or several; intervals and free seconds in seconds; prices per
    MINUTE; `effective_from` <= call < `effective_to`, aware datetimes, None is open. Raises ValueError.
    """

    prefix: str
    destination: str
    price_first: Decimal
    price_next: Decimal
    country: str = ""
    connect_fee: Decimal = Decimal(0)
    free_seconds: int = 0
    first_interval: int = 60
    next_interval: int = 60
    minimum_charge: Decimal = Decimal(0)
    effective_from: datetime | None = None
    effective_to: datetime | None = None
    time_slot: TimeSlot = TimeSlot.FLAT

    def __post_init__(self) -> None:
        if self.prefix and not (self.prefix.isascii() and self.prefix.isdigit()):
            raise ValueError(f"a prefix is digits only, not {self.prefix!r}")
        for amount in (self.price_first, self.price_next, self.connect_fee, self.minimum_charge):
            if not isinstance(amount, Decimal) or not amount.is_finite() or amount < 0:
                raise ValueError(f"a price is a Decimal of zero or more, not {amount!r}")
        if self.first_interval < 1 or self.next_interval < 1 or self.free_seconds < 0:
            raise ValueError("intervals are at least one second, free seconds at least zero")
        for moment in (self.effective_from, self.effective_to):
            if moment is not None and moment.tzinfo is None:
                raise ValueError("effective dates carry a time zone")
        if self.effective_from and self.effective_to and self.effective_from >= self.effective_to:
            raise ValueError("a rate ends after it starts")

    def holds_at(self, moment: datetime) -> bool:
        """Tell whether the rate is in force at an aware datetime; the end itself is outside."""
        return (self.effective_from is None or self.effective_from <= moment) and (
            self.effective_to is None or moment < self.effective_to
        )


_BEGINNING = datetime.min.replace(tzinfo=UTC) + timedelta(days=2)

SlotAt = Callable[[datetime], TimeSlot]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """The rates of one price list, ready for many searches.

    `on_net`: the rate of calls inside the company, or None; `slot_at` names the time slot (peak or off-peak)
    of a moment and is asked only for prefixes that have such rates. Where two rates of a prefix hold at once,
    the one that began later wins, as rate decks leave the old end open. Raises ValueError for two rates with
    the same prefix, slot and beginning, and for peak rates without `slot_at`.
    """

    currency: str
    rates: tuple[Rate, ...]
    on_net: Rate | None = None
    slot_at: SlotAt | None = None
    _by_prefix: Mapping[str, tuple[Rate, ...]] = field(init=False, repr=False, compare=False)
    _longest: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.slot_at is None and any(rate.time_slot is not TimeSlot.FLAT for rate in self.rates):
            raise ValueError("peak and off-peak rates need a schedule that says when they hold")
        index = _index(self.rates)
        object.__setattr__(self, "_by_prefix", index)
        object.__setattr__(self, "_longest", max(map(len, index), default=0))

    def find(self, number_e164: str, at: datetime) -> Rate | None:
        """Return the rate in force at `at` (aware) with the longest prefix of the number, or None.

        The number may begin with "+". A longer prefix with no rate in force gives way to a shorter one; one that
        has rates, but none for this time slot, does not: mobiles priced for the day only must not be charged as
        landlines at night.
        """
        digits = number_e164.removeprefix("+")
        for length in range(min(len(digits), self._longest), 0, -1):
            in_force = [rate for rate in self._by_prefix.get(digits[:length], ()) if rate.holds_at(at)]
            if in_force:
                return self._in_slot(in_force, at)
        return None

    def _in_slot(self, rates: Sequence[Rate], at: datetime) -> Rate | None:
        if self.slot_at is None or all(rate.time_slot is TimeSlot.FLAT for rate in rates):
            return rates[0]
        wanted = _STAND_IN[self.slot_at(at)]
        return next((rate for slot in wanted for rate in rates if rate.time_slot is slot), None)

    def has(self, code: str, at: datetime) -> bool:
        """Whether a rate in force at `at` is for just this code, such as a directory service's short number."""
        rate = self.find(code, at)
        return rate is not None and rate.prefix == code


def _index(rates: Iterable[Rate]) -> dict[str, tuple[Rate, ...]]:
    """Group by prefix; in a group the rate that began last comes first."""
    groups: dict[str, list[Rate]] = {}
    for rate in rates:
        if not rate.prefix:
            raise ValueError(f"the rate {rate.destination!r} has no prefix")
        groups.setdefault(rate.prefix, []).append(rate)
    return {prefix: _ordered(group) for prefix, group in groups.items()}


def _ordered(group: list[Rate]) -> tuple[Rate, ...]:
    if len(group) == 1:
        return (group[0],)
    if len({(rate.time_slot, rate.effective_from) for rate in group}) < len(group):
        raise ValueError(f"prefix {group[0].prefix} has two rates that begin at the same time")
    return tuple(sorted(group, key=lambda rate: rate.effective_from or _BEGINNING, reverse=True))
