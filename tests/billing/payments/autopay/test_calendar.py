"""When a refused try comes again: rules over values, without database and clock."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.operations.autopay.calendar import MOST_TRIES, RETRY_DAYS, Refusal, is_final, moment_on, next_day
from billing.operations.payments.declines import Kind
from tests.billing.rating.many import many

FIRST = date(2026, 3, 1)


def refused(*days: int, code: str = "insufficient_funds", kind: Kind = Kind.SOFT) -> list[Refusal]:
    return [Refusal(code, kind, FIRST + timedelta(days=day)) for day in days]


@pytest.mark.parametrize(
    ("days", "today", "expected"),
    [
        ((0,), 0, 1),
        ((0, 1), 1, 3),
        ((0, 1, 3), 3, 5),
        ((0, 1, 3, 5), 5, None),
        ((0,), 2, 3),  # nobody was there on day 1
        ((0, 4), 4, 5),
        ((0, 4, 5), 5, 7),
        ((0, 6), 6, 7),
        ((0, 8), 8, None),
    ],
)
def test_the_days(days, today, expected):
    day = next_day(refused(*days), today=FIRST + timedelta(days=today))
    assert day == (None if expected is None else FIRST + timedelta(days=expected))


@many
@given(late=st.lists(st.integers(0, 9), min_size=1, max_size=20))
def test_never_more_than_four_and_never_two_on_a_day(late):
    """However late each try is made, starting from the planned day."""
    days, day = [0], FIRST
    for delay in late:
        following = next_day(refused(*days), today=day)
        if following is None:
            break
        day = following + timedelta(days=delay)
        days.append((day - FIRST).days)
    assert len(days) <= MOST_TRIES
    assert len(set(days)) == len(days)
    assert all(day >= wait for day, wait in zip(days[1:], RETRY_DAYS, strict=False))


def test_what_is_final():
    assert is_final(refused(0, code="stolen_card", kind=Kind.HARD))
    assert not is_final(refused(0, 1, 3))
    assert not is_final(refused(0, code="do_not_honor"))
    assert is_final(refused(0, 1, code="do_not_honor"))
    assert is_final([*refused(0, code="do_not_honor"), *refused(1), *refused(3, code="do_not_honor")])
    assert not is_final([*refused(0, 1), *refused(3, code="do_not_honor")])


@pytest.mark.parametrize("zone", ["America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu"])
def test_the_hour_is_the_customers(zone):
    for day in range(366):
        moment = moment_on(date(2026, 1, 1) + timedelta(days=day), zone=ZoneInfo(zone))
        assert (moment.hour, moment.date()) == (9, date(2026, 1, 1) + timedelta(days=day))
