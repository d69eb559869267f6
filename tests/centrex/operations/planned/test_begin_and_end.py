"""The clock's work: a change is put in place, turned back, refused, missed; never twice and never lost."""

from datetime import timedelta

import pytest

from centrex.models import Line, PlannedChange
from centrex.operations.huntgroups import edit_huntgroup
from centrex.operations.membership import Member, set_contents
from centrex.operations.planned import begin_and_end
from centrex.operations.planned.begin_and_end import apply_due, end_now
from centrex.operations.planned.planning import cancel_plan, change_plan
from centrex.queries.features import effective_of
from centrex.queries.planned import forwarding_state, way_back
from centrex.routing.features import Answering, Source
from centrex.tasks import apply_planned_changes
from selfcare.errors import Refused
from selfcare.models import AuditEvent, OutgoingMail
from tests.centrex.operations.planned.conftest import FRIDAY, MONDAY, NOW
from tests.factories import ExtensionFactory, HuntgroupFactory, LineFactory
from tests.parallel import parallel

MINUTE = timedelta(minutes=1)


def state_of(change: PlannedChange) -> str:
    change.refresh_from_db()
    return change.state


def forwards(line: Line) -> dict:
    return forwarding_state(Line.objects.get(pk=line.pk))


def test_put_in_place_on_friday_and_turned_back_on_monday(forwarding_planned, line, alice):
    assert apply_due(now=FRIDAY - MINUTE) == 0
    assert forwards(line) == {"mode": "none"}
    assert apply_due(now=FRIDAY) == 1
    assert forwards(line) == {"mode": "simple", "to": "205"}
    assert state_of(forwarding_planned) == "active"
    assert forwarding_planned.before == {"mode": "none"}
    assert apply_due(now=MONDAY - MINUTE) == 0
    assert apply_due(now=MONDAY) == 1
    assert forwards(line) == {"mode": "none"}
    assert (state_of(forwarding_planned), forwarding_planned.reason) == ("done", "")
    events = AuditEvent.objects.of(line).order_by("pk")
    assert [(event.user, event.planned, event.page) for event in events] == [(alice, True, "centrex:lines")] * 2
    assert events[0].changes["Mode"] == ["None", "Simple Forwarding"]
    assert not OutgoingMail.objects.exists()
    assert apply_due(now=MONDAY + MINUTE) == 0


def test_what_was_inherited_is_inherited_again(plan, answer, line):
    plan("answering", line, lambda: answer(line, ring_seconds=15))
    apply_due(now=FRIDAY)
    assert effective_of(line, Answering).values.ring_seconds == 15
    apply_due(now=MONDAY)
    assert effective_of(line, Answering).source is Source.DEFAULT


def test_without_an_end_it_stays(plan, forward, line):
    change = plan("forwarding", line, lambda: forward(line), ends_at=None)
    apply_due(now=FRIDAY)
    assert state_of(change) == "done"
    assert apply_due(now=MONDAY) == 0
    assert forwards(line)["mode"] == "simple"


def test_after_days_off_only_what_still_lasts_is_done(forwarding_planned, plan, answer, line):
    long = plan("answering", line, lambda: answer(line, ring_seconds=15), ends_at=MONDAY + timedelta(days=7))
    assert apply_due(now=MONDAY + MINUTE) == 2
    assert forwards(line) == {"mode": "none"}
    assert (state_of(forwarding_planned), state_of(long)) == ("missed", "active")
    assert "nothing was changed" in forwarding_planned.reason
    assert "was not carried out" in OutgoingMail.objects.get().subject


def test_what_others_changed_meanwhile_stays_and_the_planner_is_told(plan, answer, line, alice):
    answer(line, ring_seconds=40)
    change = plan("answering", line, lambda: answer(line, ring_seconds=15, voicemail=False))
    apply_due(now=FRIDAY)
    answer(line, ring_seconds=20, voicemail=False)
    apply_due(now=MONDAY)
    counts = effective_of(line, Answering).values
    assert (counts.ring_seconds, counts.voicemail) == (20, True)
    assert state_of(change) == "done"
    mail = OutgoingMail.objects.get()
    assert mail.to == [alice.email]
    assert "Somebody changed these settings meanwhile" in mail.body


