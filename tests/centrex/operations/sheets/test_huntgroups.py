"""Huntgroups as a spreadsheet: the groups, and who is in them."""

import pytest

from centrex.models import DialCode, Extension, Huntgroup
from centrex.operations.membership import Inclusion, Member, set_contents
from centrex.operations.sheets import uploads
from selfcare.models import AuditEvent
from tests.centrex.operations.sheets.files import applied, cells, download, said, uploaded
from tests.centrex.operations.sheets.test_extensions import queries
from tests.factories import ExtensionFactory, HuntgroupFactory

KIND = "huntgroups"
NUMBER, NAME, SEQUENCE, CALLER_ID, PICKUP, MEMBERS, INCLUDED = range(1, 8)


@pytest.fixture
def people(easycall):
    return {
        name: ExtensionFactory(customer=easycall, number=number, name=name)
        for number, name in (("201", "Anna"), ("202", "Bert"), ("203", "Cleo"))
    }


@pytest.fixture
def sales(easycall, alice, people):
    group = HuntgroupFactory(customer=easycall, number="88", name="Sales")
    members = [
        Member(people["Anna"].pk, primary=True),
        Member(people["Bert"].pk, ring_delay=5, ring_time=20, ignore_forwarding=False),
    ]
    return set_contents(user=alice, huntgroup=group, version=None, members=members, included=[])


@pytest.fixture
def desk(easycall, alice, sales):
    group = HuntgroupFactory(customer=easycall, number="89", name="Desk")
    included = [Inclusion(sales.pk, ignore_forwarding=False)]
    return set_contents(user=alice, huntgroup=group, version=None, members=[], included=included)


def errors(alice, change):
    return said(uploads.plan_of(uploaded(alice, KIND, change)))


def set_cell(row, column, text):
    def change(rows):
        rows[row][column] = text

    return change


def test_the_download_says_who_is_in_a_group(alice, easycall, sales, desk):
    heads, first, second = cells(download(KIND, easycall))
    assert heads[NUMBER:] == [
        "Huntgroup Number", "Huntgroup Name", "Hunt Sequence", "Caller ID", "Call Pickup Allowed",
        "Included Extensions", "Included Huntgroups",
    ]  # fmt: skip
    assert first[NUMBER:] == [
        "88", "Sales", "Order", "Keep original", "No",
        "201; 202 (after 5 sec, for 20 sec, with follow-me and voicemail)", "",
    ]  # fmt: skip
    assert second[INCLUDED] == "88 (with follow-me and voicemail)"
    assert uploads.plan_of(uploaded(alice, KIND)).difference.unchanged == 2


def test_order_times_and_members_change(alice, people, sales):
    text = "203 (for 30s), 202 (After 10 sec; with follow-me and voicemail)\n201"
    AuditEvent.objects.all().delete()
    applied(alice, uploaded(alice, KIND, set_cell(1, MEMBERS, text)))
    kept = sales.members.values_list("extension__name", "position", "ring_delay", "ring_time", "ignore_forwarding")
    assert list(kept) == [("Cleo", 1, 0, 30, True), ("Bert", 2, 10, None, False), ("Anna", 3, 0, None, True)]
    event = AuditEvent.objects.get()
    assert event.changes["Included Extensions"][1] == (
        "203 Cleo (for 30 sec), 202 Bert (after 10 sec, with follow-me and voicemail), 201 Anna (primary)"
    )
    sales.refresh_from_db()
    assert (sales.version, event.version) == (3, 3)


def test_who_leaves_a_group_has_it_no_longer_as_primary(alice, people, sales):
    applied(alice, uploaded(alice, KIND, set_cell(1, MEMBERS, "202")))
    anna = Extension.objects.get(name="Anna")
    assert (anna.primary_group, anna.version) == (None, people["Anna"].version + 2)
    event = AuditEvent.objects.filter(record_type="centrex.extension").latest("id")
    assert event.changes == {"primary group": ["88 Sales", ""]}


def test_new_groups_may_include_each_other(alice, easycall, people):
    def change(rows):
        rows.append(["", "71", "North", "", "", "", "203", "72"])
        rows.append(["", "72", "South", "random", "", "Yes", "", ""])

    applied(alice, uploaded(alice, KIND, change))
    north, south = Huntgroup.objects.order_by("number")
    assert list(north.included_groups.values_list("included", "position")) == [(south.pk, 1)]
    assert [member.extension.name for member in north.members.all()] == ["Cleo"]
    assert (south.sequence, south.pickup_allowed, south.caller_id) == ("random", True, "keep")
    event = AuditEvent.objects.get(record_name="71 North")
    assert event.changes["Included Huntgroups"] == ["", "72 South"]
    assert event.changes["Included Extensions"] == ["", "203 Cleo"]


