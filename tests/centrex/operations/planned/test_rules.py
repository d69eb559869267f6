"""Call Screening for a time: rules switched, moved, changed and added; and all of that turned back."""

from datetime import timedelta

import pytest

from centrex.models import Line, PlannedChange, ScreeningRule, Sound
from centrex.operations.planned.begin_and_end import apply_due
from centrex.operations.screening import arrange_rules, delete_rule, save_rule
from centrex.queries.planned import coming, way_back
from centrex.queries.planned_rules import first_of, head_of, rules_in, screening_state
from centrex.queries.plans import plan_of
from centrex.routing.engine import Call, decide
from selfcare.errors import Refused
from selfcare.models import AuditEvent, OutgoingMail
from tests.centrex.operations.planned.conftest import FRIDAY, MONDAY, NOW
from tests.factories import LineFactory, NumberFilterFactory, ScreeningRuleFactory, SoundFactory

SATURDAY = FRIDAY + timedelta(days=1)
ABROAD = "+442079460000"


@pytest.fixture
def rules(line):
    """The first rule takes every call, if it is on; the second one is for others."""
    return [
        ScreeningRuleFactory(line=line, position=place, name=name, action=action, enabled=place == 2)
        for place, name, action in ((1, "Closed", "reject"), (2, "Usual", "ring"))
    ]


@pytest.fixture
def arrange(alice, line):
    def done(*order, enabled=None):
        on = {rule.pk for rule in (order if enabled is None else enabled)}
        ids = [rule.pk for rule in order]
        fresh = Line.objects.get(pk=line.pk)
        arrange_rules(user=alice, line=fresh, version=None, order=ids, enabled=on, now=NOW)

    return done


@pytest.fixture
def save(alice, line):
    def done(rule=None, *, confirmed=False, **values):
        fresh = ScreeningRule.objects.get(pk=rule.pk) if rule else ScreeningRule(line=line)
        for name, value in values.items():
            setattr(fresh, name, value)
        return save_rule(user=alice, rule=fresh, version=None, confirmed=confirmed, now=NOW)

    return done


def listed(line):
    """The rules as a person reads them."""
    return [(rule.name, rule.action, rule.enabled) for rule in line.screening_rules.order_by("position")]


def test_a_rule_is_on_for_a_weekend_and_nothing_else_is_said(plan, arrange, rules, line):
    closed, usual = rules
    change = plan("screening", line, lambda: arrange(closed, usual))
    assert change.new == {f"{closed.pk}.enabled": True}
    assert not ScreeningRule.objects.get(pk=closed.pk).enabled
    apply_due(now=FRIDAY)
    assert listed(line) == [("Closed", "reject", True), ("Usual", "ring", True)]
    event = AuditEvent.objects.of(line).get()
    assert (event.planned, event.page) == (True, "centrex:lines")
    apply_due(now=MONDAY)
    assert listed(line) == [("Closed", "reject", False), ("Usual", "ring", True)]
    assert (PlannedChange.objects.get().state, OutgoingMail.objects.count()) == ("done", 0)


def test_another_order_for_a_weekend(plan, arrange, rules, line):
    closed, usual = rules
    arrange(closed, usual)
    change = plan("screening", line, lambda: arrange(usual, closed))
    assert change.new == {"first": [usual.pk]}
    apply_due(now=FRIDAY)
    assert [name for name, _action, _on in listed(line)] == ["Usual", "Closed"]
    apply_due(now=MONDAY)
    assert [name for name, _action, _on in listed(line)] == ["Closed", "Usual"]


def test_a_changed_rule_keeps_what_others_changed_of_it_meanwhile(plan, save, rules, line, easycall):
    _closed, usual = rules
    callers = NumberFilterFactory(customer=easycall)
    change = plan("screening", line, lambda: save(usual, action="voicemail", callers=callers))
    assert change.new == {f"{usual.pk}.action": "voicemail", f"{usual.pk}.callers_id": callers.pk}
    save(usual, name="As ever")
    apply_due(now=FRIDAY)
    usual.refresh_from_db()
    assert (usual.name, usual.action, usual.callers) == ("As ever", "voicemail", callers)
    save(usual, name="As ever and ever")
    apply_due(now=MONDAY)
    usual.refresh_from_db()
    assert (usual.name, usual.action, usual.callers) == ("As ever and ever", "ring", None)


