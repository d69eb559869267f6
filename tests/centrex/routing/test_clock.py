"""The wall clock of a zone as moments, on ordinary nights and on those when the clock is changed."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from centrex.routing.clock import moment_of, wall_of

NEW_YORK, BERLIN, LORD_HOWE = (ZoneInfo(name) for name in ("America/New_York", "Europe/Berlin", "Australia/Lord_Howe"))

# zone, what the clock shows, the first such moment, the last one
TABLE = [
    (NEW_YORK, "2026-11-27 18:00", "2026-11-27 23:00", "2026-11-27 23:00"),
    (NEW_YORK, "2026-07-03 18:00", "2026-07-03 22:00", "2026-07-03 22:00"),
    # 1 November 2026: from 01:00 until 02:00 twice.
    (NEW_YORK, "2026-11-01 00:59", "2026-11-01 04:59", "2026-11-01 04:59"),
    (NEW_YORK, "2026-11-01 01:30", "2026-11-01 05:30", "2026-11-01 06:30"),
    (NEW_YORK, "2026-11-01 02:00", "2026-11-01 07:00", "2026-11-01 07:00"),
    # 8 March 2026: nothing from 02:00 until 03:00.
    (NEW_YORK, "2026-03-08 01:59", "2026-03-08 06:59", "2026-03-08 06:59"),
    (NEW_YORK, "2026-03-08 02:30", "2026-03-08 07:30", "2026-03-08 07:30"),
    (NEW_YORK, "2026-03-08 03:00", "2026-03-08 07:00", "2026-03-08 07:00"),
    (BERLIN, "2026-10-25 02:30", "2026-10-25 00:30", "2026-10-25 01:30"),
    (BERLIN, "2026-03-29 02:30", "2026-03-29 01:30", "2026-03-29 01:30"),
    # Half an hour of summer time.
    (LORD_HOWE, "2026-04-05 01:45", "2026-04-04 14:45", "2026-04-04 15:15"),
    (LORD_HOWE, "2026-10-04 02:15", "2026-10-03 15:45", "2026-10-03 15:45"),
]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(("zone", "wall", "first", "last"), TABLE)
def test_the_moment_that_a_clock_shows(zone, wall, first, last):
    shown = datetime.fromisoformat(wall)  # without a zone, as on a wall
    assert (moment_of(shown, zone), moment_of(shown, zone, last=True)) == (utc(first), utc(last))


def test_a_skipped_time_is_later_by_what_is_skipped():
    moment = moment_of(datetime.fromisoformat("2026-03-08 02:30"), NEW_YORK)
    assert wall_of(moment, NEW_YORK) == datetime.fromisoformat("2026-03-08 03:30")


@pytest.mark.parametrize("text", ["2026-11-01 05:30", "2026-11-01 06:30"])
def test_both_of_two_hours_are_shown_alike(text):
    assert wall_of(utc(text), NEW_YORK) == datetime.fromisoformat("2026-11-01 01:30")
