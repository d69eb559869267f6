from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rating.rate import Charge, StepKind, Unrated, UnratedReason, price, rate_call
from billing.rating.tariff import Rate, Tariff, TimeSlot
from tests.billing.rating.many import many

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
BERLIN = Rate(prefix="4930", destination="Berlin", price_first=Decimal("0.06"), price_next=Decimal("0.06"))


def rate(**values: object) -> Rate:
    basis: dict[str, object] = {
        "prefix": "49",
        "destination": "Germany",
        "price_first": Decimal("0.60"),
        "price_next": Decimal("0.30"),
    }
    return Rate(**(basis | values))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rule", "terms", "seconds", "amount", "charged"),
    [
        ("no time costs nothing, not even the fee", {"connect_fee": Decimal("0.05")}, 0, "0", 0),
        ("a begun first interval is due in full", {}, 1, "0.60", 60),
        ("the first interval ends with its last second", {}, 60, "0.60", 60),
        ("then next intervals, at their price", {}, 61, "0.90", 120),
        ("30/6", {"first_interval": 30, "next_interval": 6}, 31, "0.33", 36),
        ("1/1 charges to the second", {"first_interval": 1, "next_interval": 1}, 11, "0.06", 11),
        ("the connect fee is due once", {"connect_fee": Decimal("0.05")}, 61, "0.95", 120),
        ("free seconds come off the start", {"free_seconds": 10}, 70, "0.60", 60),
        ("within the free seconds only the fee is due",
         {"free_seconds": 10, "connect_fee": Decimal("0.05")}, 10, "0.05", 0),
        ("a small call is lifted to the minimum", {"minimum_charge": Decimal("0.75")}, 5, "0.75", 60),
        ("a large call is not", {"minimum_charge": Decimal("0.75")}, 100, "0.90", 120),
        ("five decimals, half up",
         {"price_first": Decimal("0.0001"), "first_interval": 3}, 3, "0.00001", 3),
    ],
)  # fmt: skip
def test_each_rule(rule: str, terms: dict[str, object], seconds: int, amount: str, charged: int) -> None:
    charge = price(rate(**terms), seconds=seconds)
    assert (charge.amount, charge.charged_seconds) == (Decimal(amount), charged), rule
    assert charge.amount.as_tuple().exponent == -5


def test_the_steps_say_why() -> None:
    terms = rate(connect_fee=Decimal("0.05"), free_seconds=10, minimum_charge=Decimal("2"))
    charge = price(terms, seconds=100)
    assert [(step.kind, step.seconds, step.amount) for step in charge.steps] == [
        (StepKind.CONNECT_FEE, 0, Decimal("0.05")),
        (StepKind.FREE_SECONDS, 10, Decimal("0")),
        (StepKind.FIRST_INTERVAL, 60, Decimal("0.60")),
        (StepKind.NEXT_INTERVALS, 60, Decimal("0.30")),
        (StepKind.MINIMUM_CHARGE, 0, Decimal("1.05")),
    ]
    assert charge.connect_fee == Decimal("0.05")


def test_a_call_takes_the_rate_of_its_longest_prefix_when_it_started() -> None:
    tariff = Tariff(currency="EUR", rates=(rate(effective_to=NOON), BERLIN))
    before = NOON - timedelta(seconds=1)
    charge = rate_call(tariff, cld="+49 89".replace(" ", ""), started_at=before, seconds=3600)
    assert isinstance(charge, Charge)
    assert charge.rate.destination == "Germany"
    charge = rate_call(tariff, cld="4930555", started_at=NOON, seconds=60)
    assert isinstance(charge, Charge)
    assert charge.rate == BERLIN


