"""Changing what is planned: by the page's act over the record as the plan will have made it."""

from datetime import timedelta

import pytest

from centrex.models import FeatureSetting, Line, NewDestination, PlannedChange
from centrex.operations.forwarding import PasswordNeeded
from centrex.operations.planned.begin_and_end import apply_due
from centrex.operations.planned.changing import change_values
from centrex.operations.planned.planning import cancel_plan
from centrex.operations.screening import arrange_rules
from centrex.operations.undo import plan_undo, undo
from selfcare.errors import Outdated, Refused
from selfcare.models import AuditEvent, OutgoingMail
from tests.centrex.operations.planned.conftest import FRIDAY, MONDAY, NOW
from tests.factories import ExtensionFactory, LineFactory, ScreeningRuleFactory, UserFactory

ABROAD = "+442079460000"


@pytest.fixture
def change_to(alice):
    def done(change, act, **more):
        fresh = PlannedChange.objects.get(pk=change.pk)
        usual = {"user": alice, "version": fresh.version, "starts_at": fresh.starts_at, "ends_at": fresh.ends_at}
        usual |= {"labels": {}, "confirmed": False, "now": NOW}
        return change_values(change=fresh, act=act, **(usual | more))

    return done


@pytest.fixture
def other_desk(easycall):
    return ExtensionFactory(customer=easycall, number="206", line=LineFactory(customer=easycall))


def test_the_new_values_take_the_place_of_the_old_ones(forwarding_planned, change_to, forward, other_desk, line):
    change = change_to(forwarding_planned, lambda: forward(line, "206"))
    assert change.new == {"mode": "simple", "to": "206"}
    assert change.changes == {"Mode": ["None", "Simple Forwarding"], "Forward To": ["", "206"]}
    assert (change.version, change.starts_at, change.ends_at) == (2, FRIDAY, MONDAY)
    line.refresh_from_db()
    assert (line.forwarding, line.version) == ("none", 1)
    assert not FeatureSetting.objects.exists()
    event = AuditEvent.objects.of(change).get(action="edit")
    assert event.changes == {"Forward To": ["205", "206"]}
    assert not AuditEvent.objects.of(line).exists()
    apply_due(now=FRIDAY)
    assert line.features.get().values["to"] == "206"


def test_what_the_form_leaves_alone_stays_planned(plan, answer, change_to, line, alice):
    """The act starts from what is planned: a page that saves one value keeps the others of the plan."""
    rules = [ScreeningRuleFactory(line=line, position=place, enabled=False) for place in (1, 2)]

    def on(*wanted):
        ids = [rule.pk for rule in rules]
        fresh = Line.objects.get(pk=line.pk)
        arrange_rules(user=alice, line=fresh, version=1, order=ids, enabled={rule.pk for rule in wanted}, now=NOW)

    change = plan("screening", line, lambda: on(rules[0]))
    change = change_to(change, lambda: on(*rules))
    assert change.new == {f"{rule.pk}.enabled": True for rule in rules}


def test_times_and_values_in_one_and_who_did_it_answers_for_it(
    forwarding_planned, change_to, forward, other_desk, line, easycall
):
    other = UserFactory(customer=easycall)
    later = FRIDAY + timedelta(hours=2)
    change = change_to(forwarding_planned, lambda: forward(line, "206"), user=other, starts_at=later, ends_at=None)
    assert (change.starts_at, change.ends_at, change.planned_by) == (later, None, other)


def test_nothing_left_to_plan_is_refused(plan, answer, change_to, line):
    answer(line, ring_seconds=40)
    change = plan("answering", line, lambda: answer(line, ring_seconds=15))
    with pytest.raises(Refused, match="nothing to be planned"):
        change_to(change, lambda: answer(line, ring_seconds=40))
    assert PlannedChange.objects.get().new == {"ring_seconds": 15}


def test_saving_it_unchanged_writes_nothing_down(forwarding_planned, change_to, forward, line):
    change_to(forwarding_planned, lambda: forward(line, "205"))
    assert PlannedChange.objects.get().version == 1
    assert AuditEvent.objects.of(forwarding_planned).count() == 1


def test_the_second_of_two_editors_is_told(forwarding_planned, change_to, forward, other_desk, line):
    change_to(forwarding_planned, lambda: forward(line, "206"))
    with pytest.raises(Outdated, match="206"):
        change_to(forwarding_planned, lambda: forward(line, "205"), version=1)


def test_the_records_own_version_counts_as_well(forwarding_planned, change_to, answer, forward, line, alice):
    """The try-out of the plan is no change of the line; another one is."""
    version = Line.objects.get(pk=line.pk).version
    answer(line, ring_seconds=40)

    def outdated():
        Line.locked(line.pk, version)

    with pytest.raises(Outdated) as refused:
        change_to(forwarding_planned, outdated)
    assert "Forward" not in str(refused.value)


