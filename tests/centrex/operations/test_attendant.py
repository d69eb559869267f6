"""Menus of an auto attendant: ROOT, what a choice may lead to, circles, costly numbers, two editors, undo."""

from datetime import UTC, datetime
from functools import partial
from threading import Barrier

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import QuerySet

from centrex.models import FeatureSetting, Menu, MenuChoice, Schedule, Sound
from centrex.models.attendant import ROOT
from centrex.operations.attendant import Wanted, delete_menu, inherit_attendant, menus, save_attendant, save_menu
from centrex.operations.forwarding import PasswordNeeded
from centrex.operations.huntgroups import delete_huntgroup
from centrex.operations.undo import plan_undo, undo
from centrex.routing.features import AutoAttendant
from centrex.sounds.tune import default_tune
from selfcare.errors import Outdated, Refused
from selfcare.models import AuditEvent, OutgoingMail
from tests.factories import (
    CallQueueFactory,
    ExtensionFactory,
    HuntgroupFactory,
    LineFactory,
    MenuFactory,
    ScheduleFactory,
    SoundFactory,
)
from tests.parallel import parallel

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)


@pytest.fixture
def line(easycall):
    return LineFactory(customer=easycall)


@pytest.fixture
def hours(easycall):
    return ScheduleFactory(customer=easycall)


@pytest.fixture
def root(line):
    return MenuFactory(line=line, name=ROOT)


def save(user, menu, choices=None, **values):
    usual = {"version": None, "choices": choices or {}, "prompts": {}, "confirmed": False, "now": NOW}
    return save_menu(user=user, menu=menu, **(usual | values))


def goes_to(menu):
    return {"not_active": Wanted("menu", next_menu=menu)}


def sound_file(name="prompt.wav"):
    return SimpleUploadedFile(name, default_tune(8000))


# ROOT


def test_root_is_there_as_soon_as_the_attendant_is_on(alice, line):
    act = {"user": alice, "line": line, "version": None, "labels": {}}
    save_attendant(**act, values=AutoAttendant(), enabled=False)
    assert not line.menus.exists()
    line.refresh_from_db()
    save_attendant(**(act | {"line": line}), values=AutoAttendant(search_by="first"), enabled=True)
    assert [menu.name for menu in line.menus.all()] == [ROOT]
    line.refresh_from_db()
    save_attendant(**(act | {"line": line}), values=AutoAttendant(), enabled=True)
    assert line.menus.count() == 1


def test_root_is_there_where_the_line_inherits_an_attendant(alice, line, easycall):
    FeatureSetting.objects.create(customer=easycall, name="attendant", enabled=True, values={})
    inherit_attendant(user=alice, line=line, version=None, labels={})
    assert line.menus.get().is_root


def test_root_is_neither_deleted_nor_renamed(alice, root):
    with pytest.raises(Refused, match="not deleted"):
        delete_menu(user=alice, menu=root)
    root.name = "Welcome"
    with pytest.raises(Refused, match="always called ROOT") as refusal:
        save(alice, root)
    assert refusal.value.field == "name"


@pytest.mark.parametrize("name", ["root", "ROOT", "Night", "NIGHT", "  ", ""])
def test_names_are_once_a_line(alice, root, line, name):
    MenuFactory(line=line, name="Night")
    with pytest.raises(Refused):
        save(alice, Menu(line=line, customer=line.customer, name=name))


def test_another_line_may_have_the_same_name(alice, root, easycall):
    other = LineFactory(customer=easycall)
    assert save(alice, Menu(line=other, customer=easycall, name=ROOT)).pk


# What a choice may lead to


