"""Rounding, minor units and taxed amounts: the only module that rounds money.

Everything is `Decimal`; a float is refused. Halves are rounded away from zero ("half up", what invoices and
tax offices expect; never banker's rounding). Charges of single calls keep 5 decimals and are rounded to the
currency once, on the invoice line.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from math import lcm
from typing import Self

from babel.numbers import get_currency_precision

CHARGE_DIGITS = 5

_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)

# CLDR, which Babel carries, gives the digits people still write; for these currencies ISO 4217 (what banks
# and payment providers count in) says otherwise.
_ISO_4217_DIGITS = dict.fromkeys(
    ("AFN", "ALL", "IRR", "KPW", "LAK", "LBP", "MGA", "MMK", "RSD", "SOS", "SYP", "YER"), 2
) | {"IQD": 3}


def minor_digits(currency: str) -> int:
    """Return how many decimals the currency (ISO 4217 code) has: 0 for JPY, 2 for EUR, 3 for BHD."""
    if len(currency) != 3 or not currency.isascii() or not currency.isupper():
        raise ValueError(f"{currency!r} is not an ISO 4217 currency code")
    return _ISO_4217_DIGITS.get(currency, get_currency_precision(currency))


def round_to(amount: Decimal, digits: int) -> Decimal:
    """Round half up to a number of decimals; raises TypeError for anything but a finite Decimal."""
    if not isinstance(amount, Decimal):
        raise TypeError(f"money is Decimal, not {type(amount).__name__}")
    if not amount.is_finite():
        raise ValueError("money must be a finite number")
    rounded = amount.quantize(Decimal(1).scaleb(-digits), context=_EXACT)
    return rounded if rounded else abs(rounded)  # no "-0.00" on a bill


def round_money(amount: Decimal, currency: str) -> Decimal:
    """Round half up to the digits of the currency: 0.125 EUR is 0.13, -0.125 EUR is -0.13."""
    return round_to(amount, minor_digits(currency))


def round_charge(amount: Decimal) -> Decimal:
    """Round half up to the 5 decimals an xDR keeps."""
    return round_to(amount, CHARGE_DIGITS)


def to_minor(amount: Decimal, currency: str) -> int:
    """Return the amount in minor units (cents); raises ValueError if it has more digits than the currency."""
    exact = round_money(amount, currency)
    if exact != amount:
        raise ValueError(f"{amount} has more decimals than {currency}")
    return int(exact.scaleb(minor_digits(currency), context=_EXACT))


def from_minor(minor: int, currency: str) -> Decimal:
    """Return the amount of a whole number of minor units: 1234, "EUR" is 12.34."""
    return Decimal(minor).scaleb(-minor_digits(currency), context=_EXACT)


def split_to(amount: Decimal, weights: Sequence[Decimal | int], digits: int) -> tuple[Decimal, ...]:
    """Split an amount by weights into parts of so many decimals that sum exactly to it.

    Largest remainder: every part is cut down first, then the units left go to the parts that lost most, the
    earlier part first. Raises ValueError for weights that are negative, all zero or none, and for an amount
    with more decimals than the parts.
    """
    if round_to(amount, digits) != amount:
        raise ValueError(f"{amount} has more than {digits} decimals")
    if not weights or min(weights) < 0 or not any(weights):
        raise ValueError("the weights must be zero or more, and one of them positive")
    with localcontext(_EXACT):
        units = int(abs(amount).scaleb(digits))
        shares = _share_units(units, [Decimal(weight) for weight in weights])
        sign = -1 if amount < 0 else 1
        return tuple(Decimal(sign * share).scaleb(-digits) for share in shares)


def split(amount: Decimal, weights: Sequence[Decimal | int], currency: str) -> tuple[Decimal, ...]:
    """Split an amount of money by weights so that the parts sum exactly to it; see `split_to`."""
    return split_to(amount, weights, minor_digits(currency))


def _share_units(units: int, weights: list[Decimal]) -> list[int]:
    numerators = _as_integers(weights)
    total = sum(numerators)
    shares = [units * numerator // total for numerator in numerators]
    remainders = [units * numerator % total for numerator in numerators]
    by_loss = sorted(range(len(shares)), key=lambda index: (-remainders[index], index))
    for index in by_loss[: units - sum(shares)]:
        shares[index] += 1
    return shares


def _as_integers(weights: list[Decimal]) -> list[int]:
    """Scale weights to whole numbers, so that dividing by them loses nothing."""
    ratios = [weight.as_integer_ratio() for weight in weights]
    common = lcm(*(denominator for _, denominator in ratios))
    return [numerator * (common // denominator) for numerator, denominator in ratios]


@dataclass(frozen=True, slots=True)
class TaxedAmount:
    """An amount without tax, its tax and their sum, in one currency; raises ValueError if they do not add up.

    `rate` is in percent: Decimal("19") is 19 %.
    """

    net: Decimal
    tax: Decimal
    gross: Decimal
    rate: Decimal
    currency: str

    def __post_init__(self) -> None:
        for amount in (self.net, self.tax, self.gross):
            if round_money(amount, self.currency) != amount:
                raise ValueError(f"{amount} has more decimals than {self.currency}")
        if not isinstance(self.rate, Decimal) or not self.rate.is_finite() or self.rate < 0:
            raise ValueError(f"a tax rate is a Decimal of zero or more percent, not {self.rate!r}")
        if _EXACT.add(self.net, self.tax) != self.gross:
            raise ValueError(f"net {self.net} + tax {self.tax} is not gross {self.gross}")

    @classmethod
    def from_net(cls, net: Decimal, *, rate: Decimal, currency: str) -> Self:
        """Add tax of `rate` percent to an amount without tax."""
        rounded = round_money(net, currency)
        tax = round_money(_EXACT.divide(_EXACT.multiply(rounded, rate), Decimal(100)), currency)
        return cls(net=rounded, tax=tax, gross=_EXACT.add(rounded, tax), rate=rate, currency=currency)

    @classmethod
    def from_gross(cls, gross: Decimal, *, rate: Decimal, currency: str) -> Self:
        """Take the tax of `rate` percent out of an amount that contains it."""
        rounded = round_money(gross, currency)
        share = _EXACT.divide(_EXACT.multiply(rounded, rate), _EXACT.add(Decimal(100), rate))
        tax = round_money(share, currency)
        return cls(net=_EXACT.subtract(rounded, tax), tax=tax, gross=rounded, rate=rate, currency=currency)
