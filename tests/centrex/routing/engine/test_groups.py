"""Calls to a huntgroup: sequence, times, what members add, caller ID, queue."""

from dataclasses import replace
from datetime import UTC, datetime

from centrex.routing.engine import RejectCause
from centrex.routing.hunting import Inclusion, Member
from centrex.routing.plan import Forwarding, ForwardTo, Queue, Record
from tests.centrex.routing.engine.office import ALICE, BOB, SALES, SUPPORT, from_alice, office, rung, with_line

ALICES, BOBS = "12125550101", "12125550102"


def sales(plan=None, **values):
    plan = plan or office()
    return replace(plan, groups={**plan.groups, SALES: replace(plan.groups[SALES], **values)})


def test_in_order_with_delay_and_time():
    targets = [step.targets[0] for step in from_alice("88").steps]
    assert [(each.address, each.delay, each.ring) for each in targets] == [(ALICES, 0, 10), (BOBS, 5, 20)]


def test_all_at_once():
    assert rung(from_alice("88", sales(sequence="simultaneous"))) == [[ALICES, BOBS]]


def test_least_used_begins_with_the_phone_that_was_quiet_longest():
    plan = with_line(sales(sequence="least_used"), ALICE, last_used=datetime(2026, 3, 2, tzinfo=UTC))
    assert rung(from_alice("88", plan)) == [[BOBS], [ALICES]]
    plan = with_line(plan, BOB, last_used=datetime(2026, 3, 3, tzinfo=UTC))
    assert rung(from_alice("88", plan)) == [[ALICES], [BOBS]]


def test_random_is_told_again_by_its_seed():
    orders = {tuple(map(tuple, rung(from_alice("88", sales(sequence="random"), seed=seed)))) for seed in range(20)}
    assert len(orders) == 2


def test_groups_inside_ring_each_phone_once():
    plan = replace(office(), includes={SALES: (Inclusion(SUPPORT),)})
    assert rung(from_alice("88", plan)) == [[ALICES], [BOBS]]


def test_a_member_without_a_phone_is_left_out_and_an_empty_group_refuses():
    plan = replace(office(), members={SALES: (Member(3), Member(1))})
    decision = from_alice("88", plan)
    assert rung(decision) == [[ALICES]]
    assert "group.no_line" in [step.code for step in decision.trace]
    assert from_alice("88", replace(office(), members={})).cause == RejectCause.EMPTY_GROUP
    blocked = with_line(with_line(office(), BOB, blocked=True), ALICE, registered=False)
    assert rung(from_alice("88", blocked)) == [[ALICES]]


def test_a_members_forwarding_counts_only_where_the_group_does_not_ignore_it():
    entry = ForwardTo(Record("forward", 1, "mobile"), "19175550123")
    plan = with_line(office(), ALICE, forwarding=Forwarding("follow_me", numbers=(entry,)))
    assert rung(from_alice("88", plan)) == [[ALICES], [BOBS]]
    heeded = replace(plan, members={SALES: (Member(1, ignore_forwarding=False), Member(2))})
    assert rung(from_alice("88", heeded)) == [[ALICES], ["19175550123"], ["voicemail"], [BOBS]]
    together = rung(from_alice("88", sales(heeded, sequence="simultaneous")))
    assert together == [[ALICES, "19175550123", BOBS], ["voicemail"]]


def test_forms_of_the_caller_id():
    seen = {form: from_alice("88", sales(caller_id=form)).steps[0].targets[0].caller for form in
            ("keep", "group", "group_name")}  # fmt: skip
    assert (seen["keep"].number, seen["keep"].name) == ("201", "Alice")
    assert (seen["group"].number, seen["group"].name) == ("88", "Sales")
    assert (seen["group_name"].number, seen["group_name"].name) == ("201", "Sales")


def test_a_queue_holds_the_callers():
    queue = Queue(1, max_waiting=10, call_seconds=180, max_connected=2, music=5)
    decision = from_alice("88", sales(queue=queue))
    assert (rung(decision), decision.music) == ([["queue"]], 5)