def test_a_setting_of_its_own_that_somebody_changed_is_not_thrown_away(plan, answer, line):
    change = plan("answering", line, lambda: answer(line, ring_seconds=15))
    apply_due(now=FRIDAY)
    answer(line, ring_seconds=20)
    apply_due(now=MONDAY)
    assert effective_of(line, Answering).values.ring_seconds == 20
    assert (state_of(change), bool(change.reason)) == ("done", True)


def test_a_destination_is_checked_again_and_a_refusal_fails_the_change(
    forwarding_planned, forward, stand_in, line, alice
):
    forward(stand_in.line, line.account_id)  # now the two would forward to each other
    apply_due(now=FRIDAY)
    assert forwards(line) == {"mode": "none"}
    assert state_of(forwarding_planned) == "failed"
    assert forwarding_planned.reason
    assert (forwarding_planned.before, OutgoingMail.objects.get().to) == (None, [alice.email])


def test_a_number_abroad_goes_as_far_as_its_password(plan, forward, line):
    change = plan("forwarding", line, lambda: forward(line, "+442079460000", confirmed=True), confirmed=True)
    apply_due(now=FRIDAY)
    assert forwards(line)["to"] == "442079460000"
    assert OutgoingMail.objects.filter(subject__contains="expensive").exists()
    apply_due(now=MONDAY)
    assert (state_of(change), forwards(line)) == ("done", {"mode": "none"})


def test_without_the_password_it_fails_at_its_start(plan, forward, line):
    """As when the ITSP calls a number costly only after it was planned."""
    change = plan("forwarding", line, lambda: forward(line, "+442079460000", confirmed=True))
    apply_due(now=FRIDAY)
    assert (state_of(change), forwards(line)) == ("failed", {"mode": "none"})


def test_a_deleted_record_and_a_planner_who_left(forwarding_planned, plan, answer, alice, line, easycall):
    other = LineFactory(customer=easycall)
    left = plan("answering", other, lambda: answer(other, ring_seconds=15))
    line.delete()
    type(alice).objects.filter(pk=alice.pk).update(is_active=False)
    apply_due(now=FRIDAY)
    assert (state_of(forwarding_planned), state_of(left)) == ("failed", "failed")
    assert "no longer sign in" in left.reason
    # Nobody is left of the company's owners, so the company's own address is told.
    assert {to for mail in OutgoingMail.objects.all() for to in mail.to} <= {easycall.email}


def test_settings_it_belongs_to_are_gone(plan, answer, line, alice):
    answer(line, ring_seconds=40)
    change = plan("answering", line, lambda: answer(line, ring_seconds=15))
    line.features.all().delete()
    apply_due(now=FRIDAY)
    assert state_of(change) == "failed"
    assert effective_of(line, Answering).source is Source.DEFAULT


def test_an_end_comes_before_a_beginning_of_the_same_moment(forwarding_planned, plan, forward, line, easycall):
    ExtensionFactory(customer=easycall, number="206", line=LineFactory(customer=easycall))
    apply_due(now=FRIDAY)
    later = MONDAY + timedelta(hours=1)
    second = plan("forwarding", line, lambda: forward(line, "206"), starts_at=MONDAY, ends_at=later)
    assert second.new == {"to": "206"}
    second.new = {"mode": "simple", "to": "206"}
    second.save()
    assert apply_due(now=MONDAY) == 2
    assert (forwards(line)["to"], state_of(second)) == ("206", "active")
    apply_due(now=later)
    assert forwards(line) == {"mode": "none"}


def test_fields_and_members_of_a_huntgroup(plan, alice, easycall):
    group = HuntgroupFactory(customer=easycall, number="88", name="Sales")
    first, second = (ExtensionFactory(customer=easycall, number=number) for number in ("301", "302"))
    set_contents(user=alice, huntgroup=group, version=None, members=[Member(first.pk)], included=[])
    group.refresh_from_db()

    def rename():
        group.number, group.name = "87", "Nights"
        edit_huntgroup(user=alice, huntgroup=group, version=None)

    both = [Member(second.pk, ring_time=9), Member(first.pk)]
    plan("huntgroup", group, rename)
    group.refresh_from_db()
    plan(
        "members",
        group,
        lambda: set_contents(user=alice, huntgroup=group, version=None, members=both, included=[]),
    )
    assert apply_due(now=FRIDAY) == 2
    group.refresh_from_db()
    assert (group.number, group.name) == ("87", "Nights")
    assert list(group.members.values_list("extension__number", "ring_time")) == [("302", 9), ("301", None)]
    assert apply_due(now=MONDAY) == 2
    group.refresh_from_db()
    assert (group.number, group.name) == ("88", "Sales")
    assert list(group.members.values_list("extension__number", flat=True)) == ["301"]


