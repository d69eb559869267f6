"""Volume discounts: which part of a call has which discount.

A discount has thresholds, ordered steps of volume ("0-100 min: 100 %, then 50 %"), counted in the service's unit or in
money; money means the price before any discount. Beyond the last finite threshold there is no discount.

Several discounts on one call go in the order given, each as its own combination says. One on its own (exclusive) takes
the call if it is the first with volume left, and no other joins it; behind others it waits until they have none left.
The rest join in: cumulative adds its percent to theirs, sequential takes it off what they leave. What is free already
uses no further discount. Where one reaches an edge the call is split, and the next part is looked at anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from itertools import pairwise

from billing.money import round_charge, round_to

UNIT_DIGITS = 3
PERCENT_DIGITS = 2
_FREE = Decimal(100)
_SMALLEST = Decimal(1).scaleb(-UNIT_DIGITS)


@dataclass(frozen=True, slots=True)
class Threshold:
    """Up to `upto` (None: without end) the price falls by `percent`; 100 is free."""

    upto: Decimal | None
    percent: Decimal

    def __post_init__(self) -> None:
        if self.upto is not None and not (self.upto.is_finite() and self.upto > 0):
            raise ValueError("a threshold is above zero")
        if not (self.percent.is_finite() and 0 <= self.percent <= 100):
            raise ValueError("a discount is 0 to 100 percent")


def step_at(used: Decimal, thresholds: Sequence[Threshold]) -> Threshold | None:
    """The step that the next unit falls in, None beyond the last."""
    return next((step for step in thresholds if step.upto is None or used < step.upto), None)


class Combination(StrEnum):
    """How a discount goes together with those before it on the same call."""

    EXCLUSIVE = "exclusive"
    CUMULATIVE = "cumulative"
    SEQUENTIAL = "sequential"


def together(before: Decimal, percent: Decimal, how: Combination) -> Decimal:
    """One percentage for what came `before` and one more: 20 and 50 are 70 when added, 60 one after the other."""
    if how is Combination.SEQUENTIAL:
        return before + (_FREE - before) * percent / 100
    return min(before + percent, _FREE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A discount that is for a call: `used` of its window has gone before, in units or, `in_money`, as an amount.

    `splits`: off, the whole call has one average discount. Raises ValueError for thresholds that do not rise.
    """

    plan: int
    thresholds: tuple[Threshold, ...]
    used: Decimal
    combination: Combination = Combination.EXCLUSIVE
    in_money: bool = False
    splits: bool = True

    def __post_init__(self) -> None:
        if self.used < 0:
            raise ValueError("volumes are zero or more")
        ends = [step.upto for step in self.thresholds]
        if None in ends[:-1]:
            raise ValueError("only the last threshold may be without end")
        if any(later <= earlier for earlier, later in pairwise(end for end in ends if end is not None)):
            raise ValueError("each threshold is above the one before")


@dataclass(frozen=True, slots=True)
class Given:
    """What one discount (its place among the offers) gave to a part: its own percent; `used` of it afterwards."""

    place: int
    percent: Decimal
    used: Decimal


@dataclass(frozen=True, slots=True)
class Part:
    """So many units of a call with one discount: `percent` in all takes `discount` off `full_amount` (5 decimals)."""

    units: Decimal
    percent: Decimal
    full_amount: Decimal
    discount: Decimal
    given: tuple[Given, ...]


def discounted(*, amount: Decimal, units: Decimal, offers: Sequence[Offer]) -> tuple[Part, ...]:
    """Share a call of `units` (3 decimals) that costs `amount` (5 decimals) out over the offers, best one first.

    The parts are in order and none is empty; their units and full amounts sum exactly to the call's. A call without
    units has no parts. Raises ValueError for a negative call.
    """
    if units < 0 or amount < 0:
        raise ValueError("volumes are zero or more")
    used = [offer.used for offer in offers]
    parts: list[Part] = []
    begin, cost = Decimal(0), Decimal(0)
    while begin < units:
        sharing = _sharing(offers, used)
        length = min([units - begin, *(_room(offers[place], used[place], units, amount) for place, _ in sharing)])
        begin += length
        full = round_charge(amount * begin / units) - cost
        cost += full
        for place, _percent in sharing:
            used[place] += full if offers[place].in_money else length
        parts.append(_part(offers, used, sharing, length, full))
    mixed = any(not offers[given.place].splits for part in parts for given in part.given)
    return (_averaged(parts),) if mixed and len(parts) > 1 else tuple(parts)


def _sharing(offers: Sequence[Offer], used: Sequence[Decimal]) -> list[tuple[int, Decimal]]:
    """The offers, by place and percent, that the next unit has."""
    found: list[tuple[int, Decimal]] = []
    percent = Decimal(0)
    for place, offer in enumerate(offers):
        step = step_at(used[place], offer.thresholds)
        alone = offer.combination is Combination.EXCLUSIVE
        if step is None or (alone and found):
            continue
        found.append((place, step.percent))
        percent = together(percent, step.percent, offer.combination)
        if alone or percent == _FREE:
            break
    return found


def _room(offer: Offer, used: Decimal, units: Decimal, amount: Decimal) -> Decimal:
    """How many units go into the step that `used` stands in, at least the smallest."""
    step = step_at(used, offer.thresholds)
    if step is None or step.upto is None or (offer.in_money and not amount):
        return units
    left = step.upto - used
    # Rounded up: an edge in money falls between two thousandths of a unit, and each part must take the call further.
    length = left * units / amount if offer.in_money else left
    return max(length.quantize(_SMALLEST, ROUND_CEILING), _SMALLEST)


def _part(
    offers: Sequence[Offer],
    used: Sequence[Decimal],
    sharing: Sequence[tuple[int, Decimal]],
    length: Decimal,
    full: Decimal,
) -> Part:
    percent = Decimal(0)
    for place, own in sharing:
        percent = together(percent, own, offers[place].combination)
    given = tuple(Given(place, own, used[place]) for place, own in sharing)
    return Part(length, percent, full, round_charge(full * percent / 100), given)


def _averaged(parts: Sequence[Part]) -> Part:
    """The parts as one, its discount weighted by units: 2 of 8 minutes free are 25 %."""
    units = sum((part.units for part in parts), Decimal(0))
    full = sum((part.full_amount for part in parts), Decimal(0))
    percent = sum((part.units * part.percent for part in parts), Decimal(0)) / units
    own: dict[int, Decimal] = {}
    last: dict[int, Decimal] = {}
    for part in parts:
        for given in part.given:
            own[given.place] = own.get(given.place, Decimal(0)) + part.units * given.percent
            last[given.place] = given.used
    shares = (Given(place, round_to(own[place] / units, PERCENT_DIGITS), last[place]) for place in sorted(own))
    return Part(units, round_to(percent, PERCENT_DIGITS), full, round_charge(full * percent / 100), tuple(shares))
