"""Toll fraud: a forwarded leg counts with the line that forwards, ends after five hops, and not without service."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from centrex.routing.engine import RejectCause
from centrex.routing.features import Barring, Limits
from centrex.routing.plan import BarringClass, Forwarding, ForwardTo, Record
from centrex.routing.policy import Countries, Policy
from tests.centrex.routing.engine.office import (
    ALICE,
    BOB,
    MONDAY_NOON,
    codes,
    from_outside,
    office,
    on,
    rung,
    with_line,
)

ALICES, LONDON = "12125550101", "442079460000"
TO_LONDON = Forwarding("simple", numbers=(ForwardTo(Record("forward", 1, LONDON), LONDON),))


def plan(**values):
    return with_line(office(), ALICE, **({"forwarding": TO_LONDON} | values))


def company(with_plan, **values):
    return replace(with_plan, companies={1: replace(with_plan.companies[1], **values)})


def forwarded(answer):
    return [address for step in rung(answer) for address in step if address == LONDON]


def test_the_forwarding_lines_own_limits_count():
    limited = plan(features=on(Limits(max_calls=2, max_calls_forwarded=1)))
    answer = from_outside(ALICES, limited)
    leg = next(target for step in answer.steps for target in step.targets if target.address == LONDON)
    keys = {limit.key: limit.max for limit in (*answer.limits, *leg.limits)}
    assert keys["line:1:forwarded"] == 1
    assert not any(key.startswith("line:2") for key in keys)
    assert "line:1:forwarded" not in {limit.key for limit in from_outside(ALICES, office()).limits}


def test_five_hops_and_no_more():
    assert forwarded(from_outside(ALICES, plan(), hops=4))
    last = from_outside(ALICES, plan(), hops=5)
    assert (forwarded(last), "forward.too_often" in codes(last)) == ([], True)
    assert from_outside(ALICES, plan(), hops=6).cause is RejectCause.LOOP


def test_a_chain_of_colleagues_that_forward_to_each_other_ends():
    back = Forwarding("simple", numbers=(ForwardTo(Record("forward", 2, "201"), "201"),))
    there = Forwarding("simple", numbers=(ForwardTo(Record("forward", 1, "202"), "202"),))
    circle = with_line(plan(forwarding=there), BOB, forwarding=back)
    assert rung(from_outside(ALICES, circle)) == [[ALICES], ["12125550102"]]


def test_no_service_no_forwarding():
    for stopped in (company(plan(), active=False), plan(blocked=True)):
        answer = from_outside(ALICES, stopped)
        assert (answer.steps, answer.otherwise) == ((), None)


def test_a_forward_is_asked_about_again_at_each_call():
    assert not forwarded(from_outside(ALICES, replace(plan(), policy=Policy(denied=("44%",)))))
    assert not forwarded(from_outside(ALICES, company(plan(), countries=Countries(everywhere=False))))
    assert not forwarded(from_outside(ALICES, company(plan(), available=Decimal(0))))
    barred = replace(plan(features=on(Barring(barred=(1,)))), barring_classes=(BarringClass(1, "Abroad", ("44%",)),))
    assert not forwarded(from_outside(ALICES, barred))
    assert forwarded(from_outside(ALICES, company(plan(), countries=Countries(False, frozenset({"GB"})))))


def test_a_new_number_of_high_risk_waits():
    waiting = plan(cooling={LONDON: MONDAY_NOON + timedelta(minutes=12)})
    answer = from_outside(ALICES, waiting)
    assert not forwarded(answer)
    step = next(step for step in answer.trace if step.code == "forward.cooling")
    assert step.facts == {"number": LONDON, "minutes": "12"}
    assert forwarded(from_outside(ALICES, waiting, now=MONDAY_NOON + timedelta(minutes=12)))