@pytest.mark.parametrize(
    ("event", "wanted", "field"),
    [
        ("1", Wanted("transfer"), "1.number"),
        ("1", Wanted("transfer", number="call me"), "1.number"),
        ("1", Wanted("transfer", number="911"), "1.number"),
        ("1", Wanted("transfer", number="299"), "1.number"),
        ("2", Wanted("huntgroup"), "2.huntgroup"),
        ("2", Wanted("queue"), "2.huntgroup"),
        ("3", Wanted("menu"), "3.next_menu"),
        ("4", Wanted("disa"), "4.act"),
        ("5", Wanted("fax"), "5.act"),
        ("6", Wanted("extension"), "6.act"),
        ("not_active", Wanted("repeat"), "not_active.act"),
    ],
)
def test_what_a_choice_lacks_is_said_at_its_field(alice, root, event, wanted, field):
    with pytest.raises(Refused) as refusal:
        save(alice, root, {event: wanted})
    assert refusal.value.field == field
    assert not root.events.exists()


def test_what_the_line_does_not_have_is_refused(alice, root, line, easycall):
    FeatureSetting.objects.create(customer=easycall, line=line, name="voicemail", enabled=False, values={})
    with pytest.raises(Refused, match="no voicemail"):
        save(alice, root, {"1": Wanted("voicemail")})
    for name, values in (("disa", {}), ("fax", {"fax_only": True})):
        FeatureSetting.objects.create(customer=easycall, line=line, name=name, enabled=True, values=values)
    with pytest.raises(PasswordNeeded, match="DISA"):
        save(alice, root, {"1": Wanted("disa"), "2": Wanted("fax")})
    save(alice, root, {"1": Wanted("disa"), "2": Wanted("fax")}, confirmed=True)
    assert root.events.count() == 2
    save(alice, root, {"1": Wanted("hang_up"), "2": Wanted("disa")})  # it was offered before


def test_foreign_things_are_refused(alice, root, lotus):
    foreign_menu, group = MenuFactory(line=LineFactory(customer=lotus)), HuntgroupFactory(customer=lotus)
    prompt = SoundFactory(customer=lotus, purpose="prompt")
    for wanted in (
        Wanted("menu", next_menu=foreign_menu), Wanted("huntgroup", huntgroup=group), Wanted("hang_up", play=prompt),
    ):  # fmt: skip
        with pytest.raises(Refused):
            save(alice, root, {"1": wanted})
    root.schedule = ScheduleFactory(customer=lotus)
    with pytest.raises(Refused):
        save(alice, root)


def test_a_queue_needs_one(alice, root, easycall):
    group = HuntgroupFactory(customer=easycall)
    with pytest.raises(Refused, match="no call queue"):
        save(alice, root, {"1": Wanted("queue", huntgroup=group)})
    CallQueueFactory(huntgroup=group)
    save(alice, root, {"1": Wanted("queue", huntgroup=group)})
    assert root.events.get().huntgroup == group


def test_direct_dialling_makes_the_action_needless(alice, root):
    root.dial_extensions = False
    save(alice, root, {"1": Wanted("extension")})
    root.dial_extensions = True
    with pytest.raises(Refused, match="anyway"):
        save(alice, root, {"1": Wanted("extension")})


def test_a_number_of_the_line_itself_is_refused(alice, root, line):
    with pytest.raises(Refused, match="come back"):
        save(alice, root, {"1": Wanted("transfer", number=f"+{line.account_id}")})


def test_what_happens_without_a_key_may_not_lead_back_by_another_line(alice, root, line, easycall):
    other = LineFactory(customer=easycall, forwarding="simple")
    ExtensionFactory(customer=easycall, number="205", line=other)
    FeatureSetting.objects.create(customer=easycall, line=other, name="forwarding", values={"to": line.account_id})
    with pytest.raises(Refused):
        save(alice, root, {"timeout": Wanted("transfer", number="205")})
    save(alice, root, {"1": Wanted("transfer", number="205")})
    assert root.events.get().number == "205"


def test_a_costly_number_asks_for_the_password_and_tells_the_owners(alice, root):
    choice = {"1": Wanted("transfer", number="+44 20 7946 0000")}
    with pytest.raises(PasswordNeeded):
        save(alice, root, choice)
    save(alice, root, choice, confirmed=True)
    assert root.events.get().number == "442079460000"
    assert OutgoingMail.objects.count() == 1
    save(alice, root, choice | {"2": Wanted("hang_up")})
    assert OutgoingMail.objects.count() == 1


