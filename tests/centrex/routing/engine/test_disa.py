"""DISA: each setting, with it and without it."""

from dataclasses import replace
from decimal import Decimal

import pytest

from centrex.routing.engine import RejectCause
from centrex.routing.features import Barring, Disa, Identity, Limits
from centrex.routing.plan import BarringClass
from centrex.routing.policy import Countries, Policy
from tests.centrex.routing.engine.office import ALICE, BOB, codes, from_alice, from_outside, office, on, rung, with_line
from tests.centrex.routing.engine.table import shows

PAGE = "centrex:line-disa"
MOBILE, ALICES, LONDON, SEATTLE = "19175550123", "12125550101", "442079460000", "12065550150"
READY = Disa(pin_hash="hash")


def plan(disa=READY, *, enabled=True, **values):
    return with_line(office(), ALICE, features=on(disa, enabled=enabled), **values)


def through(dialled, with_plan, **values):
    """A call of somebody who gave the right PIN."""
    return from_alice(dialled, with_plan, **({"via": "disa", "caller": MOBILE} | values))


@shows("DISA", "Disa.enabled", page=PAGE, without=False)
@shows("PIN", "Disa.pin_hash", page=PAGE, without=False)
@shows("Access numbers", "Disa.numbers", page=PAGE, with_=False)
def test_it_answers_its_numbers_instead_of_the_phone():
    answer = from_outside(ALICES, plan())
    assert rung(answer) == [["disa"]]
    assert (answer.steps[0].targets[0].kind, answer.account, answer.direction) == ("feature", ALICE, "in")
    assert "answered.disa" in codes(answer)


@shows("DISA", "Disa.enabled", page=PAGE, with_=False)
@shows("PIN", "Disa.pin_hash", page=PAGE, with_=False)
@shows("Access numbers", "Disa.numbers", page=PAGE, without=False)
@pytest.mark.parametrize(
    "with_plan",
    [
        plan(enabled=False),
        plan(Disa()),  # without a PIN
        plan(replace(READY, numbers=("12125550777",))),
    ],
)
def test_the_phone_rings_without_it(with_plan):
    assert rung(from_outside(ALICES, with_plan)) == [[ALICES]]


def test_colleagues_still_ring_the_phone():
    assert rung(from_alice("201", plan(), line=BOB)) == [[ALICES]]


@shows("After the call is answered", "Disa.tone", page=PAGE)
@shows("Tries for the PIN in one call", "Disa.retries", page=PAGE)
@shows("Seconds to wait for the next digit", "Disa.digit_seconds", page=PAGE)
@shows("Language of its voice", "Disa.language", page=PAGE)
def test_what_the_service_is_told():
    usual = from_outside(ALICES, plan()).steps[0].targets[0].options
    assert usual == {"tone": "dialtone", "retries": "3", "digit_seconds": "5", "max_digits": "15", "language": ""}
    asked = replace(READY, tone="ringing", retries=2, digit_seconds=7, max_digits=12, language="de")
    assert from_outside(ALICES, plan(asked)).steps[0].targets[0].options == {
        "tone": "ringing", "retries": "2", "digit_seconds": "7", "max_digits": "12", "language": "de",
    }  # fmt: skip


@shows("Callers that it serves", "Disa.callers", page=PAGE)
def test_the_list_of_callers_refuses_others():
    listed = plan(replace(READY, callers=(MOBILE,)))
    assert rung(from_outside(ALICES, listed, caller=MOBILE)) == [["disa"]]
    assert rung(from_outside(ALICES, listed, caller="+" + MOBILE)) == [["disa"]]
    for caller in ("442079460000", ""):
        refused = from_outside(ALICES, listed, caller=caller)
        assert (refused.cause, refused.trace[-1].facts["reason"]) == (RejectCause.DISA, "disa_caller")
    assert through(SEATTLE, listed, caller="442079460000").cause is RejectCause.DISA
    assert rung(through(SEATTLE, listed)) == [[SEATTLE]]


@shows("Locked after wrong PINs in a row", "Disa.lock_after", page=PAGE)
def test_wrong_pins_lock_it():
    assert rung(from_outside(ALICES, plan(wrong_pins=4))) == [["disa"]]
    assert from_outside(ALICES, plan(wrong_pins=5)).trace[-1].facts["reason"] == "disa_locked"
    assert rung(from_outside(ALICES, plan(replace(READY, lock_after=6), wrong_pins=5))) == [["disa"]]
    assert through(SEATTLE, plan(wrong_pins=5)).cause is RejectCause.DISA


@shows("Other callers go to", "Disa.fallback", page=PAGE)
def test_others_go_to_the_fallback():
    listed = plan(replace(READY, callers=(MOBILE,), fallback="202"))
    assert rung(from_outside(ALICES, listed)) == [["12125550102"]]
    known = from_outside(ALICES, listed, caller=MOBILE)
    assert (rung(known), known.otherwise.address) == ([["disa"]], "12125550102")
    assert from_outside(ALICES, plan()).otherwise is None


