import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rating.tariff import Rate, Tariff, TimeSlot

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


VALID: dict[str, object] = {
    "prefix": "49",
    "destination": "Germany",
    "price_first": Decimal("0.10"),
    "price_next": Decimal("0.10"),
}


def rate(prefix: str, price: str = "0.10", **more: object) -> Rate:
    values: dict[str, object] = {
        "prefix": prefix,
        "destination": f"to {prefix}",
        "price_first": Decimal(price),
        "price_next": Decimal(price),
    }
    return Rate(**(values | more))  # type: ignore[arg-type]


def tariff(*rates: Rate) -> Tariff:
    return Tariff(currency="EUR", rates=rates)


@pytest.mark.parametrize(
    ("number", "prefix"),
    [
        ("4930123456", "4930"),
        ("+4930123456", "4930"),
        ("4915112345", "49"),
        ("49", "49"),
        ("4", None),
        ("331", None),
        ("", None),
    ],
)
def test_the_longest_prefix_wins(number: str, prefix: str | None) -> None:
    found = tariff(rate("49"), rate("4930"), rate("493012345678")).find(number, NOON)
    assert (found.prefix if found else None) == prefix


def test_a_rate_holds_from_its_start_until_just_before_its_end() -> None:
    end = NOON + timedelta(hours=1)
    limited = tariff(rate("49", effective_from=NOON, effective_to=end))
    assert limited.find("4930", NOON)
    assert limited.find("4930", end - timedelta(microseconds=1))
    assert limited.find("4930", NOON - timedelta(microseconds=1)) is None
    assert limited.find("4930", end) is None


def test_a_longer_prefix_out_of_force_gives_way_to_a_shorter_one() -> None:
    found = tariff(rate("49"), rate("4930", effective_to=NOON)).find("49301", NOON)
    assert found is not None
    assert found.prefix == "49"


def test_the_rate_that_began_later_wins_when_the_old_end_was_left_open() -> None:
    old, new = rate("49", "0.10"), rate("49", "0.20", effective_from=NOON)
    for order in ((old, new), (new, old)):
        assert tariff(*order).find("49", NOON) == new
        assert tariff(*order).find("49", NOON - timedelta(seconds=1)) == old


def test_peak_and_off_peak_rates_follow_the_schedule() -> None:
    peak, off_peak = rate("49", time_slot=TimeSlot.PEAK), rate("49", time_slot=TimeSlot.OFF_PEAK)
    flat = rate("33")

    def slot_at(moment: datetime) -> TimeSlot:
        return TimeSlot.PEAK if 8 <= moment.hour < 18 else TimeSlot.OFF_PEAK

    both = Tariff(currency="EUR", rates=(flat, off_peak, peak), slot_at=slot_at)
    assert both.find("4930", NOON) == peak
    assert both.find("4930", NOON.replace(hour=20)) == off_peak
    assert both.find("331", NOON) == flat


NIGHT, SUNDAY = NOON.replace(hour=3), NOON - timedelta(days=1)


def slot_by_clock(moment: datetime) -> TimeSlot:
    """Nights are off-peak, Sundays the second off-peak."""
    if moment.isoweekday() == 7:
        return TimeSlot.SECOND_OFF_PEAK
    return TimeSlot.PEAK if 8 <= moment.hour < 18 else TimeSlot.OFF_PEAK


@pytest.mark.parametrize(
    ("slots", "at", "found"),
    [
        ("peak off_peak off_peak_2", NOON, "peak"),
        ("peak off_peak off_peak_2", NIGHT, "off_peak"),
        ("peak off_peak off_peak_2", SUNDAY, "off_peak_2"),
        ("peak off_peak", SUNDAY, "off_peak"),
        ("peak flat", NIGHT, "flat"),
        ("peak flat", SUNDAY, "flat"),
        ("off_peak_2 flat", NIGHT, "flat"),
        ("flat", SUNDAY, "flat"),
        ("peak", NIGHT, None),
        ("off_peak", NOON, None),
        ("off_peak_2", NIGHT, None),
    ],
)
def test_whose_price_holds_in_a_slot(slots: str, at: datetime, found: str | None) -> None:
    """Without a price for the slot nobody is charged by the shorter prefix: it would be another network's price."""
    rates = [rate("4915", time_slot=TimeSlot(slot)) for slot in slots.split()]
    one = Tariff(currency="EUR", rates=(rate("49"), *rates), slot_at=slot_by_clock)
    got = one.find("4915112345", at)
    assert (got.time_slot if got else None) == found
    if got:
        assert got.prefix == "4915"


def test_the_newer_rate_wins_within_its_slot_only() -> None:
    old = rate("49", "0.10", time_slot=TimeSlot.PEAK)
    new = rate("49", "0.20", time_slot=TimeSlot.PEAK, effective_from=NOON)
    flat = rate("49", "0.30", effective_from=NOON + timedelta(hours=1))
    both = Tariff(currency="EUR", rates=(flat, new, old), slot_at=slot_by_clock)
    assert both.find("49", NOON - timedelta(seconds=1)) == old
    assert both.find("49", NOON) == new
    assert both.find("49", NOON + timedelta(hours=2)) == new
    assert both.find("49", NOON + timedelta(hours=9)) == flat


@pytest.mark.parametrize(
    "bad",
    [
        {"prefix": "49x"},
        {"prefix": "٤٩"},
        {"price_first": Decimal(-1)},
        {"price_next": 0.1},
        {"connect_fee": Decimal("NaN")},
        {"first_interval": 0},
        {"next_interval": -1},
        {"free_seconds": -1},
        {"effective_from": datetime(2026, 1, 1)},  # noqa: DTZ001
        {"effective_from": NOON, "effective_to": NOON},
    ],
)
def test_impossible_rates_are_refused(bad: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Rate(**(VALID | bad))  # type: ignore[arg-type]


def test_impossible_tariffs_are_refused() -> None:
    with pytest.raises(ValueError, match="same time"):
        tariff(rate("49", "0.1"), rate("49", "0.2"))
    with pytest.raises(ValueError, match="no prefix"):
        tariff(rate(""))
    with pytest.raises(ValueError, match="schedule"):
        tariff(rate("49", time_slot=TimeSlot.PEAK))


prefixes = st.text("123", min_size=1, max_size=5)
days = st.one_of(st.none(), st.integers(-5, 5).map(lambda days: NOON + timedelta(days=days)))


@given(st.dictionaries(prefixes, st.tuples(days, days), max_size=30), st.text("123", max_size=8))
def test_the_search_equals_a_brute_force_search(
    spans: dict[str, tuple[datetime | None, datetime | None]], number: str
) -> None:
    rates = [
        rate(prefix, effective_from=start, effective_to=end)
        for prefix, (start, end) in spans.items()
        if start is None or end is None or start < end
    ]
    matching = [one for one in rates if number.startswith(one.prefix) and one.holds_at(NOON)]
    expected = max(matching, key=lambda one: len(one.prefix), default=None)
    assert tariff(*rates).find(number, NOON) == expected


def test_a_large_tariff_is_searched_fast_enough_for_bulk_import() -> None:
    large = tariff(*(rate(str(prefix)) for prefix in range(10_000, 60_000)))
    began = time.perf_counter()
    for number in range(20_000):
        large.find(f"4{number:05}7777777", NOON)
    assert time.perf_counter() - began < 2
