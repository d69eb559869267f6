"""Undo: each act on extensions and huntgroups is turned back by the acts of the pages."""

import pytest
from django.db import connection
from django.utils import timezone

from centrex.models import DialCode, DialingRules, Extension, Huntgroup
from centrex.operations.dialing import save_dialing_rules
from centrex.operations.extensions import add_extension, delete_extension, edit_extension
from centrex.operations.huntgroups import add_huntgroup, delete_huntgroup, edit_huntgroup
from centrex.operations.membership import Inclusion, Member, set_contents
from centrex.operations.undo import plan_undo, undo
from centrex.operations.undo.contents import Contents, contents_now, turned_back
from selfcare.errors import Outdated, Refused
from selfcare.models import AuditEvent
from selfcare.models.history import states
from tests.factories import LineFactory, SoundFactory, TicketFactory
from tests.parallel import parallel

NOW = timezone.now()


def last(record=None, **which) -> AuditEvent:
    events = AuditEvent.objects.of(record) if record is not None else AuditEvent.objects
    return events.filter(**which).latest("pk")


def refusal(act, *args, **kwargs) -> str:
    with pytest.raises(Refused) as refused:
        act(*args, **kwargs)
    return str(refused.value)


@pytest.fixture
def add(alice, easycall):
    def added(number: str, name: str, **values) -> Extension:
        return add_extension(user=alice, extension=Extension(customer=easycall, number=number, name=name, **values))

    return added


@pytest.fixture
def group(alice, easycall):
    def made(number: str, name: str, *members: Member, included: tuple[Inclusion, ...] = ()) -> Huntgroup:
        made = add_huntgroup(user=alice, huntgroup=Huntgroup(customer=easycall, number=number, name=name))
        return set_contents(user=alice, huntgroup=made, version=None, members=members, included=included)

    return made


def changed(user, extension: Extension, **values) -> Extension:
    fresh = Extension.objects.get(pk=extension.pk)
    for name, value in values.items():
        setattr(fresh, name, value)
    return edit_extension(user=user, extension=fresh, version=None)


def numbers(group: Huntgroup) -> list[str]:
    return list(group.members.order_by("position").values_list("extension__number", flat=True))


def steps(event: AuditEvent) -> dict[str, tuple[str, str, bool]]:
    return {step.label: (step.now, step.then, step.changed_since) for step in plan_undo(event).steps}


def test_an_edit_gets_its_old_values_and_can_be_undone_again(alice, easycall, add):
    anna = add("201", "Anna")
    changed(alice, anna, number="205", name="Hanna")
    event = last(anna)
    assert steps(event) == {
        "extension number": ("205", "201", False),
        "extension name": ("Hanna", "Anna", False),
    }
    undo(user=alice, now=NOW, event=event, version=2)
    anna.refresh_from_db()
    assert (anna.number, anna.name, anna.version) == ("201", "Anna", 3)
    assert list(DialCode.objects.filter(customer=easycall).values_list("code", flat=True)) == ["201"]
    undone = last(anna)
    assert (undone.action, undone.undoes, undone.user) == ("edit", event, alice)
    assert undone.changes == {"extension number": ["205", "201"], "extension name": ["Hanna", "Anna"]}
    undo(user=alice, now=NOW, event=undone, version=3)
    anna.refresh_from_db()
    assert (anna.number, anna.name) == ("205", "Hanna")


def test_an_older_edit_reverts_its_own_fields_only(alice, add):
    anna = add("201", "Anna")
    changed(alice, anna, name="Hanna")
    event = last(anna)
    changed(alice, anna, published=False)
    undo(user=alice, now=NOW, event=event, version=None)
    anna.refresh_from_db()
    assert (anna.name, anna.published) == ("Anna", False)
    assert refusal(undo, now=NOW, user=alice, event=event, version=None).startswith("Everything is already as it was")


def test_what_was_changed_again_since_is_said(alice, add):
    anna = add("201", "Anna")
    changed(alice, anna, name="Hanna")
    event = last(anna)
    changed(alice, anna, name="Johanna")
    assert steps(event) == {"extension name": ("Johanna", "Anna", True)}


def test_a_version_that_was_not_seen_is_outdated_and_names_who(alice, bob, add):
    anna = add("201", "Anna")
    changed(alice, anna, name="Hanna")
    event = last(anna)
    changed(bob, anna, published=False)
    with pytest.raises(Outdated) as outdated:
        undo(user=alice, now=NOW, event=event, version=2)
    assert f"{bob} changed published: “Yes” → “No”" in str(outdated.value)
    anna.refresh_from_db()
    assert anna.name == "Hanna"


