"""Adding, changing and deleting huntgroups."""

import pytest

from centrex.models import DialCode, Huntgroup, HuntgroupMember, IncludedHuntgroup
from centrex.operations.huntgroups import add_huntgroup, delete_huntgroup, edit_huntgroup
from selfcare.errors import Outdated, Refused
from selfcare.models import AuditEvent
from tests.factories import ExtensionFactory, HuntgroupFactory


def test_adding_claims_the_number_and_is_written_down(alice, easycall):
    sales = add_huntgroup(
        user=alice, huntgroup=Huntgroup(customer=easycall, number="88", name="Sales", sequence="random")
    )
    assert DialCode.objects.get().code == "88"
    event = AuditEvent.objects.get()
    assert (event.action, event.record_id) == ("add", str(sales.pk))
    assert event.changes["hunt sequence"] == ["Order", "Random"]


def test_a_number_differs_from_every_extension(alice, easycall):
    ExtensionFactory(customer=easycall, number="201", name="Anna")
    with pytest.raises(Refused, match="201 is already the number of extension Anna") as refusal:
        add_huntgroup(user=alice, huntgroup=Huntgroup(customer=easycall, number="201", name="Sales"))
    assert refusal.value.field == "number"
    assert not Huntgroup.objects.exists()


def test_a_branch_office_is_ones_own(alice, easycall, lotus):
    with pytest.raises(Refused) as refusal:
        add_huntgroup(user=alice, huntgroup=Huntgroup(customer=easycall, number="88", name="x", branch_office=lotus))
    assert refusal.value.field == "branch_office"


def test_changing_moves_the_number_and_writes_old_and_new(alice, easycall):
    sales = HuntgroupFactory(customer=easycall, number="88", name="Sales")
    sales.number, sales.pickup_allowed = "89", True
    edit_huntgroup(user=alice, huntgroup=sales, version=1)
    assert DialCode.objects.get().code == "89"
    assert AuditEvent.objects.get().changes == {"huntgroup number": ["88", "89"], "call pickup allowed": ["No", "Yes"]}
    sales.name = "Late"
    with pytest.raises(Outdated):
        edit_huntgroup(user=alice, huntgroup=sales, version=1)


def test_deleting_clears_what_points_at_it(alice, easycall):
    sales = HuntgroupFactory(customer=easycall, number="88", name="Sales")
    all_of_us = HuntgroupFactory(customer=easycall, number="99", name="All")
    support = HuntgroupFactory(customer=easycall, number="77", name="Support")
    anna = ExtensionFactory(customer=easycall, number="201", name="Anna", primary_group=sales)
    HuntgroupMember.objects.create(huntgroup=sales, extension=anna, position=1)
    for position, inner in enumerate([sales, support], start=1):
        IncludedHuntgroup.objects.create(huntgroup=all_of_us, included=inner, position=position)
    delete_huntgroup(user=alice, huntgroup=sales)
    anna.refresh_from_db()
    all_of_us.refresh_from_db()
    assert (anna.primary_group, anna.version) == (None, 2)
    assert list(all_of_us.included_groups.values_list("position", "included__name")) == [(1, "Support")]
    assert all_of_us.version == 2
    assert set(DialCode.objects.values_list("code", flat=True)) == {"99", "77", "201"}
    said = {event.record_name: event.changes for event in AuditEvent.objects.filter(action="edit")}
    assert said == {
        "201 Anna": {"primary group": ["88 Sales", ""]},
        "99 All": {"Included Huntgroups": ["88 Sales, 77 Support", "77 Support"]},
    }