def test_a_rule_for_a_time_comes_under_the_id_it_was_planned_with_and_goes(plan, save, rules, line):
    change = plan("screening", line, lambda: save(name="Party", action="voicemail"))
    (key,) = {int(name.partition(".")[0]) for name in change.new}
    assert not ScreeningRule.objects.filter(pk=key).exists()
    apply_due(now=FRIDAY)
    assert listed(line)[-1] == ("Party", "voicemail", True)
    assert ScreeningRule.objects.get(name="Party").pk == key
    apply_due(now=MONDAY)
    assert [name for name, _action, _on in listed(line)] == ["Closed", "Usual"]


def test_two_rules_are_added_for_times_that_overlap(plan, save, rules, line):
    plan("screening", line, lambda: save(name="Party", action="voicemail"))
    later = MONDAY + timedelta(days=1)
    plan("screening", line, lambda: save(name="Fair", action="reject"), starts_at=SATURDAY, ends_at=later)
    apply_due(now=SATURDAY)
    assert [name for name, _action, _on in listed(line)] == ["Closed", "Usual", "Party", "Fair"]
    apply_due(now=MONDAY)
    assert [name for name, _action, _on in listed(line)] == ["Closed", "Usual", "Fair"]
    apply_due(now=later)
    assert [name for name, _action, _on in listed(line)] == ["Closed", "Usual"]
    assert {change.state for change in PlannedChange.objects.all()} == {"done"}
    assert not OutgoingMail.objects.exists()


def test_an_added_rule_that_somebody_changed_stays_whole(plan, save, rules, line):
    plan("screening", line, lambda: save(name="Party", action="voicemail"))
    apply_due(now=FRIDAY)
    save(ScreeningRule.objects.get(name="Party"), name="Every evening")
    apply_due(now=MONDAY)
    assert listed(line)[-1] == ("Every evening", "voicemail", True)
    change = PlannedChange.objects.get()
    assert (change.state, "Somebody changed these settings" in change.reason) == ("done", True)


def test_a_rule_that_somebody_deleted_fails_the_change_and_is_not_made_again(plan, arrange, rules, line, alice):
    closed, usual = rules
    plan("screening", line, lambda: arrange(closed, usual))
    delete_rule(user=alice, rule=closed, version=None)
    apply_due(now=FRIDAY)
    change = PlannedChange.objects.get()
    assert (change.state, change.reason) == ("failed", "Somebody deleted a rule that this would change.")
    assert [name for name, _action, _on in listed(line)] == ["Usual"]
    assert OutgoingMail.objects.get().to == [alice.email]


def test_a_time_that_passed_by_is_missed(plan, arrange, rules, line):
    plan("screening", line, lambda: arrange(*rules))
    apply_due(now=MONDAY)
    assert PlannedChange.objects.get().state == "missed"
    assert listed(line)[0] == ("Closed", "reject", False)


def test_a_message_stays_until_the_rule_plays_it_again(plan, save, rules, line, easycall):
    _closed, usual = rules
    message = SoundFactory(customer=easycall, purpose="prompt")
    save(usual, action="play", message=message)
    plan("screening", line, lambda: save(usual, action="voicemail"))
    apply_due(now=FRIDAY)
    assert Sound.objects.filter(pk=message.pk).exists()
    apply_due(now=MONDAY)
    usual.refresh_from_db()
    assert (usual.action, usual.message) == ("play", message)


def test_a_number_abroad_asks_for_the_password_now_and_goes_as_far_as_it_then(plan, save, rules, line):
    _closed, usual = rules
    with pytest.raises(Refused, match="password"):
        plan("screening", line, lambda: save(usual, action="number", number=ABROAD))
    assert not OutgoingMail.objects.exists()
    plan("screening", line, lambda: save(usual, action="number", number=ABROAD, confirmed=True), confirmed=True)
    apply_due(now=FRIDAY)
    usual.refresh_from_db()
    assert usual.number == ABROAD[1:]
    assert OutgoingMail.objects.filter(subject__contains="expensive").exists()