def test_a_number_that_is_taken_now_is_refused_as_on_the_page(alice, add):
    anna = add("201", "Anna")
    changed(alice, anna, number="202")
    event = last(anna)
    add("201", "Bert")
    assert (
        refusal(undo, now=NOW, user=alice, event=event, version=None) == "201 is already the number of extension Bert."
    )


def test_a_fixed_field_stays(alice, add):
    anna = add("201", "Anna")
    changed(alice, anna, name="Hanna", published=False)
    undo(user=alice, now=NOW, event=last(anna), version=None, fixed={"published"})
    anna.refresh_from_db()
    assert (anna.name, anna.published) == ("Anna", False)


def test_adding_is_undone_by_deleting(alice, add, group):
    anna = add("201", "Anna")
    sales = group("88", "Sales", Member(anna.pk))
    event = last(anna, action="add")
    plan = plan_undo(event)
    assert "Huntgroup 88 Sales loses its only extension." in plan.consequences
    undo(user=alice, now=NOW, event=event, version=1)
    assert not Extension.objects.exists()
    assert numbers(sales) == []
    assert last(anna).undoes == event
    assert refusal(plan_undo, event) == "201 Anna was deleted since. Undo that first."


def test_a_deleted_extension_comes_back_to_its_places(alice, easycall, add, group):
    line = LineFactory(customer=easycall)
    anna, bert, cleo = add("201", "Anna", line=line), add("202", "Bert"), add("203", "Cleo")
    sales = group("88", "Sales", Member(bert.pk), Member(anna.pk, 5, 20, False, True), Member(cleo.pk))
    night = group("89", "Night", Member(anna.pk), Member(cleo.pk))
    before = [contents_now(each) for each in (sales, night)]
    delete_extension(user=alice, extension=anna)
    assert (numbers(sales), numbers(night)) == (["202", "203"], ["203"])
    event = last(action="delete")
    plan = plan_undo(event)
    assert {step.label: step.then for step in plan.steps}["extension number"] == "201"
    assert plan.consequences == ["Huntgroup 88 Sales includes it again.", "Huntgroup 89 Night includes it again."]
    undo(user=alice, now=NOW, event=event, version=None)
    back = Extension.objects.get(number="201")
    assert (back.pk, back.name, back.line, back.primary_group) == (anna.pk, "Anna", line, sales)
    assert [contents_now(each) for each in (sales, night)] == before
    assert refusal(undo, now=NOW, user=alice, event=event, version=None).startswith("Everything is already")


def test_only_what_the_deletion_took_comes_back(alice, add, group):
    anna = add("201", "Anna")
    sales, night = group("88", "Sales", Member(anna.pk)), group("89", "Night", Member(anna.pk))
    set_contents(user=alice, huntgroup=sales, version=None, members=[], included=[])
    delete_extension(user=alice, extension=anna)
    undo(user=alice, now=NOW, event=last(action="delete"), version=None)
    assert (numbers(sales), numbers(night)) == ([], ["201"])


def test_what_is_gone_by_now_does_not_come_back(alice, easycall, add):
    sound = SoundFactory(customer=easycall)
    anna = add("201", "Anna", recorded_name=sound)
    delete_extension(user=alice, extension=anna)
    sound.delete()
    event = last(action="delete")
    assert plan_undo(event).consequences == ["The former recorded name is gone and does not come back."]
    undo(user=alice, now=NOW, event=event, version=None)
    assert Extension.objects.get().recorded_name is None


def test_a_deleted_extension_finds_its_number_or_line_taken(alice, easycall, add):
    line = LineFactory(customer=easycall)
    anna = add("201", "Anna", line=line)
    delete_extension(user=alice, extension=anna)
    event = last(action="delete")
    bert = add("202", "Bert", line=line)
    assert refusal(undo, now=NOW, user=alice, event=event, version=None).startswith(
        "This phone line is already assigned"
    )
    changed(alice, bert, number="201", line=None)
    assert (
        refusal(undo, now=NOW, user=alice, event=event, version=None) == "201 is already the number of extension Bert."
    )


def test_a_huntgroups_contents_go_back(alice, add, group):
    anna, bert, cleo = add("201", "Anna"), add("202", "Bert"), add("203", "Cleo")
    inner = group("70", "Inner")
    sales = group("88", "Sales", Member(anna.pk, 5), Member(bert.pk, primary=True))
    before = contents_now(sales)
    set_contents(
        user=alice,
        huntgroup=sales,
        version=None,
        members=[Member(bert.pk), Member(cleo.pk), Member(anna.pk, 9, 20)],
        included=[Inclusion(inner.pk)],
    )
    event = last(sales)
    undo(user=alice, now=NOW, event=event, version=None)
    assert contents_now(sales) == before
    assert last(sales).undoes == event


