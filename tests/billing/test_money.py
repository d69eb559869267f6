from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.money import (
    TaxedAmount,
    from_minor,
    minor_digits,
    round_charge,
    round_money,
    split,
    to_minor,
)

currencies = st.sampled_from(["JPY", "EUR", "USD", "BHD", "KWD", "CLF"])
minors = st.integers(-(10**15), 10**15)
rates = st.decimals(0, 100, places=3)


@pytest.mark.parametrize(
    ("currency", "digits"),
    [("EUR", 2), ("JPY", 0), ("BHD", 3), ("HUF", 2), ("CLF", 4), ("IQD", 3), ("RSD", 2), ("UGX", 0)],
)
def test_digits_are_those_of_iso_4217(currency: str, digits: int) -> None:
    assert minor_digits(currency) == digits


@pytest.mark.parametrize("currency", ["", "eur", "EURO", "€€€"])
def test_what_is_no_currency_code_is_refused(currency: str) -> None:
    with pytest.raises(ValueError, match="ISO 4217"):
        minor_digits(currency)


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [
        ("0.125", "EUR", "0.13"),
        ("0.135", "EUR", "0.14"),
        ("-0.125", "EUR", "-0.13"),
        ("0.124999", "EUR", "0.12"),
        ("2.5", "JPY", "3"),
        ("-0.001", "EUR", "0.00"),
        ("1.0005", "BHD", "1.001"),
    ],
)
def test_halves_are_rounded_up(amount: str, currency: str, rounded: str) -> None:
    assert str(round_money(Decimal(amount), currency)) == rounded


def test_a_charge_keeps_five_decimals() -> None:
    assert str(round_charge(Decimal("0.123455"))) == "0.12346"


def test_floats_and_infinities_are_refused() -> None:
    with pytest.raises(TypeError):
        round_money(0.1, "EUR")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="finite"):
        round_money(Decimal("NaN"), "EUR")


def test_minor_units_refuse_to_lose_digits() -> None:
    assert to_minor(Decimal("12.34"), "EUR") == 1234
    with pytest.raises(ValueError, match="more decimals"):
        to_minor(Decimal("12.345"), "EUR")


@given(minors, currencies)
def test_minor_units_come_back(minor: int, currency: str) -> None:
    amount = from_minor(minor, currency)
    assert to_minor(amount, currency) == minor
    assert round_money(amount, currency) == amount


def test_the_leftover_cent_goes_to_the_part_that_lost_most() -> None:
    assert split(Decimal("1.00"), [1, 1, 1], "EUR") == (Decimal("0.34"), Decimal("0.33"), Decimal("0.33"))
    assert split(Decimal("0.05"), [1, 2], "EUR") == (Decimal("0.02"), Decimal("0.03"))


weights = st.lists(st.decimals(0, 10**6, places=4), min_size=1, max_size=12).filter(any)


@given(minors, weights, currencies)
def test_parts_sum_to_the_whole_and_stay_within_a_unit(minor: int, weights: list[Decimal], currency: str) -> None:
    amount = from_minor(minor, currency)
    parts = split(amount, weights, currency)
    assert sum(parts) == amount
    unit = from_minor(1, currency)
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - amount * weight / sum(weights)) < unit + Decimal("1e-9")
        assert weight or not part


@pytest.mark.parametrize("bad", [[], [0, 0], [1, -1]])
def test_weights_that_cannot_share_are_refused(bad: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        split(Decimal("1.00"), bad, "EUR")


@given(minors, rates, currencies)
def test_net_and_tax_are_gross(minor: int, rate: Decimal, currency: str) -> None:
    amount = from_minor(minor, currency)
    onto = TaxedAmount.from_net(amount, rate=rate, currency=currency)
    out_of = TaxedAmount.from_gross(amount, rate=rate, currency=currency)
    assert onto.net + onto.tax == onto.gross
    assert out_of.net + out_of.tax == out_of.gross == amount
    unit = from_minor(1, currency)
    assert abs(out_of.net * (100 + rate) / 100 - amount) <= 2 * unit


def test_tax_is_taken_from_examples() -> None:
    assert TaxedAmount.from_net(Decimal("92.20"), rate=Decimal("19"), currency="EUR").gross == Decimal("109.72")
    assert TaxedAmount.from_gross(Decimal("119"), rate=Decimal("19"), currency="EUR").net == Decimal("100.00")


def test_amounts_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(ValueError, match="is not gross"):
        TaxedAmount(Decimal("1.00"), Decimal("0.19"), Decimal("1.20"), Decimal("19"), "EUR")
    with pytest.raises(ValueError, match="decimals"):
        TaxedAmount(Decimal("1.001"), Decimal("0"), Decimal("1.001"), Decimal("0"), "EUR")
    with pytest.raises(ValueError, match="percent"):
        TaxedAmount.from_net(Decimal("1.00"), rate=Decimal("-1"), currency="EUR")
