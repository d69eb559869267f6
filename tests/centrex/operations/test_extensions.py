"""Adding, changing and deleting extensions."""

import pytest

from centrex.models import DialCode, Extension, HuntgroupMember
from centrex.operations.extensions import add_extension, delete_extension, edit_extension
from selfcare.errors import Outdated, Refused
from selfcare.models import AuditEvent
from tests.factories import CustomerFactory, ExtensionFactory, HuntgroupFactory, LineFactory
from tests.parallel import parallel


def codes(office) -> set[str]:
    return set(DialCode.objects.filter(customer=office).values_list("code", flat=True))


def refused(act, **what) -> tuple[str, str | None]:
    with pytest.raises(Refused) as refusal:
        act(**what)
    return str(refusal.value), refusal.value.field


@pytest.fixture
def anna(easycall) -> Extension:
    return ExtensionFactory(customer=easycall, number="201", name="Anna")


def test_adding_claims_the_number_and_is_written_down(alice, easycall):
    line = LineFactory(customer=easycall)
    anna = add_extension(
        user=alice, extension=Extension(customer=easycall, number="201", name="Anna", line=line, published=False)
    )
    assert codes(easycall) == {"201"}
    event = AuditEvent.objects.get()
    assert (event.action, event.user, event.customer, event.record_id) == ("add", alice, easycall, str(anna.pk))
    assert event.changes["extension number"] == ["", "201"]
    assert event.changes["published"] == ["Yes", "No"]
    assert event.changes["assigned to phone line"] == ["", str(line)]


@pytest.mark.parametrize("number", ["20", "2011", ""])
def test_a_number_has_the_offices_length(alice, easycall, number):
    extension = Extension(customer=easycall, number=number)
    assert refused(add_extension, user=alice, extension=extension) == (
        "Extension numbers have 3 digits here.",
        "number",
    )
    assert not Extension.objects.exists()


def test_a_new_length_does_not_lock_old_extensions(alice, easycall, anna):
    easycall.extension_length = 4
    easycall.save()
    anna.name = "Anna B."
    edit_extension(user=alice, extension=anna, version=1)
    anna.number = "202"
    assert refused(edit_extension, user=alice, extension=anna, version=2)[1] == "number"


def test_a_line_has_one_extension(alice, easycall, anna):
    anna.line = LineFactory(customer=easycall)
    anna.save()
    bert = Extension(customer=easycall, number="202", line=anna.line)
    said = ("This phone line is already assigned to extension 201 Anna.", "line")
    assert refused(add_extension, user=alice, extension=bert) == said


def test_a_line_belongs_to_the_extensions_office(alice, easycall, lotus):
    branch = CustomerFactory(company_name="Boston Branch", main_office=easycall)
    of_branch, of_main, of_lotus = (LineFactory(customer=each) for each in (branch, easycall, lotus))
    at_branch = {"customer": easycall, "branch_office": branch}
    for extension in (
        Extension(customer=easycall, number="201", line=of_branch),
        Extension(customer=easycall, number="201", line=of_lotus),
        Extension(**at_branch, number="201", line=of_main),
        Extension(**at_branch, number="201", line=of_lotus),
    ):
        assert refused(add_extension, user=alice, extension=extension)[1] == "line"
    add_extension(user=alice, extension=Extension(**at_branch, number="201", line=of_branch))
    assert codes(easycall) == {"201"}  # the one number space of all offices
    assert codes(branch) == set()


def test_a_branch_office_is_ones_own(alice, easycall, lotus):
    stranger = Extension(customer=easycall, number="201", branch_office=lotus)
    assert refused(add_extension, user=alice, extension=stranger)[1] == "branch_office"


def test_a_branch_office_adds_nothing(easycall):
    branch = CustomerFactory(main_office=easycall)
    with pytest.raises(Refused, match="main office keeps this"):
        add_extension(user=None, extension=Extension(customer=branch, number="201"))


