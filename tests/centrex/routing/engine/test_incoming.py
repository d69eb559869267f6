"""Calls to a line: blocked callers, screening, ring, forward, voicemail, limits."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from centrex.routing.bandwidth import Limits as SiteLimits
from centrex.routing.engine import RejectCause
from centrex.routing.features import Answering, AutoAttendant, Fax, Limits, Music, Recording, Voicemail
from centrex.routing.plan import (
    Action,
    BarringClass,
    Company,
    Forwarding,
    ForwardTo,
    NumberFilter,
    Record,
    ScreeningRule,
    TimeFilter,
)
from centrex.routing.policy import Policy
from centrex.routing.schedule import Span, parse
from tests.centrex.routing.engine.office import (
    ALICE,
    BOB,
    MONDAY_NOON,
    codes,
    from_alice,
    from_outside,
    office,
    on,
    rung,
    with_line,
)

BOBS, CALLER, MOBILE = "12125550102", "442079460000", "19175550123"
VIP = NumberFilter(Record("filter", 1, "VIP"), ("4420%",))
NIGHT = TimeFilter(Record("schedule", 1, "Night"), parse("hr{20-7}"))


def rule(action: Action, name: str = "rule", **values) -> ScreeningRule:
    return ScreeningRule(Record("screening", 1, name), action, **values)


def bob(**values):
    return with_line(office(), BOB, **values)


def entry(number: str = MOBILE, **values) -> ForwardTo:
    return ForwardTo(Record("forward", 1, number), number, **values)


def follow_me(*entries: ForwardTo, order: str = "listed") -> Forwarding:
    return Forwarding("follow_me", order=order, numbers=entries)


def test_ring_forward_voicemail():
    decision = from_alice("202", bob(forwarding=follow_me(entry())))
    assert rung(decision) == [[BOBS], [MOBILE]]
    assert decision.otherwise.address == "voicemail"
    assert decision.steps[0].targets[0].ring == 30


@pytest.mark.parametrize(
    ("answering", "rings", "box"),
    [
        (Answering(ring=True, forward=False, voicemail=False), [[BOBS]], False),
        (Answering(ring=False, forward=True, voicemail=False), [[MOBILE]], False),
        (Answering(ring=False, forward=False, voicemail=True), [], True),
        (Answering(ring=True, forward=False, voicemail=True, ring_seconds=12), [[BOBS]], True),
    ],
)
def test_the_answering_mode(answering, rings, box):
    decision = from_alice("202", bob(forwarding=follow_me(entry()), features=on(answering)))
    assert rung(decision) == rings
    assert (decision.otherwise is not None) is box
    if rings == [[BOBS]]:
        assert decision.steps[0].targets[0].ring == answering.ring_seconds


def test_answering_nothing_is_a_refusal():
    nothing = Answering(ring=False, forward=False, voicemail=False)
    assert from_alice("202", bob(features=on(nothing))).cause == RejectCause.NO_ANSWER


def test_without_a_box_nothing_takes_the_call():
    assert from_alice("202", bob(features=on(Voicemail(), enabled=False))).otherwise is None


def test_the_first_rule_that_matches_decides():
    rules = (
        rule(Action(reject=True), "off", enabled=False),
        rule(Action(reject=True), "at night", times=NIGHT),
        rule(Action(voicemail=True), "vip", callers=VIP),
        rule(Action(reject=True), "all"),
    )
    plan = bob(numbers=("12125550999",), screening=rules)
    decision = from_outside("12125550999", plan)
    assert (rung(decision), decision.otherwise.address) == ([], "voicemail")
    assert next(step for step in decision.trace if step.code == "screening.rule").record.name == "vip"
    at_night = from_outside("12125550999", plan, now=MONDAY_NOON + timedelta(hours=10))
    assert at_night.cause == RejectCause.SCREENED


HOURS = TimeFilter(
    Record("schedule", 2, "Office"),
    parse("wd{mo-fr} hr{8-16}"),
    {MONDAY_NOON.date(): None, (MONDAY_NOON + timedelta(days=1)).date(): Span(time(6), time(7))},
)
HIDDEN = NumberFilter(Record("filter", 2, "Hidden"), anonymous=True)
ONE_NUMBER = NumberFilter(Record("filter", 3, "Second number"), ("12125550998",))


@pytest.mark.parametrize(
    ("days", "hour", "matches"),
    [
        (0, 12, False),  # Monday, closed all day
        (1, 12, False),  # Tuesday with other hours
        (1, 6, True),
        (1, 7, False),
        (2, 12, True),  # an ordinary Wednesday
        (2, 18, False),
        (5, 12, False),  # Saturday
    ],
)
def test_hours_with_holidays_decide_whether_a_rule_matches(days, hour, matches):
    plan = bob(numbers=("12125550999",), screening=(rule(Action(reject=True), times=HOURS),))
    now = (MONDAY_NOON + timedelta(days=days)).astimezone(plan.lines[BOB].zone).replace(hour=hour)
    assert (from_outside("12125550999", plan, now=now).cause is RejectCause.SCREENED) is matches


@pytest.mark.parametrize(
    ("condition", "caller", "called", "matches"),
    [
        ({"callers": HIDDEN}, "", "12125550999", True),
        ({"callers": HIDDEN}, CALLER, "12125550999", False),
        ({"callers": VIP}, "", "12125550999", False),
        ({"callers": VIP}, CALLER, "12125550999", True),
        ({"called": ONE_NUMBER}, CALLER, "12125550999", False),
        ({"called": ONE_NUMBER}, CALLER, "12125550998", True),
        ({"called": ONE_NUMBER, "callers": HIDDEN}, CALLER, "12125550998", False),
        ({}, "", "12125550999", True),
    ],
)
def test_caller_and_called_number_must_both_match(condition, caller, called, matches):
    plan = bob(numbers=("12125550999", "12125550998"), screening=(rule(Action(reject=True), **condition),))
    decision = from_outside(called, plan, caller=caller)
    assert (decision.cause is RejectCause.SCREENED) is matches


def test_the_first_rule_that_matches_decides_and_one_that_is_off_is_passed_over():
    rules = (
        rule(Action(reject=True), "off", enabled=False),
        rule(Action(voicemail=True), "first", callers=VIP),
        rule(Action(reject=True), "second", callers=VIP),
    )
    decision = from_outside("12125550999", bob(numbers=("12125550999",), screening=rules))
    assert decision.otherwise.address == "voicemail"
    assert [step.record.name for step in decision.trace if step.code == "screening.rule"] == ["first"]


def test_a_message_is_played_and_the_call_ends():
    plan = bob(screening=(rule(Action(play=7, then_hang_up=True)),), features=on(AutoAttendant()))
    decision = from_alice("202", plan)
    assert (decision.steps, decision.otherwise.address, decision.otherwise.sound) == ((), "announcement", 7)
    assert decision.cause is None


def test_hidden_callers_need_a_filter_that_says_so():
    anonymous = NumberFilter(Record("filter", 2, "Hidden"), (), anonymous=True)
    plan = bob(numbers=("12125550999",), screening=(rule(Action(reject=True), callers=anonymous),))
    assert from_outside("12125550999", plan, caller="").cause == RejectCause.SCREENED
    assert from_outside("12125550999", plan).cause is None


def test_a_rule_by_the_number_that_was_called():
    new_number = NumberFilter(Record("filter", 3, "New"), ("12125550999",))
    plan = bob(numbers=("12125550999", "12125550998"), screening=(rule(Action(reject=True), called=new_number),))
    assert from_outside("12125550999", plan).cause == RejectCause.SCREENED
    assert from_outside("12125550998", plan).cause is None


def test_a_rule_may_forward_to_a_number():
    decision = from_alice("202", bob(screening=(rule(Action(number=MOBILE, voicemail=True)),)))
    assert rung(decision) == [[MOBILE]]


def test_blocked_callers_are_refused_before_anything_else():
    plan = office(companies={1: Company(1, "EasyCall Ltd", blocked_callers=frozenset({CALLER}))})
    assert from_outside("12125550999", plan).cause == RejectCause.BLOCKED_CALLER
    hidden = office(companies={1: Company(1, "EasyCall Ltd", blocked_callers=frozenset({""}))})
    assert from_outside("12125550999", hidden, caller="").cause == RejectCause.BLOCKED_CALLER
    assert from_outside("12125550999", hidden).cause is None


def test_forwarding_obeys_its_schedule_its_switch_and_the_lines_barring():
    premium = BarringClass(7, "Premium", ("1900%",), barred_by_default=True)
    entries = (
        entry("19175550001", period=NIGHT.period),
        entry("19175550002", enabled=False),
        entry("19005550003"),
        entry(BOBS),
        entry("202"),
        entry("19175550004"),
    )
    plan = with_line(office(barring_classes=(premium,)), BOB, forwarding=follow_me(*entries))
    decision = from_alice("202", plan)
    assert rung(decision) == [[BOBS], ["19175550004"]]
    assert [code for code in codes(decision) if code.startswith("forward")] == [
        "forward.not_now", "forward.barred", "forward.loop", "forward.loop", "forward.number",
    ]  # fmt: skip


def test_orders_of_a_list():
    entries = [entry(f"1917555000{count}") for count in range(6)]
    listed = [each.number for each in entries]
    assert rung(from_alice("202", bob(forwarding=follow_me(*entries))))[1:] == [[number] for number in listed]
    assert rung(from_alice("202", bob(forwarding=follow_me(*entries, order="simultaneous"))))[1:] == [listed]
    mixed = bob(forwarding=follow_me(*entries, order="random"))
    orders = {tuple(map(tuple, rung(from_alice("202", mixed, seed=seed))[1:])) for seed in range(20)}
    assert len(orders) > 10
    assert {frozenset(order) for order in orders} == {frozenset((number,) for number in listed)}


@pytest.mark.parametrize(
    ("display", "number", "name"),
    [("caller", "201", "Alice"), ("caller_forwarder", "201", "Bob"), ("forwarder", BOBS, "Bob")],
)
def test_what_the_person_called_by_a_forwarding_sees(display, number, name):
    seen = from_alice("202", bob(forwarding=follow_me(entry(display=display)))).steps[1].targets[0].caller
    assert (seen.number, seen.name) == (number, name)


def test_forwarding_to_an_address():
    plan = bob(forwarding=Forwarding("sip_uri", uri="sip:bob@example.com", transport="tcp"))
    target = from_alice("202", plan).steps[1].targets[0]
    assert (target.kind, target.address, target.transport) == ("uri", "sip:bob@example.com", "tcp")


def test_a_call_goes_round_five_times_at_most():
    assert from_alice("202", hops=5).cause is None
    assert from_alice("202", hops=6).cause == RejectCause.LOOP


def test_limits_of_line_site_and_company():
    plan = bob(features=on(Limits(max_calls=2, max_calls_in=1)), site=4)
    plan = office(
        lines=plan.lines,
        companies={1: Company(1, "EasyCall Ltd", max_calls=9)},
        sites={4: (Record("site", 4, "Main"), SiteLimits(max_calls=5, max_calls_in=3))},
    )
    limits = {each.key: each.max for each in from_alice("202", plan).limits}
    assert limits == {"line:2": 2, "line:2:in": 1, "site:4": 5, "site:4:in": 3, "customer:1": 9}


def test_attendant_and_fax_answer_at_once():
    assert from_alice("202", bob(features=on(AutoAttendant()))).otherwise.address == "attendant"
    assert from_alice("202", bob(features=on(Fax(fax_only=True)))).otherwise.address == "fax"
    assert rung(from_alice("202", bob(features=on(Fax())))) == [[BOBS]]


def test_music_on_hold_a_sound_the_default_tune_or_silence():
    for feature, enabled, heard in [(Music(sound=7), True, (7, False)), (Music(), True, (None, False)),
                                    (Music(sound=7), False, (None, True))]:  # fmt: skip
        plan = with_line(bob(features=on(feature, enabled=enabled)), ALICE, features=on(feature, enabled=enabled))
        for decision in (from_alice("202", plan), from_alice("2125551234", plan)):
            assert (decision.music, decision.hold_in_silence) == heard


def test_recording_and_distinctive_ring():
    decision = from_alice("202", bob(features=on(Recording(incoming=True, announce=False))))
    assert (decision.record_call, decision.announce_recording) == (True, False)
    assert (decision.record_redirected, decision.record_on_demand) == (False, False)
    some = from_alice("202", bob(features=on(Recording(incoming=False, redirected=True, start_stop=True))))
    assert (some.record_call, some.record_redirected, some.record_on_demand) == (False, True, True)
    off = from_alice("202", bob(features=on(Recording(redirected=True, start_stop=True), enabled=False)))
    assert (off.record_call, off.record_redirected, off.record_on_demand) == (False, False, False)
    ringing = office(companies={1: Company(1, "EasyCall Ltd", distinctive_ring=True)})
    assert "Alert-Info" in from_alice("202", ringing).steps[0].targets[0].headers
    assert from_outside("12125550999", ringing).steps[0].targets[0].headers == {}


def test_forwarding_to_an_extension_rings_its_line_and_one_without_a_line_rings_nobody():
    decision = from_outside("12125550999", bob(forwarding=follow_me(entry("201"), entry("203"))))
    assert rung(decision)[1:] == [["12125550101"]]
    assert "forward.not_assigned" in codes(decision)


def test_what_the_policy_denies_is_not_forwarded_to_however_long_it_was_saved():
    plan = bob(forwarding=follow_me(entry("442071234567"), entry()))
    assert rung(from_alice("202", plan))[1:] == [["442071234567"], [MOBILE]]
    denied = from_alice("202", replace(plan, policy=Policy(denied=("44%",))))
    assert rung(denied)[1:] == [[MOBILE]]
    assert "forward.barred" in codes(denied)
    assert from_alice("011442071234567", replace(plan, policy=Policy(denied=("44%",)))).cause == RejectCause.DENIED