# Circles of menus that are not active


def test_a_circle_is_refused_with_its_name(alice, root, line, hours):
    night, weekend = (MenuFactory(line=line, name=name, schedule=hours) for name in ("Night", "Weekend"))
    root.schedule = hours
    save(alice, root, goes_to(night))
    save(alice, night, goes_to(weekend))
    with pytest.raises(Refused, match="“Weekend” → “ROOT” → “Night” → “Weekend”") as refusal:
        save(alice, weekend, goes_to(root))
    assert refusal.value.field == "not_active.next_menu"
    with pytest.raises(Refused, match="“Weekend” → “Weekend”"):
        save(alice, weekend, goes_to(weekend))


def test_a_menu_that_is_always_active_ends_a_chain(alice, root, line, hours):
    night = MenuFactory(line=line, name="Night")
    root.schedule = hours
    save(alice, root, goes_to(night))
    save(alice, night, goes_to(root))
    assert not night.events.exists()
    night.schedule = hours
    with pytest.raises(Refused, match="circle"):
        save(alice, night, goes_to(root))


def test_keys_may_lead_in_a_circle(alice, root, line):
    night = MenuFactory(line=line, name="Night")
    save(alice, root, {"1": Wanted("menu", next_menu=night)})
    save(alice, night, {"0": Wanted("menu", next_menu=root)})
    assert MenuChoice.objects.count() == 2


@pytest.mark.parametrize("locks", [True, False])
@pytest.mark.django_db(transaction=True)
def test_two_editors_cannot_make_a_circle_together(alice, line, hours, monkeypatch, locks):
    """Without the lock they can: so it is the lock that keeps them from it."""
    root, night = (MenuFactory(line=line, name=name, schedule=hours) for name in (ROOT, "Night"))
    if not locks:
        both = Barrier(2, timeout=20)
        monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_how: self)
        is_refused = menus.refuse_circle

        def at_once(menu, wanted):
            is_refused(menu, wanted)
            both.wait()

        monkeypatch.setattr(menus, "refuse_circle", at_once)
    results = parallel([partial(save, alice, root, goes_to(night)), partial(save, alice, night, goes_to(root))])
    refused = [each for each in results if isinstance(each, Refused)]
    assert len(refused) == (1 if locks else 0)
    assert MenuChoice.objects.count() == (1 if locks else 2)


# Versions, history, sounds, deleting


def test_the_second_editor_is_told(alice, root):
    save(alice, root, {"1": Wanted("hang_up")}, version=1)
    with pytest.raises(Outdated, match="Key 1"):
        save(alice, root, {"2": Wanted("hang_up")}, version=1)


def test_history_says_it_in_words_and_nothing_when_nothing_changed(alice, root, easycall):
    group = HuntgroupFactory(customer=easycall, number="88", name="Sales")
    prompt = SoundFactory(customer=easycall, purpose="prompt", name="Hello")
    choices = {"1": Wanted("huntgroup", huntgroup=group, play=prompt)}
    save(alice, root, choices)
    event = AuditEvent.objects.latest("id")
    assert event.changes == {"Key 1": ["", "Huntgroup: 88 Sales, after “Hello”"]}
    save(alice, root, choices)
    assert AuditEvent.objects.latest("id") == event
    root.refresh_from_db()
    assert root.version == 2


def test_prompts_are_checked_by_their_bytes(alice, root):
    for prompts, choices, field in (
        ({"intro": SimpleUploadedFile("a.wav", b"MZ no sound")}, {}, "intro_file"),
        ({}, {"1": Wanted("hang_up", file=SimpleUploadedFile("a.mp3", b"nothing"))}, "1.file"),
    ):
        with pytest.raises(Refused) as refusal:
            save(alice, root, choices, prompts=prompts)
        assert refusal.value.field == field
    assert not Sound.objects.exists()


