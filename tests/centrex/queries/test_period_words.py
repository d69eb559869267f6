"""Schedules in words."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from centrex.queries.period_words import in_words, mistake_in_words, state_of
from centrex.routing.schedule import PeriodError, Row, parse, write

NEW_YORK = ZoneInfo("America/New_York")
WORK_DAYS = frozenset({2, 3, 4, 5, 6})


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (Row(), "Always"),
        (Row(1200, 480, WORK_DAYS), "Monday to Friday, 20:00 until 08:00 the next morning"),
        (Row(480, 1020, WORK_DAYS), "Monday to Friday, 08:00 until 17:00"),
        (Row(495, 1440), "Every day, 08:15 until midnight"),
        (Row(1320, 780), "Every day, 22:00 until 13:00 the next day"),
        (Row(weekdays=frozenset({1, 7})), "Saturday and Sunday, all day"),
        (Row(weekdays=frozenset({2, 4, 6})), "Monday, Wednesday and Friday, all day"),
        (Row(weekdays=frozenset({1, 2})), "Monday and Sunday, all day"),
        (Row(months=frozenset({12})), "Every day, in December, all day"),
        (Row(540, 1020, months=frozenset({6, 7, 8})), "Every day, in June to August, 09:00 until 17:00"),
        (Row(monthdays=frozenset({1, 2, 3, 15})), "On day 1 to 3 and 15 of the month, all day"),
    ],
)
def test_a_row(row, words):
    assert in_words(write([row])) == words


def test_several_rows_never_and_what_the_wizard_cannot_show():
    assert in_words("hr{8-16} wd{mo}, hr{9-11} wd{sa}") == "Monday, 08:00 until 17:00; Saturday, 09:00 until 12:00"
    assert in_words("none") == "Never"
    assert in_words("yr{2026}") == "By its own notation: yr{2026}"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("wd{mo-fr} hr{25}", "At character 14, between “d{mo-fr} hr{” and “25}”: this is too small or too large "
         "for the unit before the brace."),
        ("mn{0}", "At character 1, between “” and “mn{0}”: there is no unit of this name; use yr, mo, wk, yd, md, wd, "
         "hr, min or sec."),
        ("hr{8-}", "At character 4, between “hr{” and “8-}”: a range needs both its ends, such as 8-16."),
    ],
)  # fmt: skip
def test_a_mistake(text, words):
    with pytest.raises(PeriodError) as mistake:
        parse(text)
    assert mistake_in_words(text, mistake.value) == words


def test_the_state_now_by_the_clock_of_the_zone():
    nights = write([Row(1200, 480, WORK_DAYS)])
    friday_night = datetime(2026, 3, 7, 1, 30, tzinfo=UTC)  # 20:30 in New York
    state = state_of(nights, now=friday_night, zone=NEW_YORK)
    assert state.active
    assert state.change == datetime(2026, 3, 7, 8, 0, tzinfo=NEW_YORK)
    monday_morning = datetime(2026, 3, 9, 7, 0, tzinfo=UTC)  # 03:00: the night from Sunday on is not in it
    assert not state_of(nights, now=monday_morning, zone=NEW_YORK).active
    assert state_of("", now=monday_morning, zone=NEW_YORK).change is None
