"""Circles of lines that send calls on to each other: only those that are open at the same time are met."""

import pytest

from centrex.queries.loops import circle_through, ways_in
from centrex.routing.schedule import parse
from tests.centrex.routing.engine.changes import entry, forwards
from tests.centrex.routing.engine.office import ALICE, BOB, MONDAY_NOON, office


@pytest.mark.parametrize(
    ("there", "back", "meets"),
    [
        ("", "", True),
        ("hr{8-16}", "", True),
        ("hr{8-16}", "hr{16-20}", True),
        ("hr{8-16}", "hr{17-23}, hr{0-7}", False),
        ("wd{mo-fr}", "wd{sa}", False),
        ("none", "", False),
    ],
)
def test_the_times_of_both_ways_decide(there, back, meets):
    plan = forwards(entry("202", period=parse(there)), line=ALICE)(office())
    plan = forwards(entry("201", period=parse(back)), line=BOB)(plan)
    expected = [ALICE, BOB, ALICE] if meets else []
    assert circle_through(plan, ALICE, ways_in(plan), MONDAY_NOON) == expected
    assert circle_through(plan, BOB, ways_in(plan), MONDAY_NOON) == expected[1:] + expected[1:2]


def test_one_way_is_no_circle():
    plan = forwards(entry("202"), line=ALICE)(office())
    assert circle_through(plan, ALICE, ways_in(plan), MONDAY_NOON) == []
