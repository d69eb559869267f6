"""The rows of the period wizard: what is written holds exactly when the row does, and reads back as the same rows."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from centrex.routing.schedule import Row, is_active, parse, rows_of, write
from centrex.routing.schedule.rows import MIDNIGHT

WORKDAYS = frozenset({2, 3, 4, 5, 6})
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def some(low: int, high: int) -> st.SearchStrategy[frozenset[int]]:
    return st.one_of(st.just(frozenset()), st.frozensets(st.integers(low, high), min_size=1))


MINUTES = st.one_of(st.integers(0, 23).map(lambda hour: hour * 60), st.integers(0, MIDNIGHT - 1))
ROWS = st.builds(
    Row,
    start=MINUTES,
    end=st.one_of(MINUTES, st.just(MIDNIGHT)),
    weekdays=some(1, 7),
    months=some(1, 12),
    monthdays=some(1, 31),
)
# The wall clock, over two leap years.
MOMENTS = st.integers(0, 5 * 366 * 1440).map(lambda minutes: datetime.fromisoformat("2023-12-01") + minutes * MINUTE)


def covers(row: Row, moment: datetime) -> bool:
    """Whether the row does, said in days instead of notation."""
    minute = moment.hour * 60 + moment.minute
    today, yesterday = (starts_on(row, day) for day in (moment, moment - DAY))
    if row.start < row.end:
        return today and row.start <= minute < row.end
    return (today and minute >= row.start) or (yesterday and minute < row.end)


def starts_on(row: Row, day: datetime) -> bool:
    asked = (row.weekdays, day.isoweekday() % 7 + 1), (row.months, day.month), (row.monthdays, day.day)
    return all(not chosen or value in chosen for chosen, value in asked)


@settings(max_examples=1500, deadline=None)
@given(ROWS, st.lists(MOMENTS, min_size=20, max_size=20))
def test_what_is_written_holds_when_the_row_does(row, moments):
    period = parse(write([row]))
    ends = [
        moment.replace(month=month, day=day) for moment in moments[:2] for month, day in ((3, 1), (2, 28), (12, 31))
    ]
    for moment in [*moments, *ends]:
        assert is_active(period, moment) == covers(row, moment), (write([row]), moment)


@settings(max_examples=1000, deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=4))
def test_what_is_written_reads_back(rows):
    text = write(rows)
    back = rows_of(text)
    assert back is not None
    assert write(back) == text


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (Row(), ""),
        (Row(weekdays=WORKDAYS), "wd{mo-fr}"),
        (Row(9 * 60, 17 * 60, WORKDAYS), "wd{mo-fr} hr{9-16}"),
        (Row(20 * 60, 8 * 60), "hr{20-7}"),
        (Row(20 * 60, 8 * 60, WORKDAYS), "wd{mo-fr} hr{20-23}, wd{tu-sa} hr{0-7}"),
        (Row(8 * 60 + 30, 17 * 60 + 45), "hr{8} min{30-59}, hr{9-16}, hr{17} min{0-44}"),
        (Row(9 * 60 + 15, 9 * 60 + 30), "hr{9} min{15-29}"),
        (Row(20 * 60, 8 * 60, monthdays=frozenset({31})), None),
    ],
)
def test_known_texts(row, text):
    if text is not None:
        assert write([row]) == text
    assert write(rows_of(write([row]))) == write([row])


def test_no_rows_are_never():
    assert write([]) == "none"
    assert rows_of("none") == []


@pytest.mark.parametrize("text", ["yr{2026}", "wk{1} wd{mo}", "hr{9} sec{0}", "hr{8-17} min{30-59}", "hr{8 10}"])
def test_what_no_row_says_stays_text(text):
    assert rows_of(text) is None