def test_the_primary_group_includes_the_extension(alice, easycall, anna):
    sales = HuntgroupFactory(customer=easycall, number="88", name="Sales")
    anna.primary_group = sales
    message, field = refused(edit_extension, user=alice, extension=anna, version=1)
    assert field == "primary_group"
    assert "not in huntgroup 88 Sales" in message
    HuntgroupMember.objects.create(huntgroup=sales, extension=anna, position=1)
    edit_extension(user=alice, extension=anna, version=1)
    sales.refresh_from_db()
    assert sales.version == 2  # whoever has the group's form open is told


def test_changing_moves_the_number_and_writes_old_and_new(alice, easycall, anna):
    anna.number, anna.name = "301", "Anna B."
    edit_extension(user=alice, extension=anna, version=1)
    assert codes(easycall) == {"301"}
    event = AuditEvent.objects.get()
    assert event.version == 2
    assert event.changes == {"extension number": ["201", "301"], "extension name": ["Anna", "Anna B."]}


def test_saving_without_a_change_is_no_change(alice, anna):
    edit_extension(user=alice, extension=anna, version=1)
    anna.refresh_from_db()
    assert anna.version == 1
    assert not AuditEvent.objects.exists()


def test_the_second_to_save_is_told_who_changed_what(alice, bob, easycall, anna):
    mine = Extension.objects.get(pk=anna.pk)
    anna.name = "Anna B."
    edit_extension(user=bob, extension=anna, version=1)
    mine.name = "Annie"
    with pytest.raises(Outdated) as refusal:
        edit_extension(user=alice, extension=mine, version=1)
    assert "bob changed extension name: “Anna” → “Anna B.”." in str(refusal.value)


def test_deleting_frees_number_and_line_and_closes_the_ranks(alice, easycall, anna):
    sales = HuntgroupFactory(customer=easycall, number="88", name="Sales")
    others = [ExtensionFactory(customer=easycall, number=number, name="") for number in ("202", "203")]
    for position, extension in enumerate([others[0], anna, others[1]], start=1):
        HuntgroupMember.objects.create(huntgroup=sales, extension=extension, position=position)
    delete_extension(user=alice, extension=anna)
    assert codes(easycall) == {"202", "203", "88"}
    assert list(sales.members.values_list("position", "extension__number")) == [(1, "202"), (2, "203")]
    sales.refresh_from_db()
    assert sales.version == 2
    of_group = AuditEvent.objects.get(record_type="centrex.huntgroup")
    assert of_group.changes == {"Included Extensions": ["202, 201 Anna, 203", "202, 203"]}
    assert AuditEvent.objects.get(action="delete").record_name == "201 Anna"


def test_what_is_gone_cannot_be_changed_or_deleted_again(alice, anna):
    late = Extension.objects.get(pk=anna.pk)
    delete_extension(user=alice, extension=anna)
    late.name = "Late"
    assert "deleted this meanwhile" in refused(edit_extension, user=alice, extension=late, version=1)[0]
    assert "deleted this meanwhile" in refused(delete_extension, user=alice, extension=late)[0]


@pytest.mark.django_db(transaction=True)
def test_sixteen_at_once_save_the_same_extension(alice, easycall):
    anna = ExtensionFactory(customer=easycall, number="201", name="Anna")

    def save(name: str):
        mine = Extension.objects.get(pk=anna.pk)
        mine.name, mine.version = name, 1
        return edit_extension(user=alice, extension=mine, version=1)

    results = parallel([lambda n=n: save(f"Anna {n}") for n in range(16)])
    winners = [each for each in results if not isinstance(each, Refused)]
    assert len(winners) == 1
    assert all(isinstance(each, Outdated) for each in results if each not in winners)
    anna.refresh_from_db()
    assert (anna.name, anna.version) == (winners[0].name, 2)
    assert AuditEvent.objects.filter(action="edit").count() == 1


@pytest.mark.django_db(transaction=True)
def test_sixteen_at_once_want_the_same_line(alice, easycall):
    line = LineFactory(customer=easycall)
    acts = [
        lambda n=n: add_extension(user=alice, extension=Extension(customer=easycall, number=str(201 + n), line=line))
        for n in range(16)
    ]
    refusals = [each for each in parallel(acts) if isinstance(each, Refused)]
    assert len(refusals) == 15
    assert {each.field for each in refusals} == {"line"}
    assert Extension.objects.count() == DialCode.objects.count() == 1