@pytest.mark.parametrize(
    ("cld", "on_net", "reason"),
    [
        ("33155", False, UnratedReason.NO_RATE),
        ("", False, UnratedReason.NO_NUMBER),
        ("sip:bob", False, UnratedReason.NO_NUMBER),
        ("*97", False, UnratedReason.NO_NUMBER),
        ("4930555", True, UnratedReason.NO_ON_NET_RATE),
    ],
)
def test_a_call_without_a_rate_says_so(cld: str, on_net: bool, reason: UnratedReason) -> None:
    tariff = Tariff(currency="EUR", rates=(rate(),))
    assert rate_call(tariff, cld=cld, started_at=NOON, seconds=10, on_net=on_net) == Unrated(reason, cld)


def test_calls_inside_the_company_have_their_own_rate() -> None:
    inside = rate(prefix="", destination="On-net", price_first=Decimal(0), price_next=Decimal(0))
    tariff = Tariff(currency="EUR", rates=(rate(),), on_net=inside)
    charge = rate_call(tariff, cld="112", started_at=NOON, seconds=500, on_net=True)
    assert isinstance(charge, Charge)
    assert (charge.amount, charge.rate, charge.on_net) == (Decimal(0), inside, True)


def test_a_call_over_the_edge_of_a_time_slot_keeps_the_rate_it_began_with() -> None:
    peak = rate(time_slot=TimeSlot.PEAK)
    off_peak = rate(time_slot=TimeSlot.OFF_PEAK, price_first=Decimal("0.10"), price_next=Decimal("0.10"))
    tariff = Tariff(
        currency="EUR",
        rates=(peak, off_peak),
        slot_at=lambda moment: TimeSlot.PEAK if moment < NOON else TimeSlot.OFF_PEAK,
    )
    before = rate_call(tariff, cld="4930", started_at=NOON - timedelta(seconds=1), seconds=3600)
    after = rate_call(tariff, cld="4930", started_at=NOON, seconds=3600)
    assert isinstance(before, Charge)
    assert isinstance(after, Charge)
    assert (before.amount, after.amount) == (Decimal("18.3"), Decimal(6))


def test_impossible_calls_are_refused() -> None:
    tariff = Tariff(currency="EUR", rates=(rate(),))
    with pytest.raises(ValueError, match="less than no time"):
        rate_call(tariff, cld="49", started_at=NOON, seconds=-1)
    with pytest.raises(ValueError, match="time zone"):
        rate_call(tariff, cld="49", started_at=NOON.replace(tzinfo=None), seconds=1)


durations = st.integers(0, 20_000)
prices = st.decimals(0, 10, places=6)
rates = st.builds(
    rate,
    price_first=prices,
    price_next=prices,
    connect_fee=prices,
    minimum_charge=prices,
    free_seconds=st.integers(0, 120),
    first_interval=st.integers(1, 120),
    next_interval=st.integers(1, 120),
)


@many
@given(st.integers(1, 10**6), st.integers(1, 59), durations)
def test_thirds_of_a_price_are_summed_before_rounding(micro: int, first: int, seconds: int) -> None:
    terms = rate(
        price_first=Decimal(micro).scaleb(-6),
        price_next=Decimal(micro).scaleb(-6),
        first_interval=first,
        next_interval=1,
    )
    charge = price(terms, seconds=seconds)
    twice = Fraction(micro * charge.charged_seconds * 2, 60 * 10)  # in hundred-thousandths, doubled
    assert charge.amount == Decimal((floor(twice) + 1) // 2).scaleb(-5)


@many
@given(rates, durations, durations)
def test_a_longer_call_never_costs_less(terms: Rate, one: int, other: int) -> None:
    shorter, longer = sorted((one, other))
    assert price(terms, seconds=shorter).amount <= price(terms, seconds=longer).amount


@many
@given(rates, durations)
def test_the_steps_sum_to_the_amount(terms: Rate, seconds: int) -> None:
    charge = price(terms, seconds=seconds)
    assert sum(step.amount for step in charge.steps) == charge.amount
    assert charge.charged_seconds >= seconds - terms.free_seconds
