"""What a caller in a queue hears."""

import pytest

from centrex.routing.queue import announcement, announcements


@pytest.mark.parametrize(
    ("place", "call_seconds", "connected", "minutes"),
    [
        (1, 180, 2, 0),  # nobody is ahead
        (2, 180, 2, 2),  # 90 s
        (3, 180, 2, 3),  # 180 s
        (4, 180, 2, 5),  # 270 s
        (2, 59, 1, 0),
        (2, 60, 1, 1),
        (2, 61, 1, 2),
        (2, 120, 3, 0),  # 40 s
        (11, 36_000, 1, 6_000),
        (1, 180, 0, None),
        (5, 180, 0, None),
        (5, 180, -1, None),
    ],
)
def test_the_waiting_time(place, call_seconds, connected, minutes):
    assert announcement(place=place, call_seconds=call_seconds, connected=connected).minutes == minutes


def test_each_place_in_the_line():
    said = announcements(places=4, call_seconds=240, connected=2)
    assert [(each.place, each.minutes) for each in said] == [(1, 0), (2, 2), (3, 4), (4, 6)]


@pytest.mark.parametrize("place", range(2, 40))
def test_nobody_waits_longer_than_was_said(place):
    said = announcement(place=place, call_seconds=97, connected=3).minutes
    assert said is not None
    assert said * 60 >= 97 / 3 * (place - 1) or said == 0
