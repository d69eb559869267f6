"""Why a charge is what it is: the steps of its price, the discounts that came off, the tax, and their sum.

The explanation is made again from what was kept at booking, never from today's prices. It is given only if it adds up
to the booked row to the last decimal; else nothing is claimed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from .pieces import BookedPiece
from .rate import Charge, Step, in_charge_digits, price
from .tariff import Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """What the ledger says of a call: `seconds` talked, seconds charged, amounts with 5 decimals.

    `amount` is what is owed in the end: without `discount`, with `tax`.
    """

    seconds: int
    charged_seconds: int
    amount: Decimal
    discount: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True)
class Explanation:
    """The price before discounts with its steps, the discounted pieces, and the tax."""

    charge: Charge
    pieces: tuple[BookedPiece, ...]
    tax: Decimal

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps of the price before discounts, with 5 decimals each."""
        return in_charge_digits(self.charge.steps)

    @property
    def discount(self) -> Decimal:
        """What all discounts took off."""
        return sum((piece.discount for piece in self.pieces), Decimal(0))

    @property
    def amount(self) -> Decimal:
        """The sum of all lines."""
        return self.charge.amount - self.discount + self.tax


def explain(booked: Booked, *, rate: Rate, on_net: bool, pieces: Sequence[BookedPiece]) -> Explanation | None:
    """The explanation of a booked call at the rate that was kept for it, or None where they do not agree."""
    charge = price(rate, seconds=booked.seconds, on_net=on_net)
    found = Explanation(charge, tuple(pieces), booked.tax)
    parts = sum((piece.full_amount for piece in pieces), Decimal(0)) if pieces else charge.amount
    agrees = (
        charge.charged_seconds == booked.charged_seconds
        and parts == charge.amount
        and found.discount == booked.discount
        and found.amount == booked.amount
    )
    return found if agrees else None
