"""Configure huntgroup: everything works by plain forms, and nothing is kept before Save."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from centrex.models import Extension, Huntgroup, HuntgroupMember
from centrex.operations.membership import Inclusion, Member, set_contents
from tests.factories import CustomerFactory, ExtensionFactory, HuntgroupFactory, LineFactory, UserFactory
from tests.people import signed_in


@pytest.fixture
def people(easycall) -> list[Extension]:
    names = ["Anna", "Bert", "Cleo", "Dora"]
    return [ExtensionFactory(customer=easycall, number=str(201 + n), name=name) for n, name in enumerate(names)]


@pytest.fixture
def sales(easycall, alice, people) -> Huntgroup:
    """Anna, Bert, Cleo; at version 2."""
    group = HuntgroupFactory(customer=easycall, number="88", name="Sales")
    members = [Member(each.pk) for each in people[:3]]
    return set_contents(user=alice, huntgroup=group, version=None, members=members, included=[])


@pytest.fixture
def address(sales) -> str:
    return f"/centrex/huntgroups/{sales.pk}/members/"


def form(*extensions: Extension, groups: tuple[Huntgroup, ...] = (), **more: Any) -> dict[str, Any]:
    """What a browser would send: the rows in this order, the usual values, and `more`."""
    data: dict[str, Any] = {"version": 2, "member": [each.pk for each in extensions], "group": [g.pk for g in groups]}
    for each in extensions:
        data |= {f"member-{each.pk}-ring_delay": "0", f"member-{each.pk}-ignore_forwarding": "on"}
    return data | more


def shown(answer) -> list[str]:
    return re.findall(r'<tr data-name="\d+ (\w+)">', answer.content.decode())


def kept(group: Huntgroup) -> list[str]:
    return list(group.members.values_list("extension__name", flat=True))


def test_it_shows_the_members_and_the_notes(as_alice, easycall, sales, people, address):
    people[0].line = LineFactory(customer=easycall, account_id="12125550100")
    people[0].primary_group = sales
    people[0].save()
    answer = as_alice.get(address)
    text = answer.content.decode()
    assert shown(answer) == ["Anna", "Bert", "Cleo"]
    for words in (
        "Included Extensions",
        "Included Huntgroups",
        "+1 212-555-0100",
        "No phone line: cannot be reached",
        "An empty huntgroup is answered by nobody.",
        "Least used begins with the phone that has been quiet for the longest time.",
    ):
        assert words in text
    assert re.search(rf'name="member-{people[0].pk}-primary"[^>]* checked', text)


def test_saving_keeps_order_and_every_field(as_alice, sales, people, address):
    anna, bert, _cleo, dora = people
    data = form(dora, bert, anna) | {
        f"member-{bert.pk}-ring_delay": "5",
        f"member-{bert.pk}-ring_time": "20",
        f"member-{bert.pk}-primary": "on",
    }
    del data[f"member-{bert.pk}-ignore_forwarding"]
    assert as_alice.post(address, data).status_code == 302
    assert kept(sales) == ["Dora", "Bert", "Anna"]
    row = HuntgroupMember.objects.get(extension=bert)
    assert (row.position, row.ring_delay, row.ring_time, row.ignore_forwarding) == (2, 5, 20, False)
    bert.refresh_from_db()
    assert bert.primary_group == sales
    assert HuntgroupMember.objects.get(extension=anna).ring_time is None


def test_moving_and_taking_out_by_button_keeps_what_was_typed_and_saves_nothing(as_alice, sales, people, address):
    anna, bert, cleo, _dora = people
    typed = form(anna, bert, cleo) | {f"member-{cleo.pk}-ring_time": "33"}
    up = as_alice.post(address, typed | {"do": f"up:{cleo.pk}"})
    assert shown(up) == ["Anna", "Cleo", "Bert"]
    text = up.content.decode()
    assert 'value="33"' in text
    assert "203 Cleo, position 2 of 3" in text
    assert 'data-guard="changed"' in text
    assert shown(as_alice.post(address, typed | {"do": f"down:{anna.pk}"})) == ["Bert", "Anna", "Cleo"]
    assert shown(as_alice.post(address, typed | {"do": f"up:{anna.pk}"})) == ["Anna", "Bert", "Cleo"]
    assert shown(as_alice.post(address, typed | {"do": f"remove:{bert.pk}"})) == ["Anna", "Cleo"]
    for odd in ("up:999", "up:", "remove:x", "fly:1", ""):
        assert shown(as_alice.post(address, typed | {"do": odd})) == ["Anna", "Bert", "Cleo"]
    assert kept(sales) == ["Anna", "Bert", "Cleo"]


def test_adding_by_button_and_by_saving_at_once(as_alice, sales, people, address):
    anna, _bert, _cleo, dora = people
    added = as_alice.post(address, form(anna, add_extension=dora.pk, do="add"))
    assert shown(added) == ["Anna", "Dora"]
    text = added.content.decode()
    assert f'<option value="{dora.pk}"' not in text
    assert re.search(rf'name="member-{dora.pk}-ignore_forwarding"[^>]* checked', text)
    assert kept(sales) == ["Anna", "Bert", "Cleo"]
    as_alice.post(address, form(anna, add_extension=dora.pk))
    assert kept(sales) == ["Anna", "Dora"]


def test_huntgroups_inside_the_huntgroup(as_alice, easycall, sales, people, address):
    support = HuntgroupFactory(customer=easycall, number="77", name="Support")
    added = as_alice.post(address, form(people[0], add_huntgroup=support.pk, do="add-group"))
    assert f'name="group" value="{support.pk}"' in added.content.decode()
    assert not sales.included_groups.exists()
    as_alice.post(address, form(people[0], groups=(support,)))
    assert [(row.included, row.ignore_forwarding) for row in sales.included_groups.all()] == [(support, False)]
    out = as_alice.post(address, form(people[0], groups=(support,), version=3, do=f"remove-group:{support.pk}"))
    assert f'name="group" value="{support.pk}"' not in out.content.decode()


def test_a_circle_is_refused_at_the_field(as_alice, alice, easycall, sales, people, address):
    support = HuntgroupFactory(customer=easycall, number="77", name="Support")
    set_contents(user=alice, huntgroup=support, version=None, members=[], included=[Inclusion(sales.pk)])
    assert f'<option value="{sales.pk}"' not in as_alice.get(address).content.decode()  # not itself
    answer = as_alice.post(address, form(people[0], groups=(support,)))
    assert "Sales → Support → Sales" in answer.content.decode()
    assert "add_huntgroup" in answer.context["form"].errors


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("ring_delay", "-1", "greater than or equal to 0"),
        ("ring_delay", "x", "whole number"),
        ("ring_time", "0", "greater than or equal to 1"),
        ("ring_time", "3601", "less than or equal to 3600"),
    ],
)
def test_an_odd_time_stands_at_its_field_and_in_the_summary(as_alice, sales, people, address, field, value, said):
    anna, bert, *_others = people
    name = f"member-{bert.pk}-{field}"
    answer = as_alice.post(address, form(anna, bert) | {name: value})
    text = answer.content.decode()
    assert text.count(said) == 2
    assert f'href="#id_{name}"' in text
    assert f'value="{value}"' in text
    assert kept(sales) == ["Anna", "Bert", "Cleo"]


def test_the_second_to_save_is_told_and_may_save_again(as_alice, easycall, sales, people, address):
    anna, bert, cleo, _dora = people
    other = signed_in(UserFactory(username="carol", customer=easycall))
    assert other.post(address, form(cleo, anna)).status_code == 302
    late = as_alice.post(address, form(bert, anna, cleo))
    assert "carol changed Included Extensions: “201 Anna, 202 Bert, 203 Cleo” → “203 Cleo, 201 Anna”" in (
        late.content.decode()
    )
    assert shown(late) == ["Bert", "Anna", "Cleo"]
    assert kept(sales) == ["Cleo", "Anna"]
    assert 'name="version" value="3"' in late.content.decode()
    assert as_alice.post(address, form(bert, anna, cleo, version=3)).status_code == 302
    assert kept(sales) == ["Bert", "Anna", "Cleo"]


def test_a_primary_group_chosen_elsewhere_is_not_overwritten(as_alice, alice, sales, people, address):
    anna = people[0]
    edit = {"number": "201", "name": "Anna", "primary_group": sales.pk, "version": anna.version}
    assert as_alice.post(f"/centrex/extensions/{anna.pk}/", edit).status_code == 302
    late = as_alice.post(address, form(*people[:3]))
    assert "alice changed Primary group of 201 Anna: “No” → “Yes”." in late.content.decode()
    anna.refresh_from_db()
    assert anna.primary_group == sales


def test_foreign_and_deleted_rows_are_refused(as_alice, lotus, sales, people, address):
    foreign = ExtensionFactory(customer=lotus, number="555", name="Foreign")
    offered = as_alice.get(address).content.decode()
    assert "Foreign" not in offered
    for answer in (
        as_alice.post(address, form(people[0], foreign)),
        as_alice.post(address, form(people[0], add_extension=foreign.pk)),
        as_alice.post(address, form(people[0], groups=(HuntgroupFactory(customer=lotus, number="77"),))),
    ):
        assert "deleted meanwhile" in answer.content.decode()
        assert "Foreign" not in answer.content.decode()
    assert kept(sales) == ["Anna", "Bert", "Cleo"]


def test_who_may_only_read_sees_it_without_buttons(as_bob, easycall, sales, address):
    text = as_bob.get(address).content.decode()
    assert "<fieldset disabled>" in text
    assert 'name="do"' not in text
    assert ">Save<" not in text
    branch = CustomerFactory(main_office=easycall)
    Huntgroup.objects.update(branch_office=branch)
    as_branch = signed_in(UserFactory(customer=branch))
    answer = as_branch.get(address)
    assert shown(answer) == ["Anna", "Bert", "Cleo"]
    assert 'name="do"' not in answer.content.decode()


def test_the_page_costs_the_same_with_one_and_four_members(as_alice, alice, sales, people, address):
    def queries(members: list[Extension]) -> int:
        sales.refresh_from_db()
        rows = [Member(each.pk, primary=True) for each in members]
        set_contents(user=alice, huntgroup=sales, version=None, members=rows, included=[])
        with CaptureQueriesContext(connection) as asked:
            as_alice.get(address)
        return len(asked)

    as_alice.get(address)
    assert queries(people[:1]) == queries(people)
