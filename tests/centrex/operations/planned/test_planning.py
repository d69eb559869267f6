"""What is written down when somebody plans, and what is refused."""

from datetime import timedelta

import pytest
from django.db import connection

from centrex.models import CompanySettings, FeatureSetting, PlannedChange
from centrex.operations.huntgroups import edit_huntgroup
from centrex.operations.planned import planning
from centrex.operations.planned.parts import PARTS, Writing
from centrex.operations.planned.planning import cancel_plan, change_plan
from centrex.operations.undo import undo
from centrex.queries.planned import change_in_words, span_in_words
from selfcare.errors import Refused
from selfcare.models import AuditEvent, OutgoingMail
from tests.centrex.operations.planned.conftest import FRIDAY, MONDAY, NOW
from tests.factories import HuntgroupFactory, MenuFactory
from tests.parallel import parallel

HOUR = timedelta(hours=1)


def test_the_difference_is_kept_and_nothing_is_changed(forwarding_planned, line, alice):
    change = PlannedChange.objects.get()
    assert change.new == {"mode": "simple", "to": "205"}
    assert change_in_words(change) == "Mode becomes Simple Forwarding; Forward To becomes 205"
    assert span_in_words(change) == "From Fri 27 Nov 2026 18:00 until Mon 30 Nov 2026 08:00"
    assert (change.state, change.planned_by, change.planned_on) == ("planned", alice, line.version)
    line.refresh_from_db()
    assert (line.forwarding, line.version) == ("none", 1)
    assert not FeatureSetting.objects.exists()
    assert [event.record_type for event in AuditEvent.objects.all()] == ["centrex.plannedchange"]


def test_a_feature_that_is_inherited_gets_its_own_values(plan, answer, line):
    change = plan("answering", line, lambda: answer(line, ring_seconds=15))
    assert (change.new["own"], change.new["ring_seconds"]) == (True, 15)
    assert change.changes["Ring for, sec"] == ["30", "15"]


def test_only_what_differs_is_kept(plan, answer, line):
    answer(line, ring_seconds=40)
    assert plan("answering", line, lambda: answer(line, ring_seconds=15)).new == {"ring_seconds": 15}


def test_what_changes_nothing_is_refused(plan, forward, line):
    forward(line)
    with pytest.raises(Refused, match="changes nothing"):
        plan("forwarding", line, lambda: forward(line))


def test_what_the_act_refuses_is_refused_at_its_field(plan, forward, line):
    with pytest.raises(Refused) as refused:
        plan("forwarding", line, lambda: forward(line, line.account_id))
    assert refused.value.field == "to"


def test_a_number_abroad_asks_for_the_password_and_mails_nobody_yet(plan, forward, line):
    with pytest.raises(Refused) as refused:
        plan("forwarding", line, lambda: forward(line, "+442079460000"))
    assert refused.value.field == "password"
    change = plan("forwarding", line, lambda: forward(line, "+442079460000", confirmed=True), confirmed=True)
    assert change.confirmed
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize(
    ("start", "end", "field"),
    [
        (NOW, None, "starts_at"),
        (NOW - HOUR, MONDAY, "starts_at"),
        (NOW + timedelta(days=800), None, "starts_at"),
        (FRIDAY, FRIDAY, "ends_at"),
        (FRIDAY, FRIDAY - HOUR, "ends_at"),
        (FRIDAY, NOW + timedelta(days=800), "ends_at"),
    ],
)
def test_odd_times_are_refused(plan, forward, line, start, end, field):
    with pytest.raises(Refused) as refused:
        plan("forwarding", line, lambda: forward(line), starts_at=start, ends_at=end)
    assert refused.value.field == field
    assert not PlannedChange.objects.exists()


@pytest.mark.parametrize(
    ("start", "end", "overlaps"),
    [
        (FRIDAY + HOUR, MONDAY - HOUR, True),
        (FRIDAY - HOUR, None, True),
        (FRIDAY - HOUR, FRIDAY + HOUR, True),
        (MONDAY - HOUR, None, True),
        (FRIDAY - HOUR, FRIDAY, False),
        (MONDAY, None, False),
    ],
)
def test_the_same_field_twice_at_a_time_is_refused_with_a_link(
    plan, forward, line, forwarding_planned, start, end, overlaps
):
    times = {"starts_at": start, "ends_at": end}
    if not overlaps:
        assert plan("forwarding", line, lambda: forward(line), **times).pk
        return
    with pytest.raises(Refused) as refused:
        plan("forwarding", line, lambda: forward(line), **times)
    assert (refused.value.link.name, refused.value.link.args) == ("centrex:planned-change", (forwarding_planned.pk,))


