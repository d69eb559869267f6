"""What the feature server is told about voicemail, faxes and recordings, with and without each setting."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from centrex.routing.codes import Service
from centrex.routing.engine import RejectCause
from centrex.routing.engine.calls import Box, Decision, Target
from centrex.routing.features import Fax, Feature, Recording, Voicemail
from tests.centrex.routing.engine.office import ALICE, BOB, codes, from_alice, from_outside, office, on, with_line

BOBS = "12125550102"
GREETING = 7


def calling_bob(*features: tuple[Feature, bool], sounds: frozenset[int] = frozenset({GREETING})) -> Decision:
    """A call from outside to Bob, whose line has these settings."""
    own: dict[str, Any] = {}
    for feature, enabled in features:
        own |= on(feature, enabled=enabled)
    return from_outside(BOBS, replace(with_line(office(), BOB, features=own), sounds=sounds))


def box_of(decision: Decision) -> tuple[int | None, Box]:
    target = decision.otherwise
    assert target is not None
    assert target.address == "voicemail"
    assert target.box is not None
    return target.sound, target.box


def test_the_usual_box():
    assert box_of(calling_bob()) == (None, Box())


def test_no_box():
    decision = calling_bob((Voicemail(), False))
    assert decision.otherwise is None
    assert "voicemail.off" in codes(decision)


@pytest.mark.parametrize(
    ("values", "sound", "box"),
    [
        (Voicemail(auto_play=True), None, Box(auto_play=True)),
        (Voicemail(announce_time=False), None, Box(announce_time=False)),
        (Voicemail(pin_hash="x"), None, Box(ask_pin=True)),
        (Voicemail(greeting="personal", personal=GREETING), GREETING, Box(greeting="personal")),
        (Voicemail(greeting="name", name=GREETING), GREETING, Box(greeting="name")),
        (Voicemail(greeting="absence", absence=GREETING), GREETING, Box(greeting="absence")),
        # The others are kept for another time.
        (Voicemail(greeting="standard", personal=GREETING), None, Box()),
        (Voicemail(greeting="name", personal=GREETING), None, Box()),
        # One that is still being prepared, or that could not be.
        (Voicemail(greeting="personal", personal=8), None, Box()),
    ],
)
def test_what_the_box_does(values, sound, box):
    assert box_of(calling_bob((values, True))) == (sound, box)


def test_the_box_takes_faxes_where_faxes_are_on():
    assert box_of(calling_bob((Fax(), True)))[1].takes_fax
    assert not box_of(calling_bob((Fax(), False)))[1].takes_fax


def test_a_line_for_faxes_only():
    decision = calling_bob((Fax(fax_only=True), True))
    assert decision.steps == ()
    assert (decision.otherwise.address, decision.otherwise.box) == ("fax", Box(takes_fax=True))
    assert calling_bob((Fax(fax_only=True), False)).otherwise.address == "voicemail"


@pytest.mark.parametrize("dialled", ["201", "12125550101"])
def test_who_calls_himself_hears_his_messages(dialled):
    values = Voicemail(pin_hash="x", auto_play=True, greeting="personal", personal=GREETING)
    plan = with_line(office(), ALICE, features=on(values) | on(Recording(outgoing=True)))
    decision = from_alice(dialled, replace(plan, sounds=frozenset({GREETING})))
    (target,) = decision.steps[0].targets
    assert target == Target("feature", "mailbox", line=ALICE, called=dialled, box=Box(ask_pin=True, auto_play=True))
    assert not decision.record_call
    assert "voicemail.own" in codes(decision)


def test_a_colleague_or_a_forwarded_call_does_not_hear_them():
    assert from_alice("202").otherwise.address == "voicemail"
    forwarded = from_alice("201", hops=1)
    assert all(target.address != "mailbox" for step in forwarded.steps for target in step.targets)


def test_without_a_box_the_own_number_rings():
    plan = with_line(office(), ALICE, features=on(Voicemail(), enabled=False))
    assert from_alice("201", plan).steps[0].targets[0].kind == "line"


RECORDING_CODES = {Service.RECORD_START: "*44", Service.RECORD_STOP: "*45"}


@pytest.mark.parametrize(
    ("company", "start_stop", "enabled", "expected"),
    [
        (RECORDING_CODES, True, True, ("*44", "*45")),
        (RECORDING_CODES, False, True, ()),
        (RECORDING_CODES, True, False, ()),
        ({}, True, True, ()),
    ],
)
def test_the_codes_that_record_a_part_of_a_call(company, start_stop, enabled, expected):
    feature = on(Recording(start_stop=start_stop), enabled=enabled)
    plan = replace(with_line(office(), ALICE, features=feature), codes=company)
    assert from_alice("9175550123", plan).record_codes == expected
    assert from_outside("12125550101", plan).record_codes == expected


@pytest.mark.parametrize("dialled", ["*44", "*45"])
def test_such_a_code_is_no_call_by_itself(dialled):
    decision = from_alice(dialled, office(codes=RECORDING_CODES))
    assert decision.cause is RejectCause.NO_CALL
    assert from_alice(dialled, office(codes={})).cause is not RejectCause.NO_CALL
