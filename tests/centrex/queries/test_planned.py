"""What happens if at a time to come: the plan as planned changes will have made it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from centrex.models import Line
from centrex.operations.features import save_feature
from centrex.operations.forwarding import Number, Wanted, set_forwarding
from centrex.operations.membership import Member, set_contents
from centrex.operations.planned.begin_and_end import apply_due
from centrex.operations.planned.parts import PARTS
from centrex.operations.planned.planning import plan_change
from centrex.queries.planned import coming, with_notes
from centrex.queries.plans import plan_of
from centrex.routing.engine import Call, decide
from centrex.routing.features import Answering, Barring
from tests.centrex.operations.planned.conftest import FRIDAY, MONDAY, NOW
from tests.factories import ExtensionFactory, HuntgroupFactory, LineFactory

SATURDAY = FRIDAY + timedelta(days=1)


@pytest.fixture
def line(easycall):
    return LineFactory(customer=easycall, registered_until=MONDAY + timedelta(days=30))


@pytest.fixture
def stand_in(easycall):
    other = LineFactory(customer=easycall, registered_until=MONDAY + timedelta(days=30))
    return ExtensionFactory(customer=easycall, number="205", line=other)


@pytest.fixture
def plan(alice):
    def planned(part, record, act, end=MONDAY):
        return plan_change(
            user=alice, part=PARTS[part], record=record, starts_at=FRIDAY, ends_at=end, act=act, labels={},
            confirmed=False, now=NOW,
        )  # fmt: skip

    return planned


def rung(easycall, dialled, when) -> list[list[int]]:
    """The lines that a call from outside rings, step by step, by what is planned now."""
    plan = plan_of(easycall, now=when, overlay=coming(easycall, when=when))
    decision = decide(plan, Call(dialled, caller="12125550100"), when)
    return [[target.line for target in step.targets if target.line] for step in decision.steps]


def forward(alice, line, wanted):
    fresh = Line.objects.get(pk=line.pk)
    set_forwarding(user=alice, line=fresh, version=None, wanted=wanted, confirmed=False, now=NOW)


@pytest.mark.parametrize(
    "wanted",
    [Wanted("simple", to="205"), Wanted("follow_me", numbers=[Number("205", ring_seconds=30)])],
    ids=["simple", "list"],
)
def test_forwarding_before_during_and_after(plan, alice, easycall, line, stand_in, wanted):
    plan("forwarding", line, lambda: forward(alice, line, wanted))
    alone, both = [[line.pk]], [[line.pk], [stand_in.line_id]]

    def rings(when):
        return [step for step in rung(easycall, line.account_id, when) if step]

    assert [rings(when) for when in (NOW, SATURDAY, MONDAY)] == [alone, both, alone]
    apply_due(now=FRIDAY)
    assert [rings(when) for when in (SATURDAY, MONDAY)] == [both, alone]
    apply_due(now=MONDAY)
    assert rings(MONDAY) == alone


def test_a_feature_that_goes_back_to_what_is_inherited(plan, alice, easycall, line):
    def answer():
        fresh = Line.objects.get(pk=line.pk)
        values = Answering(ring=False, voicemail=True)
        save_feature(user=alice, line=fresh, version=None, values=values, enabled=True, labels={})

    plan("answering", line, answer)
    assert rung(easycall, line.account_id, NOW)[0] == [line.pk]
    plan_then = plan_of(easycall, now=SATURDAY, overlay=coming(easycall, when=SATURDAY))
    assert plan_then.lines[line.pk].feature(Answering).values.ring is False
    apply_due(now=FRIDAY)
    plan_later = plan_of(easycall, now=MONDAY, overlay=coming(easycall, when=MONDAY))
    assert plan_later.lines[line.pk].feature(Answering).values == Answering()


def test_the_overlay_is_what_the_job_makes(plan, alice, easycall, line, stand_in):
    """For every planned part the plan with the overlay is the plan after the job has done its work."""
    group = HuntgroupFactory(customer=easycall, number="88", name="Sales")
    extension = ExtensionFactory(customer=easycall, number="206", line=line)
    plan("forwarding", line, lambda: forward(alice, line, Wanted("simple", to="205")))
    member = Member(extension.pk, ring_time=9, primary=True)
    plan(
        "members", group, lambda: set_contents(user=alice, huntgroup=group, version=None, members=[member], included=[])
    )
    fresh = Line.objects.get(pk=line.pk)
    plan(
        "barring",
        line,
        lambda: save_feature(user=alice, line=fresh, version=None, values=Barring(), enabled=False, labels={}),
    )
    foreseen = plan_of(easycall, now=SATURDAY, overlay=coming(easycall, when=SATURDAY))
    assert foreseen != plan_of(easycall, now=SATURDAY)
    assert apply_due(now=FRIDAY) == 3
    assert foreseen == plan_of(easycall, now=SATURDAY)
    foreseen = plan_of(easycall, now=MONDAY, overlay=coming(easycall, when=MONDAY))
    assert apply_due(now=MONDAY) == 3
    assert foreseen == plan_of(easycall, now=MONDAY)


def test_the_trace_names_the_planned_change_to_its_own_company_only(plan, alice, easycall, line, stand_in):
    change = plan("forwarding", line, lambda: forward(alice, line, Wanted("simple", to="205")))
    overlay = coming(easycall, when=SATURDAY)
    call = Call(line.account_id, caller="12125550100")
    decision = decide(plan_of(easycall, now=SATURDAY, overlay=overlay), call, SATURDAY)

    def noted(viewer, decided=decision):
        steps = with_notes(decided, overlay, viewer=viewer).trace
        return [step.record.id for step in steps if step.code == "planned.applies"]

    assert noted(easycall.pk) == [change.pk]
    assert noted(easycall.pk + 1) == []
    elsewhere = decide(plan_of(easycall, now=SATURDAY), Call(stand_in.line.account_id, caller="12125550100"), SATURDAY)
    assert noted(easycall.pk, elsewhere) == []


def test_one_query_more_whatever_is_planned(plan, alice, easycall, line, stand_in):
    plan("forwarding", line, lambda: forward(alice, line, Wanted("simple", to="205")))
    with CaptureQueriesContext(connection) as plain:
        plan_of(easycall, now=SATURDAY)
    with CaptureQueriesContext(connection) as planned:
        plan_of(easycall, now=SATURDAY, overlay=coming(easycall, when=SATURDAY))
    assert len(planned) == len(plain) + 1
