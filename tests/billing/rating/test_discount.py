from datetime import UTC, datetime, timedelta
from decimal import Decimal as D
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from billing.rating.discount import (
    Combination,
    Piece,
    Reset,
    Threshold,
    Window,
    average_percent,
    combine_percents,
    discount_amount,
    reset_window,
    roll_over,
    split_over_thresholds,
)
from tests.billing.rating.many import many

PLAN = (Threshold(D(100), D(100)), Threshold(D(200), D(50)))
ENDLESS = (Threshold(D(100), D(100)), Threshold(None, D(50)))


@pytest.mark.parametrize(
    ("used", "units", "plan", "pieces"),
    [
        (0, 40, PLAN, [(40, 100)]),
        (0, 100, PLAN, [(100, 100)]),
        (90, 20, PLAN, [(10, 100), (10, 50)]),
        (100, 20, PLAN, [(20, 50)]),
        (90, 200, PLAN, [(10, 100), (100, 50), (90, 0)]),
        (500, 5, PLAN, [(5, 0)]),
        (500, 5, ENDLESS, [(5, 50)]),
        (0, 0, PLAN, []),
        (0, 7, (), [(7, 0)]),
    ],
)
def test_a_call_is_split_where_it_crosses_an_edge(
    used: int, units: int, plan: tuple[Threshold, ...], pieces: list[tuple[int, int]]
) -> None:
    found = split_over_thresholds(used=D(used), units=D(units), thresholds=plan)
    assert found == tuple(Piece(D(units), D(percent)) for units, percent in pieces)


def test_each_piece_is_discounted_by_its_own_percent() -> None:
    pieces = split_over_thresholds(used=D(90), units=D(30), thresholds=PLAN)
    found = discount_amount(D("0.10000"), pieces)
    assert [(piece.full_amount, piece.discount, piece.amount) for piece in found] == [
        (D("0.03333"), D("0.03333"), D("0.00000")),
        (D("0.06667"), D("0.03334"), D("0.03333")),
    ]


def test_one_xdr_takes_the_average_percent() -> None:
    assert average_percent((Piece(D(2), D(100)), Piece(D(6), D(0)))) == 25
    assert average_percent(()) == 0


@pytest.mark.parametrize(
    ("how", "percents", "total"),
    [
        (Combination.EXCLUSIVE, [D(20), D(50)], 20),
        (Combination.CUMULATIVE, [D(20), D(50)], 70),
        (Combination.CUMULATIVE, [D(80), D(50)], 100),
        (Combination.SEQUENTIAL, [D(50), D(50)], 75),
        (Combination.EXCLUSIVE, [], 0),
        (Combination.SEQUENTIAL, [], 0),
    ],
)
def test_discounts_go_together_as_the_plan_says(how: Combination, percents: list[D], total: int) -> None:
    assert combine_percents(percents, how) == total


def test_unused_volume_is_added_to_the_next_period() -> None:
    assert roll_over(PLAN, used=D(90)) == (Threshold(D(110), D(100)), Threshold(D(210), D(50)))
    assert roll_over(PLAN, used=D(150)) == PLAN
    assert roll_over((Threshold(None, D(5)),), used=D(9)) == (Threshold(None, D(5)),)


@pytest.mark.parametrize(
    ("plan", "match"),
    [
        ((Threshold(D(100), D(1)), Threshold(D(100), D(2))), "above the one before"),
        ((Threshold(None, D(1)), Threshold(D(100), D(2))), "last"),
    ],
)
def test_thresholds_out_of_order_are_refused(plan: tuple[Threshold, ...], match: str) -> None:
    with pytest.raises(ValueError, match=match):
        split_over_thresholds(used=D(0), units=D(1), thresholds=plan)


def test_impossible_values_are_refused() -> None:
    with pytest.raises(ValueError, match="percent"):
        Threshold(D(1), D(101))
    with pytest.raises(ValueError, match="above zero"):
        Threshold(D(0), D(10))
    with pytest.raises(ValueError, match="zero or more"):
        split_over_thresholds(used=D(-1), units=D(1), thresholds=PLAN)


volumes = st.decimals(0, 10**6, places=3)
plans = st.lists(st.tuples(st.integers(1, 10**6), st.integers(0, 100)), max_size=6, unique_by=lambda step: step[0]).map(
    lambda steps: tuple(Threshold(D(upto), D(percent)) for upto, percent in sorted(steps))
)