def test_once_it_has_begun_it_is_refused(forwarding_planned, change_to, forward, other_desk, line, alice):
    apply_due(now=FRIDAY)
    with pytest.raises(Refused, match="begun already"):
        change_to(forwarding_planned, lambda: forward(line, "206"))
    apply_due(now=MONDAY)
    with pytest.raises(Refused, match="begun already"):
        change_to(forwarding_planned, lambda: forward(line, "206"))


def test_a_cancelled_one_and_one_whose_record_is_gone_are_refused(
    forwarding_planned, plan, answer, change_to, forward, line, alice, easycall
):
    other = LineFactory(customer=easycall)
    gone = plan("answering", other, lambda: answer(other, ring_seconds=15))
    other.delete()
    with pytest.raises(Refused, match="deleted"):
        change_to(gone, lambda: None)
    cancel_plan(user=alice, change=PlannedChange.objects.get(pk=forwarding_planned.pk), version=None)
    with pytest.raises(Refused, match="begun already"):
        change_to(forwarding_planned, lambda: forward(line, "206"))


def test_a_number_abroad_asks_for_the_password_like_the_page(forwarding_planned, change_to, forward, line):
    with pytest.raises(PasswordNeeded):
        change_to(forwarding_planned, lambda: forward(line, ABROAD))
    change = change_to(forwarding_planned, lambda: forward(line, ABROAD, confirmed=True), confirmed=True)
    assert (change.new["to"], change.confirmed) == (ABROAD[1:], True)
    assert not OutgoingMail.objects.exists()
    assert not NewDestination.objects.exists()
    apply_due(now=FRIDAY)
    assert line.features.get().values["to"] == ABROAD[1:]


def test_a_password_given_for_one_number_is_none_for_another(plan, change_to, forward, line):
    change = plan("forwarding", line, lambda: forward(line, ABROAD, confirmed=True), confirmed=True)
    assert change_to(change, lambda: forward(line, ABROAD)).confirmed  # what is planned already is not asked about
    with pytest.raises(PasswordNeeded):
        change_to(change, lambda: forward(line, "+442079460001"))


def test_what_cannot_be_done_any_more_is_changed_from_what_is_now(
    forwarding_planned, change_to, forward, stand_in, other_desk, line
):
    forward(stand_in.line, line.account_id)  # now the two would forward to each other
    change = change_to(forwarding_planned, lambda: forward(line, "206"))
    assert (change.new["to"], change.changes["Forward To"]) == ("206", ["", "206"])


def test_an_undo_plans_what_was_planned_before(forwarding_planned, change_to, forward, other_desk, line, alice):
    change_to(forwarding_planned, lambda: forward(line, "206"), ends_at=None)
    event = AuditEvent.objects.of(forwarding_planned).get(action="edit")
    assert [(step.label, step.now, step.then) for step in plan_undo(event).steps][-1] == ("Forward To", "206", "205")
    undo(user=alice, now=NOW, event=event, version=2)
    change = PlannedChange.objects.get()
    assert (change.new, change.ends_at) == ({"mode": "simple", "to": "205"}, MONDAY)
    assert change.changes["Forward To"] == ["", "205"]


def test_an_undo_asks_for_the_password_that_was_given_then(plan, change_to, forward, stand_in, line, alice):
    change = plan("forwarding", line, lambda: forward(line, ABROAD, confirmed=True), confirmed=True)
    change_to(change, lambda: forward(line, "205"))
    event = AuditEvent.objects.of(change).get(action="edit")
    with pytest.raises(PasswordNeeded) as refused:
        undo(user=alice, now=NOW, event=event, version=None)
    assert (refused.value.field, PlannedChange.objects.get().new["to"]) == ("password", "205")
    undo(user=alice, now=NOW, event=event, version=None, confirmed=True)
    kept = PlannedChange.objects.get()
    assert (kept.new["to"], kept.confirmed) == (ABROAD[1:], True)


def test_an_undo_after_its_beginning_is_refused(forwarding_planned, change_to, forward, other_desk, line, alice):
    change_to(forwarding_planned, lambda: forward(line, "206"))
    apply_due(now=FRIDAY)
    with pytest.raises(Refused, match="begun already"):
        undo(user=alice, now=NOW, event=AuditEvent.objects.of(forwarding_planned).get(action="edit"), version=None)


def test_it_meets_other_plans(plan, answer, change_to, line):
    answer(line, ring_seconds=40)
    change = plan("answering", line, lambda: answer(line, ring_seconds=15))
    plan("answering", line, lambda: answer(line, ring_seconds=40, voicemail=False))
    with pytest.raises(Refused, match="planned already"):
        change_to(change, lambda: answer(line, ring_seconds=15, voicemail=False))