def test_contents_keep_what_others_did_since(alice, add, group):
    anna, bert, cleo = add("201", "Anna"), add("202", "Bert"), add("203", "Cleo")
    sales = group("88", "Sales", Member(anna.pk), Member(bert.pk))
    sales = set_contents(user=alice, huntgroup=sales, version=None, members=[Member(anna.pk)], included=[])
    event = last(sales)
    set_contents(user=alice, huntgroup=sales, version=None, members=[Member(cleo.pk), Member(anna.pk)], included=[])
    assert steps(event)["Included Extensions"] == ("203 Cleo, 201 Anna", "203 Cleo, 202 Bert, 201 Anna", True)
    undo(user=alice, now=NOW, event=event, version=None)
    assert numbers(sales) == ["203", "202", "201"]


def test_a_member_that_is_deleted_since_is_named(alice, add, group):
    anna, bert = add("201", "Anna"), add("202", "Bert")
    sales = group("88", "Sales", Member(anna.pk), Member(bert.pk))
    set_contents(user=alice, huntgroup=sales, version=None, members=[], included=[])
    event = last(sales)
    delete_extension(user=alice, extension=bert)
    assert plan_undo(event).consequences == ["202 Bert was deleted since and does not come back."]
    undo(user=alice, now=NOW, event=event, version=None)
    assert numbers(sales) == ["201"]


def test_a_former_primary_group_is_primary_again(alice, add, group):
    anna = add("201", "Anna")
    sales = group("88", "Sales", Member(anna.pk, primary=True))
    night = group("89", "Night", Member(anna.pk, primary=True))
    anna.refresh_from_db()
    assert anna.primary_group == night
    event = AuditEvent.objects.of(night).filter(action="edit").latest("pk")
    set_contents(user=alice, huntgroup=night, version=None, members=[Member(anna.pk)], included=[])
    undo(user=alice, now=NOW, event=last(night), version=None)
    anna.refresh_from_db()
    assert anna.primary_group == night
    undo(user=alice, now=NOW, event=event, version=None)
    anna.refresh_from_db()
    assert anna.primary_group == sales
    assert numbers(night) == []
    assert numbers(sales) == ["201"]


def test_moving_the_primary_mark_is_turned_back(alice, add, group):
    anna = add("201", "Anna")
    sales = group("88", "Sales", Member(anna.pk, primary=True))
    night = group("89", "Night", Member(anna.pk))
    set_contents(user=alice, huntgroup=night, version=None, members=[Member(anna.pk, primary=True)], included=[])
    event = last(night)
    assert plan_undo(event).consequences == ["88 Sales becomes the primary group of 201 Anna again."]
    undo(user=alice, now=NOW, event=event, version=None)
    anna.refresh_from_db()
    assert anna.primary_group == sales


def test_a_huntgroup_edit_and_a_huntgroup_added(alice, easycall, group):
    sales = group("88", "Sales")
    sales.name, sales.sequence = "Shop", Huntgroup.Sequence.RANDOM
    edit_huntgroup(user=alice, huntgroup=sales, version=None)
    assert steps(last(sales)) == {
        "huntgroup name": ("Shop", "Sales", False),
        "hunt sequence": ("Random", "Order", False),
    }
    undo(user=alice, now=NOW, event=last(sales), version=None)
    sales.refresh_from_db()
    assert (sales.name, sales.sequence) == ("Sales", "order")
    undo(user=alice, now=NOW, event=last(sales, action="add"), version=None)
    assert not Huntgroup.objects.exists()
    assert not DialCode.objects.exists()


def test_a_deleted_huntgroup_comes_back_with_all_that_was_in_it(alice, add, group):
    anna, bert = add("201", "Anna"), add("202", "Bert")
    inner = group("70", "Inner")
    sales = group(
        "88", "Sales", Member(bert.pk, 5, primary=True), Member(anna.pk), included=(Inclusion(inner.pk, False),)
    )
    front = group("89", "Front", included=(Inclusion(inner.pk), Inclusion(sales.pk)))
    before = [contents_now(each) for each in (sales, front)]
    delete_huntgroup(user=alice, huntgroup=sales)
    event = last(action="delete")
    undo(user=alice, now=NOW, event=event, version=None)
    back = Huntgroup.objects.get(number="88")
    assert back.pk == sales.pk
    assert [contents_now(each) for each in (back, front)] == before
    bert.refresh_from_db()
    assert bert.primary_group == back
    undone = AuditEvent.objects.filter(undoes=event)
    assert {each.record_name for each in undone} == {"88 Sales", "89 Front", "202 Bert"}