def test_the_numbers_of_included_groups_are_those_of_the_file(alice, sales, desk):
    def change(rows):
        rows[1][NUMBER], rows[2][NUMBER] = "89", "88"
        rows[2][INCLUDED] = "89 (with follow-me and voicemail)"

    upload = uploaded(alice, KIND, change)
    assert [set(each.cells) for each in uploads.plan_of(upload).difference.changed] == [{"number"}, {"number"}]
    applied(alice, upload)
    assert list(desk.included_groups.values_list("included", flat=True)) == [sales.pk]
    assert set(Huntgroup.objects.values_list("name", "number")) == {("Sales", "89"), ("Desk", "88")}
    assert set(DialCode.objects.filter(kind="huntgroup").values_list("code", flat=True)) == {"88", "89"}


@pytest.mark.parametrize(
    ("column", "text", "words"),
    [
        (NUMBER, "201", "201 is already the number of extension Anna."),
        (NUMBER, "2", "2 is the beginning of 201 (extension Anna), which nobody could dial any more."),
        (NUMBER, "", "This field cannot be blank."),
        (NAME, "", "This field cannot be blank."),
        (SEQUENCE, "Alphabet", "Write one of these: Order; Random; Simultaneous; Least used."),
        (MEMBERS, "201; 299", "There is no extension “299”."),
        (MEMBERS, "201; 202; 201", "201 stands in the list twice."),
        (MEMBERS, "201 (soon)", "“201 (soon)” is not understood. "
            "Write extensions like this: 201; 203 (after 5 sec, for 20 sec)."),
        (MEMBERS, "201 (after 4000 sec)", "A ring delay is between 0 and 3600 seconds."),
        (MEMBERS, "201 (for 0 sec)", "A ring time is between 1 and 3600 seconds, or empty for no end."),
        (MEMBERS, "201 (for 5", "“201 (for 5” is not understood. "
            "Write extensions like this: 201; 203 (after 5 sec, for 20 sec)."),
        (INCLUDED, "77", "There is no huntgroup “77” in this file."),
        (INCLUDED, "88", "A huntgroup cannot include itself: Sales → Sales."),
        (INCLUDED, "89", "A huntgroup cannot include itself: Sales → Desk → Sales."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_words(alice, sales, desk, column, text, words):
    assert (2, words) in [(place, sentence) for place, _column, sentence in errors(alice, set_cell(1, column, text))]


def test_a_deleted_group_leaves_the_others(alice, people, sales, desk):
    AuditEvent.objects.all().delete()
    applied(alice, uploaded(alice, KIND, lambda rows: [rows[0], rows[2]]), delete_missing=True)
    assert list(Huntgroup.objects.values_list("name", "version")) == [("Desk", 3)]
    assert not desk.included_groups.exists()
    assert Extension.objects.get(name="Anna").primary_group is None
    assert not DialCode.objects.filter(code="88").exists()
    events = {event.record_name: (event.action, event.changes) for event in AuditEvent.objects.all()}
    assert events == {
        "88 Sales": ("delete", {}),
        "201 Anna": ("edit", {"primary group": ["88 Sales", ""]}),
        "89 Desk": ("edit", {"Included Huntgroups": ["88 Sales (with follow-me and voicemail)", ""]}),
    }


def mixed(alice, easycall, count, start):
    people = [ExtensionFactory(customer=easycall, number=str(start + n)) for n in range(count)]
    for number in range(2 * count):
        group = HuntgroupFactory(customer=easycall, number=str(start + 200 + number), name=f"Group {start}-{number}")
        members = [Member(each.pk, primary=True) for each in people[:1]]
        set_contents(user=alice, huntgroup=group, version=None, members=members, included=[])
    listed = "; ".join(each.number for each in people)

    def change(rows):
        mine = [row for row in rows[1:] if row[NAME].startswith(f"Group {start}-")]
        for row in mine[:count]:
            row[MEMBERS] = listed if row[MEMBERS] else ""
            row[INCLUDED] = str(start + 500)
        new = [["", str(start + 500 + n), f"New {n}", "", "", "", listed, ""] for n in range(count)]
        return [row for row in rows if row not in mine[count:]] + new

    upload = uploaded(alice, KIND, change)
    return queries(lambda: uploads.plan_of(upload)), queries(lambda: applied(alice, upload, delete_missing=True))


def test_the_number_of_queries_does_not_grow_with_the_rows(alice, easycall):
    assert mixed(alice, easycall, 1, 1000) == mixed(alice, easycall, 8, 3000)
