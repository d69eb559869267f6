"""Calls for help pass everything, are never changed, and carry the address and the number that count."""

from dataclasses import replace
from decimal import Decimal

import pytest

from centrex.routing.codes import Service
from centrex.routing.dialing.rules import DialingRules, Kind
from centrex.routing.features import Barring, Disa, Identity, Limits
from centrex.routing.plan import Address, BarringClass, Record
from centrex.routing.policy import Countries, Policy
from tests.centrex.routing.engine.office import ALICE, codes, from_alice, office, on, rung, with_line

HOME = Address(
    Record("emergency", 7, "1520 Pine Street, 98101 SEATTLE"), "EasyCall Ltd", "US", "SEATTLE", "Pine Street"
)
ALL_BARRED = (BarringClass(1, "Everything", ("%",)), BarringClass(2, "Not here", ("1%",), matching=False))
PBX = DialingRules(
    enabled=True, kind=Kind.PBX, country_code="1", international_prefixes=("011",), outside_prefix="9",
    long_distance_prefix="1", national_lengths=(10,), exceptions=("112", "911"),
)  # fmt: skip


def company(plan, **values):
    return replace(plan, companies={1: replace(plan.companies[1], **values)})


def line(**values):
    return with_line(office(), ALICE, **({"emergency": HOME} | values))


BLOCKS = {
    "nothing": line(),
    "suspended": company(line(), active=False),
    "line blocked": line(blocked=True),
    "barred": replace(line(features=on(Barring(barred=(1, 2)))), barring_classes=ALL_BARRED),
    "denied": replace(line(), policy=Policy(denied=("%",), risky=("%",))),
    "no country": company(line(), countries=Countries(everywhere=False)),
    "no money": company(line(), available=Decimal(0)),
    "company limit": company(line(), max_calls=0),
    "line limit": line(features=on(Limits(max_calls=0, max_calls_out=0))),
    "hidden": line(features=on(Identity(hide_cli="always"))),
    "phone away": line(registered=False),
    "number space": replace(line(), numbers={"911": "202", "112": "442071234567"}),
    "service code": replace(line(), codes={Service.PAGING: "9", Service.PARK: "1"}),
    "disa locked": line(features=on(Disa(pin_hash="x")), wrong_pins=99),
    "pbx": line(dialing=PBX),
    "custom rule": line(dialing=DialingRules(enabled=True, kind=Kind.CUSTOM, custom="s/^911/4420/;")),
}


@pytest.mark.parametrize("number", ["911", "112"])
@pytest.mark.parametrize("plan", BLOCKS.values(), ids=list(BLOCKS))
def test_nothing_stops_or_changes_it(plan, number):
    answer = from_alice(number, plan, price=Decimal(100))
    assert (rung(answer), answer.called, answer.emergency) == ([[number]], number, True)
    target = answer.steps[0].targets[0]
    assert (target.kind, target.caller.number, target.caller.hidden) == ("trunk", "12125550101", False)
    assert (answer.address, answer.callback) == (HOME, "12125550101")
    assert (answer.limits, answer.max_seconds, answer.record_call) == ((), None, False)


@pytest.mark.parametrize("plan", BLOCKS.values(), ids=list(BLOCKS))
def test_behind_the_code_that_hides_the_number(plan):
    coded = replace(plan, codes=plan.codes | {Service.HIDE_CLI: "*67", Service.SHOW_CLI: "*82"})
    for code in ("*67", "*82"):
        answer = from_alice(f"{code}911", coded)
        assert (rung(answer), answer.emergency) == ([["911"]], True)
        assert not answer.steps[0].targets[0].caller.hidden


@pytest.mark.parametrize("block", ["nothing", "suspended", "barred", "denied", "no money", "line blocked"])
def test_behind_the_prefix_to_the_outside(block):
    plan = with_line(BLOCKS[block], ALICE, dialing=PBX)
    answer = from_alice("9911", plan)
    assert (rung(answer), answer.emergency, answer.address) == ([["911"]], True, HOME)


@pytest.mark.parametrize(
    ("country", "number"), [("PK", "1122"), ("SE", "90000"), ("ZA", "10111"), ("DE", "110"), ("TH", "1669")]
)
def test_numbers_of_the_country_where_the_site_is(country, number):
    assert not from_alice(number, line()).emergency
    abroad = from_alice(number, line(location=country))
    assert (rung(abroad), abroad.emergency) == ([[number]], True)
    assert from_alice("911", line(location=country)).emergency  # people know those of their home as well


def test_a_helpline_is_not_an_emergency_number():
    assert not from_alice("116117", line(location="DE")).emergency


def test_without_an_address_the_call_is_made_all_the_same():
    answer = from_alice("911", line(emergency=None))
    assert (answer.emergency, answer.address) == (True, None)
    assert codes(answer) == ["caller.line", "called.emergency", "emergency.no_address"]
    assert codes(from_alice("911", line()))[-1] == "emergency.address"


def test_the_callback_number_is_the_lines_own_whatever_it_shows():
    shown = line(features=on(Identity(number="12125559999")))
    answer = from_alice("911", shown)
    assert (answer.callback, answer.steps[0].targets[0].caller.number) == ("12125550101", "12125559999")
    berlin = line(account_id="4930123456", numbers=("12125550111",))
    assert from_alice("911", berlin).callback == "12125550111"  # helpers in the US call numbers of country code 1
    assert from_alice("110", replace_location(berlin, "DE")).callback == "4930123456"
    desk = line(account_id="desk-1", numbers=(), features=on(Identity(number="12125559999")))
    assert from_alice("911", desk).callback == "12125559999"  # it has none of its own


def replace_location(plan, country):
    return with_line(plan, ALICE, location=country)


def test_through_disa_the_lines_address_would_mislead():
    plan = line(features=on(Disa(pin_hash="x", callers=("1917",))), wrong_pins=99)
    answer = from_alice("911", plan, via="disa", caller="19175550123")
    assert (rung(answer), answer.emergency, answer.address) == ([["911"]], True, None)
    assert answer.callback == "19175550123"