def test_the_undo_of_an_undo_of_a_deletion(alice, add):
    anna = add("201", "Anna")
    delete_extension(user=alice, extension=anna)
    undo(user=alice, now=NOW, event=last(action="delete"), version=None)
    undo(user=alice, now=NOW, event=last(anna), version=None)
    assert not Extension.objects.exists()
    undo(user=alice, now=NOW, event=last(anna), version=None)
    assert Extension.objects.get().version == 3


def test_other_records_and_lost_states_are_refused(alice, easycall, add):
    ticket = TicketFactory(customer=easycall, requestor=alice)
    event = AuditEvent.write(user=alice, action="edit", record=ticket)
    assert refusal(plan_undo, event) == "This cannot be undone."
    anna = add("201", "Anna")
    changed(alice, anna, name="Hanna")
    states(Extension).delete()
    assert "no longer kept" in refusal(plan_undo, last(anna))


def test_dialing_rules(alice, easycall):
    rules = DialingRules(customer=easycall, enabled=True, name="Home", country_code="1", international_prefix="011")
    save_dialing_rules(user=alice, rules=rules, version=1)
    rules = DialingRules.objects.get()
    rules.name = "Office"
    save_dialing_rules(user=alice, rules=rules, version=rules.version)
    undo(user=alice, now=NOW, event=last(rules), version=None)
    assert DialingRules.objects.get().name == "Home"
    undo(user=alice, now=NOW, event=last(rules, action="add"), version=None)
    assert not DialingRules.objects.exists()


def test_order_and_values_are_merged_row_by_row():
    def contents(*members):
        return Contents(members=tuple(Member(*each) if isinstance(each, tuple) else Member(each) for each in members))

    old, new = contents(1, 2, 3), contents(3, (1, 5))
    assert turned_back(old=old, new=new, now=new) == old
    assert turned_back(old=old, new=new, now=contents(9, 3, (1, 5, 30))) == contents(9, 2, (1, 0, 30), 3)
    assert turned_back(old=contents(1), new=contents(1, 2), now=contents(2, 1, 3)) == contents(1, 3)
    assert turned_back(old=contents(1, 2), new=contents(2), now=contents(2, 1)) == contents(2, 1)


@pytest.mark.django_db(transaction=True)
def test_sixteen_at_once_undo_the_same_deletion(alice, easycall):
    anna = add_extension(user=alice, extension=Extension(customer=easycall, number="201", name="Anna"))
    delete_extension(user=alice, extension=anna)
    event = last(action="delete")
    results = parallel([lambda: undo(user=alice, now=NOW, event=event, version=None)] * 16)
    assert len([each for each in results if isinstance(each, Extension)]) == 1
    assert Extension.objects.count() == DialCode.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_undo_beside_an_edit_is_one_or_the_other(alice, easycall):
    """Whoever comes second is told; nothing is lost silently, and nobody waits for ever."""
    anna = add_extension(user=alice, extension=Extension(customer=easycall, number="201", name="Anna"))
    changed(alice, anna, name="Hanna")
    event = last(anna)

    def edit():
        mine = Extension.objects.get(pk=anna.pk)
        mine.published = False
        return edit_extension(user=alice, extension=mine, version=2)

    results = parallel([edit, lambda: undo(user=alice, now=NOW, event=event, version=2)] * 4)
    assert len([each for each in results if isinstance(each, Extension)]) == 1
    assert all(isinstance(each, (Extension, Outdated)) for each in results)


def test_history_sees_update_bulk_and_plain_sql(easycall, add):
    anna = add("201", "Anna")
    Extension.objects.filter(pk=anna.pk).update(name="By update")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE centrex_extension SET name = 'By SQL' WHERE id = %s", [anna.pk])
    anna.refresh_from_db()
    anna.name = "By bulk"
    Extension.objects.bulk_update([anna], ["name"])
    Extension.objects.bulk_create([Extension(customer=easycall, number=str(number)) for number in range(300, 303)])
    Extension.objects.filter(pk=anna.pk).delete()
    of_anna = states(Extension).filter(pgh_obj=anna.pk)
    assert list(of_anna.values_list("pgh_label", "name")) == [
        ("insert", "Anna"), ("update", "By update"), ("update", "By SQL"), ("update", "By bulk"), ("delete", "By bulk"),
    ]  # fmt: skip
    assert states(Extension).filter(number__startswith="30").count() == 3
