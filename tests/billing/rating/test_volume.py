from datetime import UTC, datetime, timedelta
from decimal import Decimal as D
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from billing.periods import Calendar
from billing.rating.discount import Threshold
from billing.rating.volume import (
    Notice,
    Reset,
    Window,
    first_share,
    left_over,
    notices,
    prorated,
    raised,
    reset_window,
)
from tests.billing.rating.many import many

PLAN = (Threshold(D(100), D(100)), Threshold(D(200), D(50)))
ENDLESS = (Threshold(None, D(50)),)


@pytest.mark.parametrize(
    ("used", "rolled_over", "left"),
    [
        (90, 0, 10),
        (0, 0, 100),
        (150, 0, 0),
        # 110 this time: what came over is used first and does not go over again.
        (0, 10, 100),
        (5, 10, 100),
        (60, 10, 50),
        (110, 10, 0),
    ],
)
def test_what_is_left_of_the_first_step_goes_over_once(used: int, rolled_over: int, left: int) -> None:
    assert left_over(PLAN, used=D(used), rolled_over=D(rolled_over)) == left


def test_without_an_end_nothing_is_left_over() -> None:
    assert left_over(ENDLESS, used=D(9), rolled_over=D(0)) == 0
    assert left_over((), used=D(9), rolled_over=D(0)) == 0


def test_what_came_over_raises_every_edge() -> None:
    assert raised((*PLAN, *ENDLESS), D(10)) == (Threshold(D(110), D(100)), Threshold(D(210), D(50)), *ENDLESS)


volumes = st.integers(0, 10_000).map(D)


@many
@given(st.lists(volumes, min_size=1, max_size=12))
def test_what_rolls_over_never_piles_up(months: list[D]) -> None:
    """However long nobody telephones, a month has twice its volume at most, and all months no more than their sum."""
    over, free = D(0), D(0)
    for wanted in months:
        (step,) = raised(PLAN[:1], over)
        assert step.upto is not None
        assert step.upto <= 200
        used = min(wanted, step.upto)
        free += used
        over = left_over(PLAN[:1], used=used, rolled_over=over)
    assert free <= 100 * len(months)


@pytest.mark.parametrize(
    ("starts", "share"),
    [
        ("2026-11-01T00:00", D(1)),
        ("2026-10-01T00:00", D(1)),
        ("2026-11-16T00:00", D(15) / 30),
        ("2026-11-16T21:59", D(15) / 30),  # the day it starts on counts whole
        ("2026-11-30T12:00", D(1) / 30),
    ],
)
def test_who_comes_late_has_the_part_of_the_days_that_are_left(starts: str, share: D) -> None:
    window = reset_window(Reset.MONTHLY, utc("2026-11-10T12:00"), calendar=Calendar(ZoneInfo("UTC")))
    assert first_share(window, starts_at=utc(starts), zone=ZoneInfo("UTC")) == share


def test_a_one_time_volume_is_not_a_part_of_anything() -> None:
    assert first_share(Window(utc("2026-11-10"), None), starts_at=utc("2026-11-20"), zone=ZoneInfo("UTC")) == 1


def test_prorated_steps_are_whole_and_rise() -> None:
    assert prorated(PLAN, share=D(1) / 3, digits=0) == (Threshold(D(33), D(100)), Threshold(D(67), D(50)))
    tiny = prorated((Threshold(D(1), D(9)), Threshold(D(2), D(5)), *ENDLESS), share=D(1) / 30, digits=0)
    assert tiny == (Threshold(D(1), D(9)), Threshold(D(2), D(5)), *ENDLESS)
    assert prorated(PLAN[:1], share=D(1) / 3, digits=2) == (Threshold(D("33.33"), D(100)),)


@pytest.mark.parametrize(
    ("before", "after", "percent", "reached", "told"),
    [
        (0, 79, 80, True, []),
        (0, 80, 80, True, [Notice(0, D(100), 80)]),
        (80, 99, 80, True, []),
        (80, 100, 80, True, [Notice(0, D(100), 100)]),
        (0, 100, 80, True, [Notice(0, D(100), 100)]),
        (0, 100, 80, False, [Notice(0, D(100), 80)]),
        (0, 100, None, True, [Notice(0, D(100), 100)]),
        (100, 179, 80, True, []),
        # Of the second step 80 of 100 are used.
        (100, 180, 80, True, [Notice(1, D(200), 80)]),
        (0, 500, 80, True, [Notice(0, D(100), 100), Notice(1, D(200), 100)]),
        (0, 500, None, False, []),
    ],
)
def test_what_is_told_when(before: int, after: int, percent: int | None, reached: bool, told: list[Notice]) -> None:
    assert notices((*PLAN, *ENDLESS), before=D(before), after=D(after), percent=percent, reached=reached) == told


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
        (Reset.BILLING_PERIOD, "2026-02-28T12:00", 28, "2026-02-27T23:00", "2026-03-27T23:00"),
    ],
)
def test_windows_are_cut_at_local_midnight(reset: Reset, at: str, day: int, start: str, end: str) -> None:
    window = reset_window(reset, utc(at), calendar=Calendar.monthly(day, BERLIN))
    assert window == Window(utc(start), utc(end))


def test_a_one_time_discount_never_resets() -> None:
    window = reset_window(Reset.NEVER, utc("2026-01-01"), calendar=Calendar(BERLIN))
    assert window == Window(None, None)
    assert utc("2126-01-01") in window


def test_impossible_windows_are_refused() -> None:
    with pytest.raises(ValueError, match="billing day"):
        reset_window(Reset.MONTHLY, utc("2026-01-01"), calendar=Calendar.monthly(0, BERLIN))
    with pytest.raises(ValueError, match="time zone"):
        reset_window(Reset.DAILY, datetime(2026, 1, 1), calendar=Calendar(BERLIN))  # noqa: DTZ001


zones = st.sampled_from(
    ["UTC", "Europe/Berlin", "America/Sao_Paulo", "Asia/Beirut", "America/Havana", "Pacific/Apia"]
).map(ZoneInfo)
moments = st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
resets = st.sampled_from([reset for reset in Reset if reset is not Reset.NEVER])


@given(resets, moments, zones, st.integers(1, 28))
def test_windows_contain_their_moment_and_follow_each_other(
    reset: Reset, at: datetime, zone: ZoneInfo, day: int
) -> None:
    window = reset_window(reset, at, calendar=Calendar.monthly(day, zone))
    assert at in window
    assert window.start is not None
    assert window.end is not None
    assume(window.end.year < 2040)
    following = reset_window(reset, window.end, calendar=Calendar.monthly(day, zone))
    assert following.start == window.end
    before = reset_window(reset, window.start - timedelta(microseconds=1), calendar=Calendar.monthly(day, zone))
    assert before.end == window.start