@many
@given(volumes, volumes, plans, st.integers(0, 10**9))
def test_the_pieces_sum_to_the_whole(used: D, units: D, plan: tuple[Threshold, ...], hundred_thousandths: int) -> None:
    pieces = split_over_thresholds(used=used, units=units, thresholds=plan)
    assert sum(piece.units for piece in pieces) == units
    amount = D(hundred_thousandths).scaleb(-5)
    discounted = discount_amount(amount, pieces)
    assert sum(piece.full_amount for piece in discounted) == (amount if pieces else 0)
    assert all(piece.amount + piece.discount == piece.full_amount for piece in discounted)
    assert all(0 <= piece.amount <= piece.full_amount for piece in discounted)


@many
@given(volumes, volumes, volumes, plans)
def test_two_calls_are_discounted_like_one(used: D, one: D, two: D, plan: tuple[Threshold, ...]) -> None:
    whole = split_over_thresholds(used=used, units=one + two, thresholds=plan)
    first = split_over_thresholds(used=used, units=one, thresholds=plan)
    second = split_over_thresholds(used=used + one, units=two, thresholds=plan)

    def free(pieces: tuple[Piece, ...]) -> D:
        return sum((piece.units * piece.percent for piece in pieces), D(0))

    assert free(whole) == free(first) + free(second)


BERLIN = ZoneInfo("Europe/Berlin")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("reset", "at", "day", "start", "end"),
    [
        (Reset.DAILY, "2026-03-02T12:00", 1, "2026-03-01T23:00", "2026-03-02T23:00"),
        (Reset.DAILY, "2026-03-29T12:00", 1, "2026-03-28T23:00", "2026-03-29T22:00"),  # 23 hours
        (Reset.DAILY, "2026-10-25T12:00", 1, "2026-10-24T22:00", "2026-10-25T23:00"),  # 25 hours
        (Reset.WEEKLY, "2026-03-01T22:59", 1, "2026-02-22T23:00", "2026-03-01T23:00"),
        (Reset.WEEKLY, "2026-03-01T23:00", 1, "2026-03-01T23:00", "2026-03-08T23:00"),
        (Reset.MONTHLY, "2026-12-31T22:59", 15, "2026-11-30T23:00", "2026-12-31T23:00"),
        (Reset.BILLING_PERIOD, "2026-03-14T12:00", 15, "2026-02-14T23:00", "2026-03-14T23:00"),
        (Reset.BILLING_PERIOD, "2026-01-10T12:00", 15, "2025-12-14T23:00", "2026-01-14T23:00"),
        (Reset.BILLING_PERIOD, "2026-02-28T12:00", 31, "2026-02-27T23:00", "2026-03-27T23:00"),
    ],
)
def test_windows_are_cut_at_local_midnight(reset: Reset, at: str, day: int, start: str, end: str) -> None:
    window = reset_window(reset, utc(at), zone=BERLIN, billing_day=day)
    assert window == Window(utc(start), utc(end))


def test_a_one_time_discount_never_resets() -> None:
    window = reset_window(Reset.NEVER, utc("2026-01-01"), zone=BERLIN)
    assert window == Window(None, None)
    assert utc("2126-01-01") in window


def test_impossible_windows_are_refused() -> None:
    with pytest.raises(ValueError, match="billing day"):
        reset_window(Reset.MONTHLY, utc("2026-01-01"), zone=BERLIN, billing_day=0)
    with pytest.raises(ValueError, match="time zone"):
        reset_window(Reset.DAILY, datetime(2026, 1, 1), zone=BERLIN)  # noqa: DTZ001


zones = st.sampled_from(
    ["UTC", "Europe/Berlin", "America/Sao_Paulo", "Asia/Beirut", "America/Havana", "Pacific/Apia"]
).map(ZoneInfo)
moments = st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
resets = st.sampled_from([reset for reset in Reset if reset is not Reset.NEVER])


@given(resets, moments, zones, st.integers(1, 31))
def test_windows_contain_their_moment_and_follow_each_other(
    reset: Reset, at: datetime, zone: ZoneInfo, day: int
) -> None:
    window = reset_window(reset, at, zone=zone, billing_day=day)
    assert at in window
    assert window.start is not None
    assert window.end is not None
    assume(window.end.year < 2040)
    following = reset_window(reset, window.end, zone=zone, billing_day=day)
    assert following.start == window.end
    before = reset_window(reset, window.start - timedelta(microseconds=1), zone=zone, billing_day=day)
    assert before.end == window.start
