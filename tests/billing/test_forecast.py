"""The forecast as a table: what is known, and what is said about the rest of the period."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.forecast import Forecast, forecast

D = Decimal
TODAY = date(2026, 11, 18)  # a Wednesday
END = date(2026, 12, 1)
LONG_AGO = date(2025, 1, 1)


def each_day(amount, *, weeks=8, weekend=None):
    """The same on every day of the weeks before today."""
    days = [TODAY - timedelta(days=n) for n in range(1, 7 * weeks + 1)]
    return {day: D(weekend if weekend is not None and day.weekday() >= 5 else amount) for day in days}


def asked(usage, *, spent="100", known_since=LONG_AGO, today=TODAY, end=END):
    return forecast(spent=D(spent), usage=usage, known_since=known_since, today=today, end=end)


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        (each_day("2"), "126"),  # today and 12 days to come
        (each_day("2", weekend="0"), "118"),  # four of them are of two weekends
        (each_day("2") | {TODAY: D("0.5")}, "125.5"),  # today has had a part of its own
        (each_day("2") | {TODAY: D(9)}, "124"),  # today has had more than it usually has
        (each_day("2", weeks=4), "113"),  # weeks without calls count
        ({TODAY - timedelta(days=7): D(8)}, "102"),  # one Wednesday of eight, twice: today and in a week
    ],
)
def test_each_day_is_like_the_same_weekday(usage, expected):
    assert asked(usage).expected == D(expected)


def test_days_that_are_always_the_same_leave_no_doubt():
    assert asked(each_day("2")) == Forecast(D(126), D(126), D(126))


def test_days_that_differ_leave_a_range():
    usage = {day: D(4) if day.isocalendar().week % 2 else D(0) for day in each_day("0")}
    found = asked(usage)
    assert found.low < found.expected == D(126) < found.high
    # Each of 13 days has the variance 32/7: eight values that are 2 away from their mean.
    assert found.high - found.expected == pytest.approx(D("1.28") * (13 * D(32) / 7).sqrt())


def test_it_never_falls_below_what_is_spent():
    assert asked({TODAY - timedelta(days=7): D(100)}).low == D(100)


@pytest.mark.parametrize(
    "unknown",
    [
        {"known_since": None},
        {"known_since": TODAY - timedelta(days=27)},
        {"end": TODAY},
        {"usage": {}},
        {"usage": each_day("0")},
        {"usage": {TODAY: D(5), TODAY - timedelta(days=57): D(5)}},
    ],
)
def test_nothing_is_said_about_what_is_not_known(unknown):
    assert asked(**{"usage": each_day("2")} | unknown) is None


def test_four_weeks_are_enough_and_what_came_before_them_is_no_day_without_calls():
    assert asked(each_day("2", weeks=4), known_since=TODAY - timedelta(days=28)).expected == D(126)


@given(st.dictionaries(st.integers(0, 70), st.decimals("0", "500", places=2)), st.integers(1, 31))
def test_the_range_holds_what_is_expected(usage, ahead):
    days = {TODAY - timedelta(days=back): amount for back, amount in usage.items()}
    found = asked(days, end=TODAY + timedelta(days=ahead))
    assert found is None or D(100) <= found.low <= found.expected <= found.high
