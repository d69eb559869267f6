"""What one call costs, and why.

The rules, in order: a call of 0 seconds costs nothing. The connect fee is due once for any longer call. Free
seconds are taken from the start of the call. What is left is billed as one first interval in full, then in
next intervals, each begun one in full; prices are per minute. If the sum is below the minimum charge, the
minimum charge is taken. The result is rounded half up to 5 decimals. The rate is the one in force, and of the
time slot, when the call started, however long it lasts: the caller can know the price when he dials.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from billing.money import round_charge, round_to

from .tariff import Rate, Tariff

_MINUTE = Decimal(60)


class StepKind(StrEnum):
    """The kinds of step in the explanation of a price."""

    NOT_CONNECTED = "not_connected"
    CONNECT_FEE = "connect_fee"
    FREE_SECONDS = "free_seconds"
    FIRST_INTERVAL = "first_interval"
    NEXT_INTERVALS = "next_intervals"
    MINIMUM_CHARGE = "minimum_charge"
    ROUNDING = "rounding"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of "why this price": `seconds` at `price` (per minute) make `amount`."""

    kind: StepKind
    amount: Decimal
    seconds: int = 0
    price: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Charge:
    """The price of a call: amount in the tariff's currency (5 decimals); the steps sum exactly to it.

    `charged_seconds`: after free seconds and rounding up to intervals; `connect_fee`: as applied.
    """

    amount: Decimal
    charged_seconds: int
    rate: Rate
    connect_fee: Decimal
    on_net: bool
    steps: tuple[Step, ...]


def in_charge_digits(steps: Sequence[Step]) -> tuple[Step, ...]:
    """The steps with amounts of 5 decimals that still sum exactly to the whole; rounding is no step of its own then."""
    shown: list[Step] = []
    before, whole = Decimal(0), Decimal(0)
    for step in steps:
        if step.kind is StepKind.ROUNDING:
            continue
        whole += step.amount
        shown.append(replace(step, amount=_rounded(whole) - before))
        before = _rounded(whole)
    return tuple(shown)


class UnratedReason(StrEnum):
    """Why a call has no price."""

    NO_NUMBER = "no_number"
    NO_RATE = "no_rate"
    NO_ON_NET_RATE = "no_on_net_rate"


@dataclass(frozen=True, slots=True)
class Unrated:
    """A call nobody set a price for; it must be looked at, never given away or guessed."""

    reason: UnratedReason
    cld: str


def rate_call(
    tariff: Tariff, *, cld: str, started_at: datetime, seconds: int, on_net: bool = False
) -> Charge | Unrated:
    """Price a call to `cld` (E.164 digits, "+" allowed) that lasted so many billable seconds.

    Calls inside the company (`on_net`) take the tariff's on-net rate, whatever was dialled. Raises ValueError
    for negative seconds or a `started_at` without time zone.
    """
    if seconds < 0:
        raise ValueError("a call cannot last less than no time")
    if started_at.tzinfo is None:
        raise ValueError("started_at carries a time zone")
    if on_net:
        if tariff.on_net is None or not tariff.on_net.holds_at(started_at):
            return Unrated(UnratedReason.NO_ON_NET_RATE, cld)
        return price(tariff.on_net, seconds=seconds, on_net=True)
    digits = cld.removeprefix("+")
    if not (digits.isascii() and digits.isdigit()):
        return Unrated(UnratedReason.NO_NUMBER, cld)
    rate = tariff.find(digits, started_at)
    return price(rate, seconds=seconds) if rate else Unrated(UnratedReason.NO_RATE, cld)


def price(rate: Rate, *, seconds: int, on_net: bool = False) -> Charge:
    """Price so many seconds (0 or more) at a known rate."""
    if not seconds:
        return Charge(
            amount=round_charge(Decimal(0)),
            charged_seconds=0,
            rate=rate,
            connect_fee=Decimal(0),
            on_net=on_net,
            steps=(Step(StepKind.NOT_CONNECTED, Decimal(0)),),
        )
    steps = [*_connect_steps(rate, seconds), *_interval_steps(rate, seconds)]
    steps += _closing_steps(rate, _total(steps))
    return Charge(
        amount=_rounded(_total(steps)),
        charged_seconds=sum(step.seconds for step in steps if step.kind is not StepKind.FREE_SECONDS),
        rate=rate,
        connect_fee=rate.connect_fee,
        on_net=on_net,
        steps=tuple(steps),
    )


def _connect_steps(rate: Rate, seconds: int) -> list[Step]:
    steps = []
    if rate.connect_fee:
        steps.append(Step(StepKind.CONNECT_FEE, rate.connect_fee))
    if rate.free_seconds:
        steps.append(Step(StepKind.FREE_SECONDS, Decimal(0), min(seconds, rate.free_seconds)))
    return steps


def _interval_steps(rate: Rate, seconds: int) -> list[Step]:
    chargeable = seconds - rate.free_seconds
    if chargeable <= 0:
        return []
    first = rate.first_interval
    steps = [_interval(StepKind.FIRST_INTERVAL, first, rate.price_first)]
    rest = _round_up(chargeable - first, rate.next_interval)
    if rest:
        steps.append(_interval(StepKind.NEXT_INTERVALS, rest, rate.price_next))
    return steps


def _closing_steps(rate: Rate, total: Decimal) -> list[Step]:
    steps = []
    if total < rate.minimum_charge:
        steps.append(Step(StepKind.MINIMUM_CHARGE, rate.minimum_charge - total))
        total = rate.minimum_charge
    difference = _rounded(total) - total
    if difference:
        steps.append(Step(StepKind.ROUNDING, difference))
    return steps


def _interval(kind: StepKind, seconds: int, price_per_minute: Decimal) -> Step:
    return Step(kind, price_per_minute * seconds / _MINUTE, seconds, price_per_minute)


def _rounded(total: Decimal) -> Decimal:
    # A sixtieth of a price may have no end; without this, two halves of a half could sum to just under it.
    return round_charge(round_to(total, 20))


def _round_up(seconds: int, interval: int) -> int:
    return -(-seconds // interval) * interval if seconds > 0 else 0


def _total(steps: list[Step]) -> Decimal:
    return sum((step.amount for step in steps), Decimal(0))