def test_another_field_or_part_or_a_cancelled_plan_is_in_nobodys_way(plan, answer, forward, line, alice):
    answer(line, ring_seconds=40)
    plan("answering", line, lambda: answer(line, ring_seconds=15))
    plan("answering", line, lambda: answer(line, ring_seconds=40, voicemail=False))
    first = plan("forwarding", line, lambda: forward(line))
    cancel_plan(user=alice, change=first, version=None)
    assert plan("forwarding", line, lambda: forward(line)).pk


def renamed(alice, group):
    group.name = "Nights"
    edit_huntgroup(user=alice, huntgroup=group, version=None)


def test_a_plan_is_moved_cancelled_and_both_are_undone(forwarding_planned, alice):
    change = forwarding_planned
    change.ends_at = MONDAY + HOUR
    change_plan(user=alice, change=change, version=1, now=NOW)
    cancel_plan(user=alice, change=change, version=2)
    events = AuditEvent.objects.of(change).filter(action="edit").order_by("pk")
    undo(user=alice, now=NOW, event=events[1], version=3)
    change.refresh_from_db()
    assert (change.state, change.ends_at) == ("planned", MONDAY + HOUR)
    undo(user=alice, now=NOW, event=events[0], version=4)
    change.refresh_from_db()
    assert change.ends_at == MONDAY
    undo(user=alice, now=NOW, event=AuditEvent.objects.of(change).get(action="add"), version=5)
    change.refresh_from_db()
    assert change.state == "cancelled"


def test_a_moved_plan_meets_the_others(forwarding_planned, plan, forward, line, alice):
    later = plan("forwarding", line, lambda: forward(line), starts_at=MONDAY, ends_at=MONDAY + HOUR)
    later.starts_at = MONDAY - HOUR
    with pytest.raises(Refused, match="planned already"):
        change_plan(user=alice, change=later, version=None, now=NOW)


def test_the_contents_and_the_fields_of_a_huntgroup(plan, alice, easycall):
    group = HuntgroupFactory(customer=easycall, number="88", name="Sales")
    assert plan("huntgroup", group, lambda: renamed(alice, group)).new == {"name": "Nights"}
    group.refresh_from_db()
    assert (group.name, group.version) == ("Sales", 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_plan_the_same_at_once_one_is_refused(plan, forward, line):
    acts = [lambda: plan("forwarding", line, lambda: forward(line))] * 2
    results = parallel(acts)
    assert sorted(type(result).__name__ for result in results) == ["PlannedChange", "Refused"]
    assert PlannedChange.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_both_would_have_been_planned(plan, forward, line, monkeypatch):
    """The negative twin: it is the office's lock that makes the second one see the first."""
    monkeypatch.setattr("centrex.operations.planned.planning.lock_office", lambda record: None)
    monkeypatch.setattr("centrex.operations.planned.planning.tried_out", lambda *_args: ({"mode": "simple"}, {}))
    real = planning.refuse_overlap

    def slowly(*args, **kwargs):
        real(*args, **kwargs)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.5)")

    monkeypatch.setattr(planning, "refuse_overlap", slowly)
    parallel([lambda: plan("forwarding", line, lambda: forward(line))] * 2)
    assert PlannedChange.objects.count() == 2


def test_every_part_reads_and_writes_itself_unchanged(alice, line, easycall):
    """What a part reads it can write, and writing it changes nothing."""
    group = HuntgroupFactory(customer=easycall)
    CompanySettings.for_customer(easycall).update(call_recording=True)
    records = {type(record): record.pk for record in (line, group, MenuFactory(line=line))}
    assert {part.model for part in PARTS.values()} == set(records)
    for part in PARTS.values():
        record = part.model.objects.get(pk=records[part.model])
        before = part.read(record)
        part.write(Writing(alice, record, before, {}, False, NOW))
        assert part.read(part.model.objects.get(pk=record.pk)) == before, part.name
