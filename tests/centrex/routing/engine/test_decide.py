"""Who calls and what was dialled: numbers of the office, services, the outside, and calls for help."""

from dataclasses import replace

import pytest

from centrex.routing.codes import Service
from centrex.routing.engine import RejectCause
from centrex.routing.features import Barring, Dialing, Identity, Limits, Recording
from centrex.routing.plan import BarringClass, Company
from centrex.routing.policy import Policy
from tests.centrex.routing.engine.office import (
    ALICE,
    BOB,
    SALES,
    codes,
    from_alice,
    from_outside,
    office,
    on,
    rung,
    with_line,
)

ALICES, BOBS = "12125550101", "12125550102"


def test_an_extension_rings_its_line():
    decision = from_alice("202")
    assert rung(decision) == [[BOBS]]
    assert decision.steps[0].targets[0].caller.number == "201"
    assert decision.direction == "internal"


def test_an_extension_without_a_line():
    decision = from_alice("203")
    assert (decision.cause, decision.sip_code) == (RejectCause.NOT_ASSIGNED, 404)


def test_a_number_outside_goes_to_the_trunk_in_e164():
    decision = from_alice("2125551234")
    target = decision.steps[0].targets[0]
    assert (target.kind, target.address, decision.direction) == ("trunk", "12125551234", "out")
    assert target.caller.number == ALICES


def test_a_colleagues_external_number_stays_inside():
    assert rung(from_alice("2125550999")) == [[BOBS]]


@pytest.mark.parametrize(("dialled", "rings"), [("701", "442071234567"), ("702", BOBS)])
def test_an_abbreviated_number_leads_to_its_target(dialled, rings):
    assert rung(from_alice(dialled)) == [[rings]]


def test_what_the_rules_do_not_know():
    decision = from_alice("5551")
    assert (decision.cause, decision.sip_code) == (RejectCause.NOT_RECOGNISED, 484)


def test_nobody_we_know():
    assert from_outside("4930123456").cause == RejectCause.NOT_ASSIGNED


def test_a_call_from_outside_reaches_the_line_of_the_number():
    decision = from_outside("12125550999")
    assert rung(decision) == [[BOBS]]
    assert decision.steps[0].targets[0].caller.number == "442079460000"


@pytest.mark.parametrize("number", ["911", "112"])
def test_a_call_for_help_passes_everything(number):
    everything = BarringClass(1, "Everything", ("%",), barred_by_default=True)
    plan = with_line(office(barring_classes=(everything,), policy=Policy(denied=("%",))), ALICE, blocked=True)
    plan = replace(plan, companies={1: Company(1, "EasyCall Ltd", country="US", active=False, available=0)})
    decision = from_alice(number, plan)
    assert decision.emergency
    assert rung(decision) == [[number]]
    assert decision.limits == ()


def test_a_suspended_company_and_a_blocked_line_call_nobody():
    suspended = office(companies={1: Company(1, "EasyCall Ltd", active=False)})
    assert from_alice("202", suspended).cause == RejectCause.SUSPENDED
    assert from_alice("202", with_line(office(), ALICE, blocked=True)).cause == RejectCause.LINE_BLOCKED


def test_barring_by_class_and_its_exceptions():
    premium = BarringClass(7, "Premium", ("1900%",), barred_by_default=True)
    plan = office(barring_classes=(premium,))
    decision = from_alice("19005551234", plan)
    assert decision.cause == RejectCause.BARRED
    assert decision.trace[-1].record.name == "Premium"
    allowed = with_line(plan, ALICE, features=on(Barring(allowed=(7,))))
    assert from_alice("19005551234", allowed).cause is None
    assert from_alice("2125551234", plan).cause is None


def test_a_line_without_barring_calls_every_class():
    premium = BarringClass(7, "Premium", ("1900%",), barred_by_default=True)
    off = on(Barring(barred=(7,)), enabled=False)
    plan = with_line(office(barring_classes=(premium,)), ALICE, features=off)
    assert from_alice("19005551234", plan).cause is None