def test_who_is_turned_away_before_disa():
    blocked = replace(plan(), companies={1: replace(office().companies[1], blocked_callers=frozenset({MOBILE}))})
    assert from_outside(ALICES, blocked, caller=MOBILE).cause is RejectCause.BLOCKED_CALLER
    closed = replace(plan(), companies={1: replace(office().companies[1], active=False)})
    assert from_outside(ALICES, closed).cause is RejectCause.SUSPENDED
    assert through(SEATTLE, closed).cause is RejectCause.SUSPENDED
    assert from_outside(ALICES, plan(blocked=True)).cause is RejectCause.LINE_BLOCKED
    assert through(SEATTLE, plan(blocked=True)).cause is RejectCause.LINE_BLOCKED


def test_what_was_dialled_follows_the_lines_dialing_rules_and_is_billed_to_it():
    answer = through("2065550150", plan())
    assert (rung(answer), answer.account, answer.direction) == ([[SEATTLE]], ALICE, "out")
    assert rung(through("202", plan())) == [["12125550102"]]


def test_it_must_be_on():
    assert through(SEATTLE, plan(enabled=False)).trace[-1].facts["reason"] == "disa_off"
    assert through(SEATTLE, office()).cause is RejectCause.DISA


@shows("Digits of a number at most", "Disa.max_digits", page=PAGE)
def test_no_more_digits_than_allowed():
    assert through("01144207946000", plan(replace(READY, max_digits=13))).trace[-1].facts["reason"] == "disa_too_long"
    assert rung(through("011442079460000", plan(replace(READY, max_digits=15)))) == [[LONDON]]


@shows("These calls obey Call Barring", "Disa.obey_barring", page=PAGE)
def test_barring_holds_unless_it_is_switched_off_here():
    abroad = BarringClass(5, "Abroad", ("44%",))
    features = on(READY) | on(Barring(barred=(5,)))
    barred = replace(with_line(office(), ALICE, features=features), barring_classes=(abroad,))
    assert through("+" + LONDON, barred).cause is RejectCause.BARRED
    free = with_line(barred, ALICE, features=on(replace(READY, obey_barring=False)) | on(Barring(barred=(5,))))
    assert rung(through("+" + LONDON, free)) == [[LONDON]]
    assert from_alice("+" + LONDON, free).cause is RejectCause.BARRED  # the phone itself


@pytest.mark.parametrize("values", [{"policy": Policy(denied=("44%",))}, {"countries": Countries(everywhere=False)}])
def test_the_destination_policy_holds_whatever_else_is_set(values):
    loose = plan(replace(READY, obey_barring=False))
    if "countries" in values:
        loose = replace(loose, companies={1: replace(loose.companies[1], **values)})
    else:
        loose = replace(loose, **values)
    assert through("+" + LONDON, loose).cause is RejectCause.DENIED
    assert rung(through(SEATTLE, loose)) == [[SEATTLE]]


@shows("Spend at most in a day", "Disa.daily_cap", page=PAGE)
def test_money_and_the_daily_cap():
    capped = plan(replace(READY, daily_cap="10.00"))
    assert through(SEATTLE, capped, price=Decimal("0.50"), spent=Decimal("9.00")).max_seconds == 120
    assert through(SEATTLE, capped, spent=Decimal("10.00")).trace[-1].facts["reason"] == "disa_cap"
    assert through(SEATTLE, plan(replace(READY, daily_cap="")), spent=Decimal(1000)).max_seconds is None
    assert from_alice(SEATTLE, capped, spent=Decimal(1000)).max_seconds is None  # the cap is for DISA only
    poor = replace(capped, companies={1: replace(capped.companies[1], available=Decimal(1))})
    assert through(SEATTLE, poor, price=Decimal("0.50")).max_seconds == 120
    empty = replace(capped, companies={1: replace(capped.companies[1], available=Decimal(0))})
    assert through(SEATTLE, empty, price=Decimal("0.50")).cause is RejectCause.NO_FUNDS


@shows("Number that the called person sees", "Disa.number", page=PAGE)
def test_the_number_that_is_shown():
    assert through(SEATTLE, plan()).steps[0].targets[0].caller.number == ALICES
    shown = plan(replace(READY, number="12125550999"))
    assert through(SEATTLE, shown).steps[0].targets[0].caller.number == "12125550999"
    assert from_alice(SEATTLE, shown).steps[0].targets[0].caller.number == ALICES
    hidden = with_line(office(), ALICE, features=on(READY) | on(Identity(hide_cli="always")))
    assert through(SEATTLE, hidden).steps[0].targets[0].caller.hidden


def test_service_codes_are_not_for_strangers():
    assert through("*33202", plan()).cause is RejectCause.NOT_RECOGNISED
    assert rung(from_alice("*33202", plan())) == [["12125550102"]]


def test_the_limits_of_the_line_count():
    assert {limit.key for limit in through(SEATTLE, with_limits()).limits} >= {"line:1:out"}


def with_limits():
    return with_line(office(), ALICE, features=on(READY) | on(Limits(max_calls_out=1)))