def test_a_replaced_prompt_goes_unless_something_else_plays_it(alice, root, line):
    save(alice, root, {"1": Wanted("hang_up", file=sound_file("bye.wav"))}, prompts={"intro": sound_file("hi.wav")})
    root.refresh_from_db()
    first = root.intro
    assert (first.name, first.purpose, first.state) == ("hi", "prompt", "waiting")
    assert root.events.get().play.name == "bye"
    other = MenuFactory(line=line, intro=first)
    kept = {"1": Wanted("hang_up", play=root.events.get().play)}
    save(alice, root, kept, prompts={"intro": sound_file("new.wav")})
    assert Sound.objects.filter(pk=first.pk).exists()
    delete_menu(user=alice, menu=other)
    assert not Sound.objects.filter(pk=first.pk).exists()
    root.refresh_from_db()
    save(alice, root, {})
    assert list(Sound.objects.values_list("name", flat=True)) == ["new"]


def test_a_menu_that_another_one_leads_to_is_not_deleted(alice, root, line):
    night = MenuFactory(line=line, name="Night")
    save(alice, root, {"1": Wanted("menu", next_menu=night)})
    with pytest.raises(Refused, match="“ROOT” still leads here: Key 1"):
        delete_menu(user=alice, menu=night)
    root.refresh_from_db()
    save(alice, root, {})
    save(alice, night, {"9": Wanted("menu", next_menu=night)})
    delete_menu(user=alice, menu=night)
    assert not Menu.objects.filter(pk=night.pk).exists()


def test_a_huntgroup_that_a_menu_leads_to_is_not_deleted(alice, root, easycall):
    group = HuntgroupFactory(customer=easycall)
    save(alice, root, {"1": Wanted("huntgroup", huntgroup=group)})
    with pytest.raises(Refused, match="still leads to this huntgroup"):
        delete_huntgroup(user=alice, huntgroup=group)


def test_a_line_goes_with_menus_that_lead_to_each_other(root, line):
    night = MenuFactory(line=line, name="Night")
    root.events.create(event="1", act="menu", next_menu=night)
    night.events.create(event="0", act="menu", next_menu=root)
    line.delete()
    assert not Menu.objects.exists()


# Undo


def test_a_change_of_a_menu_is_undone_with_its_choices(alice, root, hours):
    save(alice, root, {"1": Wanted("hang_up"), "2": Wanted("voicemail")})
    root.schedule, root.max_loops = hours, 5
    save(alice, root, {"1": Wanted("directory"), "not_active": Wanted("voicemail")})
    event = AuditEvent.objects.latest("id")
    assert "Key 1" in {step.label for step in plan_undo(event).steps}
    undo(user=alice, now=NOW, event=event, version=None)
    root.refresh_from_db()
    assert (root.schedule, root.max_loops) == (None, 3)
    assert dict(root.events.values_list("event", "act")) == {"1": "hang_up", "2": "voicemail"}


def test_undo_leaves_what_others_changed_since(alice, root):
    save(alice, root, {"1": Wanted("hang_up")})
    event = AuditEvent.objects.latest("id")
    save(alice, root, {"1": Wanted("hang_up"), "2": Wanted("voicemail")})
    undo(user=alice, now=NOW, event=event, version=None)
    assert dict(root.events.values_list("event", "act")) == {"2": "voicemail"}


def test_adding_and_deleting_a_menu_are_undone(alice, root, line, easycall):
    group = HuntgroupFactory(customer=easycall)
    night = save(alice, Menu(line=line, customer=easycall, name="Night"),
                 {"1": Wanted("huntgroup", huntgroup=group), "2": Wanted("menu", next_menu=root)})  # fmt: skip
    added = AuditEvent.objects.latest("id")
    delete_menu(user=alice, menu=night)
    undo(user=alice, now=NOW, event=AuditEvent.objects.latest("id"), version=None)
    back = Menu.objects.get(pk=night.pk)
    assert dict(back.events.values_list("event", "huntgroup")) == {"1": group.pk, "2": None}
    undo(user=alice, now=NOW, event=added, version=None)
    assert not Menu.objects.filter(pk=night.pk).exists()
    assert Schedule.objects.count() == 0