def test_the_number_and_the_name_of_the_line():
    plan = with_line(office(), ALICE, features=on(Identity(number="12125550999", name="Sales")))
    caller = from_alice("2125551234", plan).steps[0].targets[0].caller
    assert (caller.number, caller.name) == ("12125550999", "Sales")
    inside = from_alice("202", plan).steps[0].targets[0].caller
    assert (inside.number, inside.name) == ("201", "Sales")


def test_recording_and_limits_of_outgoing_calls():
    features = on(Recording(outgoing=True, start_stop=True)) | on(Limits(max_calls=3, max_calls_out=1))
    decision = from_alice("2125551234", with_line(office(), ALICE, features=features))
    assert (decision.record_call, decision.record_on_demand, decision.announce_recording) == (True, True, True)
    assert {each.key: each.max for each in decision.limits} == {"line:1": 3, "line:1:out": 1}
    silent = on(Recording(outgoing=False, announce=False))
    decision = from_alice("2125551234", with_line(office(), ALICE, features=silent))
    assert (decision.record_call, decision.announce_recording) == (False, False)


def test_a_line_with_dialing_rules_of_its_own():
    berlin = Dialing(country_code="49", international_prefixes=("00",), area_codes=("30",), local_lengths=(7,))
    plan = with_line(office(), ALICE, dialing=berlin.rules(enabled=True, emergency=("112",)))
    assert rung(from_alice("1234567", plan)) == [["49301234567"]]
    assert berlin.rules(enabled=True, emergency=("112",)).exceptions == ("112",)


def test_a_class_of_all_numbers_but_these():
    home = BarringClass(8, "Only our country", ("1%",), matching=False)
    plan = with_line(office(barring_classes=(home,)), ALICE, features=on(Barring(barred=(8,))))
    assert from_alice("011442071234567", plan).cause == RejectCause.BARRED
    assert from_alice("2125551234", plan).cause is None
    assert from_alice("202", plan).cause is None


def test_no_money_no_call_outside_but_inside():
    plan = office(companies={1: Company(1, "EasyCall Ltd", available=0)})
    assert from_alice("2125551234", plan).cause == RejectCause.NO_FUNDS
    assert from_alice("202", plan).cause is None


@pytest.mark.parametrize(
    ("hide", "dialled", "hidden"),
    [
        ("never", "2125551234", False),
        ("always", "2125551234", True),
        ("always", "*822125551234", False),
        ("automatic", "2125551234", False),
        ("automatic", "*672125551234", True),
    ],
)
def test_hide_cli(hide, dialled, hidden):
    target = from_alice(dialled, with_line(office(), ALICE, features=on(Identity(hide_cli=hide)))).steps[0].targets[0]
    assert (target.caller.hidden, target.address) == (hidden, "12125551234")


def test_paging_makes_the_other_phone_answer():
    target = from_alice("*33202").steps[0].targets[0]
    assert (target.address, target.headers["Answer-Mode"]) == (BOBS, "Auto")


def test_pickup_of_the_primary_and_of_a_named_group():
    assert from_alice("*77").steps[0].targets[0].called == "88"
    assert from_alice("*7788").steps[0].targets[0].called == "88"
    refused = from_alice("*7789")
    assert (refused.cause, refused.trace[-1].facts["reason"]) == (RejectCause.PICKUP, "not_a_member")
    off = replace(office(), codes={Service.HIDE_CLI: "*67"})
    assert from_alice("*77", off).cause == RejectCause.NOT_RECOGNISED


def test_pickup_is_the_groups_to_allow():
    plan = office()
    closed = replace(plan, groups={**plan.groups, SALES: replace(plan.groups[SALES], pickup_allowed=False)})
    assert from_alice("*77", closed).cause == RejectCause.PICKUP


def test_every_step_of_a_way_has_a_word():
    assert codes(from_alice("202")) == [
        "caller.line", "dialled.internal", "called.extension", "answering.default", "ring.phone", "voicemail",
    ]  # fmt: skip
    assert BOB in office().lines
