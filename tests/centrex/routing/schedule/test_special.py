"""Days on which a period does not count: closed, or with hours of their own."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from centrex.routing.schedule import Span, is_open, next_opening_change, parse

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = parse("wd{mo-fr} hr{8-16}")
CHRISTMAS, EVE, SUNDAY = date(2026, 12, 25), date(2026, 12, 24), date(2026, 12, 20)
DAYS = {CHRISTMAS: None, EVE: Span(time(9), time(12, 30)), SUNDAY: Span(time(18), time())}


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of December 2026 in Berlin."""
    return datetime(2026, 12, day, hour, minute, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("moment", "open_"),
    [
        (at(23, 10), True),  # an ordinary Wednesday
        (at(23, 17), False),
        (at(25, 10), False),  # Friday, a holiday
        (at(24, 8, 59), False),  # Thursday with hours of its own
        (at(24, 9), True),
        (at(24, 12, 29), True),
        (at(24, 12, 30), False),
        (at(24, 14), False),
        (at(20, 17, 59), False),  # a Sunday on which we work until midnight
        (at(20, 18), True),
        (at(20, 23, 59), True),
        (at(21, 0), False),
    ],
)
def test_whether_it_is_the_time(moment, open_):
    assert is_open(OFFICE, DAYS, moment) is open_


def test_without_special_days_the_period_counts():
    assert is_open(OFFICE, {}, at(25, 10))


def test_a_night_that_runs_into_a_holiday_ends_at_its_midnight():
    night = parse("hr{20-7}")
    assert is_open(night, {CHRISTMAS: None}, at(24, 23, 59))
    assert not is_open(night, {CHRISTMAS: None}, at(25, 3))
    assert is_open(night, {CHRISTMAS: None}, at(26, 3))


@pytest.mark.parametrize(
    ("moment", "change"),
    [
        (at(23, 10), at(23, 17)),
        (at(23, 17), at(24, 9)),
        (at(24, 10), at(24, 12, 30)),
        (at(24, 13), at(28, 8)),  # over Christmas and the week-end to Monday
        (at(20, 19), at(21, 0)),
    ],
)
def test_when_it_changes_next(moment, change):
    assert next_opening_change(OFFICE, DAYS, moment, BERLIN) == change.astimezone(UTC)


def test_what_always_holds_changes_on_special_days_only():
    assert next_opening_change(parse(""), {}, at(1, 0), BERLIN) is None
    assert next_opening_change(parse(""), {CHRISTMAS: None}, at(1, 0), BERLIN) == at(25, 0).astimezone(UTC)
    assert next_opening_change(parse(""), {CHRISTMAS: None}, at(25, 1), BERLIN) == at(26, 0).astimezone(UTC)
    assert next_opening_change(parse("none"), {CHRISTMAS: None}, at(1, 0), BERLIN) is None


def test_hours_over_a_change_of_summer_time():
    """On 29 March 2026 the clock in Berlin goes from 02:00 to 03:00."""
    days = {date(2026, 3, 29): Span(time(1), time(4))}
    begin = datetime(2026, 3, 29, 1, tzinfo=BERLIN).astimezone(UTC)
    end = next_opening_change(parse("none"), days, begin, BERLIN)
    assert end - begin == timedelta(hours=2)
