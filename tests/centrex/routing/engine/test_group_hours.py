"""A huntgroup's opening hours: (plan, call, now) -> decision, inside and outside of them."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from centrex.routing.engine import RejectCause
from centrex.routing.features import Barring, Limits, Voicemail
from centrex.routing.hunting import Inclusion
from centrex.routing.opening import OpeningHours
from centrex.routing.plan import BarringClass, Record, TimeFilter
from centrex.routing.schedule import Span, parse
from tests.centrex.routing.engine.office import (
    ALICE,
    BOB,
    MONDAY_NOON,
    NEW_YORK,
    SALES,
    SUPPORT,
    codes,
    from_alice,
    office,
    on,
    rung,
    with_line,
)
from tests.centrex.routing.engine.table import shows

PAGE = "centrex:huntgroup-hours"
ALICES, BOBS, MOBILE = "12125550101", "12125550102", "19175550123"
MONDAY_NIGHT = datetime(2026, 3, 3, 1, 0, tzinfo=UTC)  # 20:00 in New York
WEEKDAYS = TimeFilter(Record("schedule", 1, "Office"), parse("wd{mo-fr} hr{9-16}"))


def keeping_hours(plan=None, *, of=SALES, times=WEEKDAYS, **closed):
    plan = plan or office()
    hours = OpeningHours(times, NEW_YORK, **closed)
    return replace(plan, groups={**plan.groups, of: replace(plan.groups[of], hours=hours)})


# What is set for outside the hours -> what rings then.
TABLE = [
    ({}, []),
    ({"action": "group", "group": SUPPORT}, [[BOBS]]),
    ({"action": "extension", "extension": 2}, [[BOBS]]),
    ({"action": "voicemail", "line": ALICE}, [["voicemail"]]),
    ({"action": "number", "line": BOB, "number": MOBILE}, [[MOBILE]]),
]


@shows("Opening hours", "Huntgroup.hours", page=PAGE)
@shows(
    "Outside these hours",
    "Huntgroup.closed_action",
    "Huntgroup.closed_group",
    "Huntgroup.closed_extension",
    "Huntgroup.closed_line",
    "Huntgroup.closed_number",
    page=PAGE,
)
@pytest.mark.parametrize(("closed", "then"), TABLE)
def test_outside_the_hours(closed, then):
    plan = keeping_hours(**closed)
    assert rung(from_alice("88", plan)) == [[ALICES], [BOBS]]
    decision = from_alice("88", plan, now=MONDAY_NIGHT)
    assert rung(decision)[:1] == then
    assert "group.closed" in codes(decision)
    assert "group.closed" not in codes(from_alice("88", plan))
    assert rung(from_alice("88", office(), now=MONDAY_NIGHT)) == [[ALICES], [BOBS]]  # without hours


@pytest.mark.parametrize(
    "closed",
    [
        {},
        {"action": "group", "group": None},
        {"action": "extension", "extension": None},
        {"action": "extension", "extension": 3},
        {"action": "voicemail", "line": None},
        {"action": "number", "line": None, "number": MOBILE},
    ],
)
def test_where_nothing_is_set_or_it_is_gone_the_call_ends(closed):
    decision = from_alice("88", keeping_hours(**closed), now=MONDAY_NIGHT)
    assert (decision.cause, decision.sip_code) == (RejectCause.CLOSED, 480)
    assert not decision.steps


def test_a_holiday_closes_and_a_special_day_opens():
    monday = date(2026, 3, 2)
    closed_today = replace(WEEKDAYS, days={monday: None})
    assert from_alice("88", keeping_hours(times=closed_today)).cause == RejectCause.CLOSED
    night = replace(WEEKDAYS, days={monday: span(18, 22)})
    assert rung(from_alice("88", keeping_hours(times=night), now=MONDAY_NIGHT)) == [[ALICES], [BOBS]]


def span(start, end):
    return Span(time(start), time(end))


def test_the_clock_is_the_companys():
    assert from_alice("88", keeping_hours(), now=datetime(2026, 3, 2, 13, 30, tzinfo=UTC)).cause == RejectCause.CLOSED
    assert from_alice("88", keeping_hours(), now=datetime(2026, 3, 2, 14, 30, tzinfo=UTC)).cause is None


def test_closed_groups_that_name_each_other_end_the_call():
    plan = keeping_hours(action="group", group=SUPPORT)
    plan = keeping_hours(plan, of=SUPPORT, action="group", group=SALES)
    decision = from_alice("88", plan, now=MONDAY_NIGHT)
    assert decision.cause == RejectCause.CLOSED
    assert codes(decision).count("group.closed") == 2


def test_a_group_inside_another_rings_by_the_hours_of_the_outer_one():
    plan = keeping_hours(replace(office(), includes={SALES: (Inclusion(SUPPORT),)}), of=SUPPORT)
    assert rung(from_alice("88", plan, now=MONDAY_NIGHT)) == [[ALICES], [BOBS]]


def test_a_call_outside_is_the_lines():
    """It pays, its barring and its limits hold, and it may not lead back to it."""
    plan = keeping_hours(action="number", line=BOB, number=MOBILE)
    limited = with_line(plan, BOB, features=on(Limits(max_calls_forwarded=1)))
    decision = from_alice("88", limited, now=MONDAY_NIGHT)
    assert decision.account == BOB
    assert "line:2:forwarded" in [limit.key for limit in decision.steps[0].targets[0].limits]
    mobiles = BarringClass(7, "Mobiles", ("1917%",))
    barred = with_line(replace(plan, barring_classes=(mobiles,)), BOB, features=on(Barring(barred=(7,))))
    assert from_alice("88", barred, now=MONDAY_NIGHT).cause == RejectCause.CLOSED
    back = keeping_hours(action="number", line=BOB, number=BOBS)
    assert from_alice("88", back, now=MONDAY_NIGHT).cause == RejectCause.CLOSED


def test_a_line_without_voicemail_takes_no_message():
    plan = with_line(keeping_hours(action="voicemail", line=ALICE), ALICE, features=on(Voicemail(), enabled=False))
    assert from_alice("88", plan, now=MONDAY_NIGHT).cause == RejectCause.CLOSED


def test_the_noon_of_these_tests_is_inside():
    assert from_alice("88", keeping_hours(), now=MONDAY_NOON).cause is None
