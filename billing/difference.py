"""Why one bill is higher than another: parts that add up to the difference, each with what is behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from billing.money import round_money

ZERO = Decimal(0)
MOST = 5


@dataclass(frozen=True, slots=True)
class Figure:
    """What was charged for one thing on a bill: `amount` as exact as it is known, `quantity` in the thing's unit."""

    amount: Decimal = ZERO
    transactions: int = 0
    quantity: Decimal = ZERO


NOTHING = Figure()


@dataclass(frozen=True, slots=True)
class Change:
    """One thing on two bills; `amount` is the difference in money, rounded as it is shown."""

    key: Any
    amount: Decimal
    before: Figure = NOTHING
    now: Figure = NOTHING

    @property
    def is_new(self) -> bool:
        return self.before == NOTHING

    @property
    def is_gone(self) -> bool:
        return self.now == NOTHING


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The largest changes behind a part and the `rest`, which together are the part's amount to the cent."""

    changes: tuple[Change, ...]
    rest: Decimal


@dataclass(frozen=True, slots=True)
class Part:
    """What one service, or the tax, adds to the difference; `breakdowns` show it from several sides, by name."""

    change: Change
    breakdowns: Mapping[str, Breakdown] = field(default_factory=dict)


def changes(before: Mapping[Any, Figure], now: Mapping[Any, Figure], *, currency: str) -> list[Change]:
    """Every key of two bills with its difference, the largest first; amounts are rounded to the currency."""
    found = []
    for key in [*now, *(key for key in before if key not in now)]:
        old, new = before.get(key, NOTHING), now.get(key, NOTHING)
        found.append(Change(key, round_money(new.amount - old.amount, currency), old, new))
    return sorted(found, key=lambda change: -abs(change.amount))


def breakdown(of: Decimal, found: Iterable[Change], *, most: int = MOST) -> Breakdown:
    """The largest of these changes, and what is left of the amount that they explain."""
    shown = tuple(change for change in found if change.amount)[:most]
    return Breakdown(shown, of - sum((change.amount for change in shown), ZERO))