def test_a_number_that_was_taken_meanwhile_fails_the_change(plan, alice, easycall):
    group = HuntgroupFactory(customer=easycall, number="88", name="Sales")

    def renumber():
        group.number = "87"
        edit_huntgroup(user=alice, huntgroup=group, version=None)

    change = plan("huntgroup", group, renumber)
    HuntgroupFactory(customer=easycall, number="87")
    apply_due(now=FRIDAY)
    assert state_of(change) == "failed"
    group.refresh_from_db()
    assert group.number == "88"


def test_ended_early_by_hand(forwarding_planned, line, alice):
    with pytest.raises(Refused):
        end_now(user=alice, change=forwarding_planned, version=None, now=FRIDAY - MINUTE)
    apply_due(now=FRIDAY)
    end_now(user=alice, change=forwarding_planned, version=None, now=FRIDAY + MINUTE)
    assert (state_of(forwarding_planned), forwards(line)) == ("done", {"mode": "none"})
    with pytest.raises(Refused):
        cancel_plan(user=alice, change=forwarding_planned, version=None)


def test_in_force_only_the_end_can_be_moved(forwarding_planned, alice):
    apply_due(now=FRIDAY)
    change = PlannedChange.objects.get()
    change.starts_at = FRIDAY + MINUTE
    with pytest.raises(Refused, match="only its end"):
        change_plan(user=alice, change=change, version=None, now=FRIDAY + MINUTE)
    change.refresh_from_db()
    change.ends_at = MONDAY - MINUTE
    change_plan(user=alice, change=change, version=None, now=FRIDAY + MINUTE)
    assert apply_due(now=MONDAY - MINUTE) == 1


def test_an_error_of_ours_fails_one_change_and_not_the_others(forwarding_planned, plan, answer, line, monkeypatch):
    other = plan("answering", line, lambda: answer(line, ring_seconds=15))
    broken = begin_and_end.PARTS["forwarding"]

    def explode(writing):
        raise ZeroDivisionError

    monkeypatch.setitem(begin_and_end.PARTS, "forwarding", type(broken)(**(fields_of(broken) | {"write": explode})))
    apply_due(now=FRIDAY)
    assert (state_of(forwarding_planned), state_of(other)) == ("failed", "active")


def fields_of(part):
    return {name: getattr(part, name) for name in part.__dataclass_fields__}


@pytest.mark.parametrize(
    ("before", "after", "now", "back", "kept"),
    [
        ({"a": 1, "b": 1}, {"a": 2, "b": 1}, {"a": 2, "b": 1}, {"a": 1}, []),
        ({"a": 1, "b": 1}, {"a": 2, "b": 1}, {"a": 2, "b": 9}, {"a": 1}, []),
        ({"a": 1}, {"a": 2}, {"a": 3}, {}, ["a"]),
        ({"a": 1}, {"a": 2}, {"a": 1}, {}, []),
        ({"a": 1}, {"a": 2, "b": 5}, {"a": 2, "b": 5}, {"a": 1, "b": None}, []),
    ],
)
def test_only_what_was_changed_goes_back(before, after, now, back, kept):
    assert way_back(before, after, now) == (back, kept)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_apply_it_once(forwarding_planned, line):
    assert sorted(parallel([lambda: apply_due(now=FRIDAY)] * 4)) == [0, 0, 0, 1]
    assert AuditEvent.objects.of(line).count() == 1
    assert sorted(parallel([lambda: apply_due(now=MONDAY)] * 4)) == [0, 0, 0, 1]
    assert AuditEvent.objects.of(line).count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_task_reads_the_clock(plan, forward, line, monkeypatch):
    plan("forwarding", line, lambda: forward(line))
    monkeypatch.setattr("centrex.tasks.timezone.now", lambda: FRIDAY)
    apply_planned_changes()
    assert forwards(line)["mode"] == "simple"
    assert NOW < FRIDAY
