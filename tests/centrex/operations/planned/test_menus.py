"""A menu that is otherwise for a weekend: its fields, what its keys lead to, and the sounds that it plays."""

from datetime import timedelta

import pytest

from centrex.models import Menu, PlannedChange, Sound
from centrex.operations.attendant import Wanted, save_attendant, save_menu
from centrex.operations.planned.begin_and_end import apply_due
from centrex.queries.planned import coming
from centrex.queries.plans import plan_of
from centrex.routing.engine import Call, Position, decide, press
from centrex.routing.features import AutoAttendant
from selfcare.errors import Refused
from tests.centrex.operations.planned.conftest import FRIDAY, MONDAY, NOW
from tests.factories import ExtensionFactory, HuntgroupFactory, LineFactory, ScheduleFactory, SoundFactory

SATURDAY = FRIDAY + timedelta(days=1)


@pytest.fixture
def desk(easycall):
    other = LineFactory(customer=easycall, registered_until=MONDAY + timedelta(days=30))
    return ExtensionFactory(customer=easycall, number="205", line=other)


@pytest.fixture
def menu(alice, line):
    save_attendant(user=alice, line=line, version=None, values=AutoAttendant(), enabled=True, labels={})
    root = Menu.objects.get(line=line)
    return save(alice, root, {"1": Wanted("voicemail"), "2": Wanted("hang_up")})


def save(user, menu, choices, **values):
    menu = Menu.objects.get(pk=menu.pk)
    for name, value in values.items():
        setattr(menu, name, value)
    return save_menu(user=user, menu=menu, version=None, choices=choices, prompts={}, confirmed=False, now=NOW)


def kept(menu):
    return {row.event: (row.act, row.number) for row in menu.events.all()}


def test_a_key_is_otherwise_for_a_weekend(plan, alice, menu, desk):
    before = kept(menu)
    wanted = {"1": Wanted("transfer", "205"), "2": Wanted("hang_up"), "3": Wanted("directory")}
    change = plan("menu", menu, lambda: save(alice, menu, wanted, max_loops=5))
    assert set(change.new) == {"choice_1", "choice_3", "max_loops"}
    assert (kept(menu), Menu.objects.get(pk=menu.pk).max_loops) == (before, 3)
    apply_due(now=FRIDAY)
    assert kept(menu) == {"1": ("transfer", "205"), "2": ("hang_up", ""), "3": ("directory", "")}
    assert Menu.objects.get(pk=menu.pk).max_loops == 5
    apply_due(now=MONDAY)
    assert (kept(menu), Menu.objects.get(pk=menu.pk).max_loops) == (before, 3)
    assert PlannedChange.objects.get().state == "done"


def test_what_somebody_changed_meanwhile_stays(plan, alice, menu, desk):
    plan("menu", menu, lambda: save(alice, menu, {"1": Wanted("transfer", "205"), "2": Wanted("directory")}))
    apply_due(now=FRIDAY)
    save(alice, menu, {"1": Wanted("hang_up"), "2": Wanted("directory")})
    apply_due(now=MONDAY)
    assert kept(menu) == {"1": ("hang_up", ""), "2": ("hang_up", "")}
    assert "Somebody changed these settings" in PlannedChange.objects.get().reason


def test_the_usual_prompt_is_kept_until_it_plays_again(plan, alice, menu, easycall):
    usual, other = (SoundFactory(customer=easycall, purpose="prompt") for _each in range(2))
    choices = {"1": Wanted("voicemail", play=usual), "2": Wanted("hang_up")}
    save(alice, menu, choices, prompt=usual)
    changed = {"1": Wanted("voicemail"), "2": Wanted("hang_up")}
    plan("menu", menu, lambda: save(alice, menu, changed, prompt=other))
    apply_due(now=FRIDAY)
    assert Sound.objects.filter(pk=usual.pk).exists()
    apply_due(now=MONDAY)
    assert Menu.objects.get(pk=menu.pk).prompt == usual
    assert menu.events.get(event="1").play == usual


def test_a_huntgroup_that_is_gone_fails_the_change(plan, alice, menu, easycall):
    group = HuntgroupFactory(customer=easycall)
    wanted = {"1": Wanted("huntgroup", huntgroup=group), "2": Wanted("hang_up")}
    plan("menu", menu, lambda: save(alice, menu, wanted))
    group.delete()
    apply_due(now=FRIDAY)
    change = PlannedChange.objects.get()
    assert (change.state, kept(menu)["1"]) == ("failed", ("voicemail", ""))
    assert "no longer exists" in change.reason


def test_a_number_abroad_asks_for_the_password(plan, alice, menu):
    wanted = {"1": Wanted("transfer", "+44 20 7946 0000")}
    with pytest.raises(Refused, match="password"):
        plan("menu", menu, lambda: save(alice, menu, wanted))


def test_what_happens_if_knows_the_menu_to_come(plan, alice, menu, easycall, line, desk):
    closed = ScheduleFactory(customer=easycall, period="none")
    wanted = {"1": Wanted("transfer", "205"), "not_active": Wanted("voicemail")}
    plan("menu", menu, lambda: save(alice, menu, wanted, schedule=closed))

    def answers(when):
        found = plan_of(easycall, now=when, overlay=coming(easycall, when=when))
        call = Call(line.account_id, caller="442079460000")
        chosen = press(found, call, Position(line.pk, menu.pk), "1", when).decision
        rung = [target.line for step in chosen.steps for target in step.targets]
        return decide(found, call, when).otherwise.address, rung[:1] == [desk.line_id]

    assert [answers(when) for when in (NOW, SATURDAY, MONDAY)] == [
        ("attendant", False), ("voicemail", True), ("attendant", False),
    ]  # fmt: skip
    apply_due(now=FRIDAY)
    assert [answers(when) for when in (SATURDAY, MONDAY)] == [("voicemail", True), ("attendant", False)]