def test_without_the_password_it_fails_at_its_start(plan, save, rules, line):
    _closed, usual = rules
    plan("screening", line, lambda: save(usual, action="number", number=ABROAD, confirmed=True))
    apply_due(now=FRIDAY)
    assert (PlannedChange.objects.get().state, listed(line)[1][1]) == ("failed", "ring")


def taken(easycall, line, when):
    """Whether a call at that time is taken, by what is planned now."""
    found = plan_of(easycall, now=when, overlay=coming(easycall, when=when))
    return decide(found, Call(line.account_id, caller="12065550150"), when).cause is None


def test_what_happens_if_knows_it(plan, arrange, save, rules, easycall, line):
    Line.objects.filter(pk=line.pk).update(registered_until=MONDAY + timedelta(days=30))
    closed, usual = rules
    plan("screening", line, lambda: arrange(closed, usual))
    assert [taken(easycall, line, when) for when in (NOW, SATURDAY, MONDAY)] == [True, False, True]
    apply_due(now=FRIDAY)
    assert [taken(easycall, line, when) for when in (SATURDAY, MONDAY)] == [False, True]


def test_the_overlay_is_what_the_job_makes(plan, arrange, save, rules, easycall, line):
    """Also for a filter that no rule names yet, and with rules of another line at hand."""
    other = LineFactory(customer=easycall)
    ScreeningRuleFactory(line=other)
    closed, usual = rules
    callers = NumberFilterFactory(customer=easycall, patterns="1212")
    plan("screening", line, lambda: arrange(usual, closed))
    plan("screening", line, lambda: save(name="Party", action="voicemail", callers=callers))
    for when in (FRIDAY, MONDAY):
        foreseen = plan_of(easycall, now=when, overlay=coming(easycall, when=when))
        assert apply_due(now=when) == 2
        now_is = plan_of(easycall, now=when)
        assert foreseen == now_is
        assert len(now_is.lines[line.pk].screening) == (3 if when == FRIDAY else 2)


def test_a_rule_whose_filter_is_gone_is_not_foreseen(plan, save, rules, easycall, line):
    callers = NumberFilterFactory(customer=easycall)
    plan("screening", line, lambda: save(name="Party", action="voicemail", callers=callers))
    callers.delete()
    foreseen = plan_of(easycall, now=SATURDAY, overlay=coming(easycall, when=SATURDAY))
    assert len(foreseen.lines[line.pk].screening) == 2
    apply_due(now=FRIDAY)
    assert (PlannedChange.objects.get().state, line.screening_rules.count()) == ("failed", 2)


@pytest.mark.parametrize(
    ("ids", "first"),
    [([], []), ([4], []), ([1, 2, 9], []), ([2, 1], [2]), ([2, 1, 9], [2]), ([3, 1, 2], [3]), ([1, 3, 2], [1, 3]),
     ([3, 2, 1], [3, 2])],
)  # fmt: skip
def test_the_order_is_told_by_those_that_do_not_stand_as_they_were_added(ids, first):
    assert first_of(ids) == first
    rules = {f"{pk}.there": True for pk in ids}
    assert list(rules_in({"first": first, **rules})) == ids


def test_what_a_rule_was_before_it_was_there_is_decided_as_a_whole():
    before, after = {"first": []}, {"first": [], "9.there": True, "9.name": "Party", "9.enabled": True}
    assert way_back(before, after, after, head=head_of) == (
        {"9.there": None, "9.name": None, "9.enabled": None}, [],
    )  # fmt: skip
    assert way_back(before, after, {**after, "9.name": "Evening"}, head=head_of) == ({}, ["9.name"])
    gone = {"first": []}
    assert way_back(before, after, gone, head=head_of)[0] == {}


def test_reading_names_every_field_of_every_rule(rules, line):
    closed, _usual = rules
    state = screening_state(line)
    assert (state["first"], state[f"{closed.pk}.there"], state[f"{closed.pk}.action"]) == ([], True, "reject")
