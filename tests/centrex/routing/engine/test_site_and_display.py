"""What a site counts, what displays show, and what screening hears: settings that change a call without turning it."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from centrex.routing.bandwidth import Codec, Limits
from centrex.routing.features import Identity
from centrex.routing.plan import Action, Forwarding, ForwardTo, Record, ScreeningRule, TimeFilter
from centrex.routing.schedule import Period, Span
from tests.centrex.routing.engine.office import (
    ALICE,
    BOB,
    MONDAY_NOON,
    RULES,
    codes,
    from_alice,
    from_outside,
    office,
    on,
    rung,
    with_line,
)

BOBS, BOBS_OTHER = "12125550102", "12125550999"
MAIN = Record("site", 4, "Main")


def in_site(limits: Limits):
    plan = with_line(with_line(office(), ALICE, site=4), BOB, site=4)
    return replace(plan, sites={4: (MAIN, limits)})


def limits_of(decision) -> dict[str, int]:
    return {each.key: each.max for each in decision.limits}


def test_a_call_inside_counts_for_caller_and_called_unless_the_site_leaves_it_out():
    limits = Limits(max_calls=5, max_calls_in=3, max_calls_out=2)
    assert limits_of(from_alice("202", in_site(limits))) == {"site:4": 5, "site:4:out": 2, "site:4:in": 3}
    not_counted = in_site(replace(limits, count_internal=False))
    assert limits_of(from_alice("202", not_counted)) == {}
    assert limits_of(from_alice("2125551234", not_counted)) == {"site:4": 5, "site:4:out": 2}
    assert limits_of(from_outside(BOBS_OTHER, not_counted)) == {"site:4": 5, "site:4:in": 3}


def test_a_sites_connection_is_a_limit_of_calls():
    plan = in_site(Limits(codec=Codec.G711, max_bandwidth=1000, max_bandwidth_out=200))
    assert limits_of(from_alice("2125551234", plan)) == {"site:4:bandwidth": 11, "site:4:out:bandwidth": 2}


@pytest.mark.parametrize(
    ("rules", "caller", "called"),
    [
        ({}, "12125557777", BOBS_OTHER),
        ({"translate_cli_in": True}, "2125557777", BOBS_OTHER),
        ({"translate_cld_in": True}, "12125557777", "2125550999"),
        ({"translate_cli_in": True, "enabled": False}, "12125557777", BOBS_OTHER),
    ],
)
def test_a_display_shows_numbers_as_they_are_dialled_there(rules, caller, called):
    plan = with_line(office(), BOB, dialing=replace(RULES, **rules))
    target = from_outside(BOBS_OTHER, plan, caller="12125557777").steps[0].targets[0]
    assert (target.caller.number, target.called) == (caller, called)


@pytest.mark.parametrize(
    ("rules", "sent", "shown"),
    [
        ({}, BOBS_OTHER, BOBS_OTHER),
        ({}, "2125550999", BOBS),
        ({"translate_cli_out": True}, "2125550999", BOBS_OTHER),
        ({"translate_cli_out": True}, "2125550101", BOBS),  # a colleague's number is not his to show
        ({}, "", BOBS),
    ],
)
def test_a_phone_may_send_another_number_of_its_own_line(rules, sent, shown):
    plan = with_line(office(), BOB, dialing=replace(RULES, **rules))
    decision = from_alice("2125551234", plan, line=BOB, caller=sent)
    assert decision.steps[0].targets[0].caller.number == shown
    chosen = with_line(plan, BOB, features=on(Identity(number="12125550100")))
    assert from_alice("2125551234", chosen, line=BOB, caller=sent).steps[0].targets[0].caller.number == "12125550100"


def rule(action: Action, times: TimeFilter | None = None) -> ScreeningRule:
    return ScreeningRule(Record("screening", 1, "rule"), action, times=times)


@pytest.mark.parametrize(
    ("hours", "rejected"),
    [({}, True), ({date(2026, 3, 2): None}, False), ({date(2026, 3, 2): Span(time(12), time(13))}, True),
     ({date(2026, 3, 2): Span(time(9), time(12))}, False), ({date(2026, 3, 3): None}, True)],
)  # fmt: skip
def test_on_a_special_day_only_its_own_hours_count(hours, rejected):
    times = TimeFilter(Record("schedule", 1, "Open"), Period(always=True), hours)
    plan = with_line(office(), BOB, screening=(rule(Action(reject=True), times),))
    assert (from_alice("202", plan, now=MONDAY_NOON).cause is not None) is rejected


def test_a_special_day_is_one_of_the_lines_own_zone():
    times = TimeFilter(Record("schedule", 1, "Open"), Period(always=True), {date(2026, 3, 2): None})
    plan = with_line(office(), BOB, screening=(rule(Action(reject=True), times),))
    late_in_new_york = datetime(2026, 3, 3, 3, tzinfo=UTC)
    assert from_alice("202", plan, now=late_in_new_york).cause is None


def test_forwarding_may_lead_to_an_extension():
    entry = ForwardTo(Record("forwarding", BOB, "Alice"), "201")
    plan = with_line(office(), BOB, forwarding=Forwarding("follow_me", numbers=(entry,)))
    decision = from_outside(BOBS_OTHER, plan)
    assert rung(decision) == [[BOBS], ["12125550101"]]
    assert "forward.barred" not in codes(decision)
