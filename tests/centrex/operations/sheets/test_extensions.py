"""Extensions as a spreadsheet: all or nothing, with the rules of single edits, for any number of rows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from centrex.models import DialCode, Extension, HuntgroupMember, SheetUpload
from centrex.operations.extensions import edit_extension
from centrex.operations.sheets import uploads
from selfcare.errors import Refused
from selfcare.models import AuditEvent
from tests.centrex.operations.sheets.files import applied, said, uploaded
from tests.factories import CustomerFactory, ExtensionFactory, HuntgroupFactory, LineFactory
from tests.parallel import parallel

KIND = "extensions"


@pytest.fixture
def anna(easycall):
    line = LineFactory(customer=easycall, account_id="12125550101")
    return ExtensionFactory(customer=easycall, number="201", name="Anna", line=line)


@pytest.fixture
def bert(easycall):
    line = LineFactory(customer=easycall, account_id="12125550102")
    return ExtensionFactory(customer=easycall, number="202", name="Bert", line=line)


def numbers(office) -> dict[str, str]:
    return dict(Extension.objects.filter(customer=office).values_list("name", "number"))


def codes(office) -> set[str]:
    return set(DialCode.objects.filter(customer=office).values_list("code", flat=True))


def cell(row, column, text):
    """A change of one cell; rows and columns from 0, the heads and the key are row 0 and column 0."""

    def change(rows):
        rows[row][column] = text

    return change


def errors(alice, change, kind=KIND):
    return said(uploads.plan_of(uploaded(alice, kind, change)))


def test_a_file_that_nobody_changed_makes_no_difference(alice, anna, bert):
    plan = uploads.plan_of(uploaded(alice, KIND))
    assert (plan.difference.changes, plan.difference.missing, plan.difference.unchanged) == (0, (), 2)


def test_added_changed_and_deleted_in_one_go(alice, easycall, anna, bert):
    free = LineFactory(customer=easycall, account_id="12125550103")

    def change(rows):
        rows[1][2] = "Anna Bell"
        rows.append(["", "203", "Cleo", "+1 212-555-0103", "", "no"])
        del rows[2]

    upload = uploaded(alice, KIND, change)
    plan = uploads.plan_of(upload)
    assert [
        (each.place, {n: (o.text, w.text) for n, (o, w) in each.cells.items()}) for each in plan.difference.changed
    ] == [(2, {"name": ("Anna", "Anna Bell")})]
    assert plan.difference.missing == (bert.pk,)
    assert applied(alice, upload, delete_missing=True) == uploads.Applied(added=1, changed=1, deleted=1)
    assert numbers(easycall) == {"Anna Bell": "201", "Cleo": "203"}
    assert codes(easycall) == {"201", "203"}
    cleo = Extension.objects.get(number="203")
    assert (cleo.line, cleo.published, cleo.version) == (free, False, 1)
    anna.refresh_from_db()
    assert anna.version == 2
    assert not SheetUpload.objects.exists()
    events = {event.action: event for event in AuditEvent.objects.all()}
    assert set(events) == {"add", "edit", "delete"}
    assert events["edit"].changes == {"extension name": ["Anna", "Anna Bell"]}
    assert (events["edit"].user, events["edit"].customer, events["edit"].version) == (alice, easycall, 2)
    assert events["add"].changes["assigned to phone line"] == ["", str(free)]
    assert events["add"].record_id == str(cleo.pk)
    assert events["delete"].record_name == "202 Bert"


def test_missing_rows_stay_without_the_tick(alice, easycall, anna, bert):
    upload = uploaded(alice, KIND, lambda rows: rows[:2])
    assert applied(alice, upload) == uploads.Applied(added=0, changed=0, deleted=0)
    assert numbers(easycall) == {"Anna": "201", "Bert": "202"}


def test_numbers_and_lines_change_places(alice, easycall, anna, bert):
    def swap(rows):
        rows[1][1], rows[2][1] = rows[2][1], rows[1][1]
        rows[1][3], rows[2][3] = rows[2][3], rows[1][3]

    lines = anna.line, bert.line
    applied(alice, uploaded(alice, KIND, swap))
    assert numbers(easycall) == {"Anna": "202", "Bert": "201"}
    for extension in (anna, bert):
        extension.refresh_from_db()
    assert (bert.line, anna.line) == lines
    assert (anna.version, bert.version) == (2, 2)
    assert codes(easycall) == {"201", "202"}


def test_a_whole_row_of_numbers_moves_up(alice, easycall):
    for number in range(201, 211):
        ExtensionFactory(customer=easycall, number=str(number), name=str(number))

    def shift(rows):
        for row in rows[1:]:
            row[1] = str(int(row[1]) + 1)

    applied(alice, uploaded(alice, KIND, shift))
    assert numbers(easycall) == {str(number): str(number + 1) for number in range(201, 211)}
    assert codes(easycall) == {str(number) for number in range(202, 212)}


def test_every_error_at_once_by_row_and_column(alice, easycall, lotus, anna, bert):
    HuntgroupFactory(customer=easycall, number="88", name="Sales")
    foreign = LineFactory(customer=lotus, account_id="12065550199")

    def change(rows):
        rows[1][1] = "12"
        rows[1][5] = "perhaps"
        rows[2][1] = "88a"
        rows.append(["", "88", "", "", "", ""])
        rows.append(["", "301", "N" * 61, foreign.account_id, "89", "Yes"])
        rows.append(["", "302", "", "12125550102", "88", "Yes"])
        rows.append(["", "302", "", "", "", "Yes"])
        rows.append(["9999v1", "303", "", "", "", "Yes"])
        rows.append([rows[1][0], "304", "", "", "", "Yes"])
        rows.append(["", "", "", "", "", ""])
        rows.append(["x", "305", "", "", "", "Yes"])
        rows.append(["", "", "Nobody", "", "", "Yes"])

    found = errors(alice, change)
    assert {(place, column) for place, column, _words in found} == {
        (2, "number"), (2, "published"), (3, "number"), (4, "number"), (5, "name"), (5, "line"), (5, "primary_group"),
        (6, "number"), (6, "line"), (6, "primary_group"), (7, "number"), (8, "key"), (9, "key"), (11, "key"),
        (12, "number"),
    }  # fmt: skip
    words = {(place, column): sentence for place, column, sentence in found}
    assert words[2, "number"] == "Extension numbers have 3 digits here."
    assert words[2, "published"] == "Write Yes or No."
    assert words[3, "number"] == "Use digits only."
    assert words[4, "number"] == "Extension numbers have 3 digits here."
    assert words[5, "line"] == "There is no phone line “12065550199”."
    assert words[5, "primary_group"] == "There is no huntgroup “89”."
    assert words[6, "number"] == "302 is already the number of row 7 of this file."
    assert words[6, "line"] == "This phone line is already assigned to extension 202 Bert."
    assert "not in huntgroup 88 Sales" in words[6, "primary_group"]
    assert words[9, "key"].startswith("Row 2 has this key already.")
    assert [place for place, _column, _words in found] == sorted(place for place, _column, _words in found)


def test_nothing_is_applied_when_one_row_is_wrong(alice, easycall, anna, bert):
    def change(rows):
        rows[1][2] = "Somebody"
        rows[2][1] = "12"

    upload = uploaded(alice, KIND, change)
    with pytest.raises(Refused, match="still has errors"):
        applied(alice, upload)
    assert numbers(easycall) == {"Anna": "201", "Bert": "202"}
    assert not AuditEvent.objects.exists()
    assert SheetUpload.objects.filter(pk=upload.pk).exists()


def test_a_number_of_the_wrong_length_makes_no_errors_elsewhere(alice, anna, bert):
    def change(rows):
        rows[1][1], rows[2][1] = "202", "201"
        rows.append(["", "20", "", "", "", "Yes"])

    assert errors(alice, change) == [(4, "number", "Extension numbers have 3 digits here.")]


@pytest.mark.parametrize("code", ["20", "2011"])
def test_no_number_is_the_beginning_of_another(alice, easycall, anna, code):
    DialCode.objects.create(customer=easycall, code="*33", kind=DialCode.Kind.SERVICE)
    easycall.extension_length = len(code)
    easycall.save()
    found = errors(alice, lambda rows: rows.append(["", code, "", "", "", "Yes"]))
    assert [(place, column) for place, column, _words in found] == [(3, "number")]
    assert "201 (extension Anna)" in found[0][2]


def test_two_new_rows_in_each_others_way(alice, easycall):
    easycall.extension_length = 4
    easycall.save()
    DialCode.objects.create(customer=easycall, code="55", kind=DialCode.Kind.ABBREVIATED)
    rows = [["", "2012", "", "", "", "Yes"], ["", "2012", "", "", "", "Yes"], ["", "5512", "", "", "", "Yes"]]
    found = errors(alice, lambda table: table.extend(rows))
    assert [sentence for _place, _column, sentence in found] == [
        "2012 is already the number of row 3 of this file.",
        "2012 is already the number of row 2 of this file.",
        "5512 begins with 55 (an abbreviated number): the call would go there after these digits.",
    ]


def test_a_number_is_free_when_its_row_is_deleted_and_only_then(alice, easycall, anna, bert):
    def change(rows):
        rows[2][1] = "201"
        del rows[1]

    upload = uploaded(alice, KIND, change)
    plan = uploads.plan_of(upload)
    assert said(plan) == [(2, "number", "201 is already the number of extension Anna.")]
    assert said(plan, deleted=True) == []
    with pytest.raises(Refused):
        applied(alice, upload)
    applied(alice, upload, delete_missing=True)
    assert numbers(easycall) == {"Bert": "201"}


def test_a_line_moves_from_one_extension_to_another(alice, easycall, anna, bert):
    line = bert.line

    def change(rows):
        rows[1][3], rows[2][3] = rows[2][3], ""

    applied(alice, uploaded(alice, KIND, change))
    anna.refresh_from_db()
    assert anna.line == line


def test_deleting_takes_the_extension_out_of_its_groups(alice, easycall, anna, bert):
    sales = HuntgroupFactory(customer=easycall, number="88", name="Sales")
    for position, extension in enumerate((anna, bert), start=1):
        HuntgroupMember.objects.create(huntgroup=sales, extension=extension, position=position)
    applied(alice, uploaded(alice, KIND, lambda rows: [rows[0], rows[2]]), delete_missing=True)
    assert list(sales.members.values_list("extension__name", "position")) == [("Bert", 1)]
    sales.refresh_from_db()
    assert sales.version == 2
    event = AuditEvent.objects.get(record_type="centrex.huntgroup")
    assert event.changes == {"Included Extensions": ["201 Anna, 202 Bert", "202 Bert"]}


def test_a_primary_group_stands_in_both_histories(alice, easycall, anna):
    sales, desk = (HuntgroupFactory(customer=easycall, number=n, name=w) for n, w in (("88", "Sales"), ("89", "Desk")))
    for group in (sales, desk):
        HuntgroupMember.objects.create(huntgroup=group, extension=anna, position=1)
    anna.primary_group = desk
    anna.save()
    applied(alice, uploaded(alice, KIND, cell(1, 4, "88 Sales")))
    anna.refresh_from_db()
    assert anna.primary_group == sales
    events = {event.record_name: event.changes for event in AuditEvent.objects.all()}
    assert events["88 Sales"] == {"Primary group of 201 Anna": ["No", "Yes"]}
    assert events["89 Desk"] == {"Primary group of 201 Anna": ["Yes", "No"]}
    assert events["201 Anna"] == {"primary group": ["89 Desk", "88 Sales"]}


def test_a_branch_offices_extensions(alice, easycall):
    berlin, madrid = (CustomerFactory(company_name=name, main_office=easycall) for name in ("Berlin", "Madrid"))
    LineFactory(customer=berlin, account_id="4930123")
    upload = uploaded(alice, KIND, lambda rows: rows.append(["", "301", "Berta", "berlin", "4930123", "", ""]))
    applied(alice, upload)
    extension = Extension.objects.get()
    assert (extension.branch_office, extension.published) == (berlin, True)
    found = errors(alice, cell(1, 3, "Madrid"))
    assert found == [(2, "line", f"Choose a phone line of {madrid}.")]
    assert errors(alice, cell(1, 3, "Lyon")) == [(2, "branch_office", "There is no branch office “Lyon”.")]


def test_two_branch_offices_of_the_same_name_are_told_apart(alice, easycall):
    one, other = (CustomerFactory(company_name="Berlin", main_office=easycall) for _each in range(2))
    for number, branch in (("301", one), ("302", other)):
        ExtensionFactory(customer=easycall, number=number, branch_office=branch)
    assert uploads.plan_of(uploaded(alice, KIND)).difference.changes == 0
    assert "several of this name" in errors(alice, cell(1, 3, "Berlin"))[0][2] or errors(alice, cell(1, 3, "Berlin"))


def test_columns_may_go_and_strange_ones_are_left_out(alice, easycall, anna):
    def change(rows):
        return [[row[0], row[1], row[2] + ("!" if row[0][:1].isdigit() else ""), "note"] for row in rows]

    upload = uploaded(alice, KIND, change)
    plan = uploads.plan_of(upload)
    assert plan.heads.unknown == ("note",)
    assert plan.heads.missing == ("Assigned To Phone Line", "Primary Group", "Published")
    applied(alice, upload)
    anna.refresh_from_db()
    assert (anna.name, anna.line.account_id) == ("Anna!", "12125550101")


@pytest.mark.parametrize(
    ("heads", "words"),
    [
        (["Extension Number", "Extension Name"], "“Key \\(leave as it is\\)” is missing"),
        (["Key (leave as it is)", "Name"], "“Extension Number” is missing"),
        (["Key (leave as it is)", "Extension Number", "extension number "], "is there twice"),
    ],
)
def test_a_file_of_something_else_is_refused(alice, heads, words):
    with pytest.raises(Refused, match=words):
        uploaded(alice, KIND, lambda rows: [heads])


def test_what_a_colleague_took_meanwhile_stops_all_of_it(alice, bob, easycall, anna, bert):
    def change(rows):
        rows[1][2] = "Somebody"
        rows[2][1] = "299"

    upload = uploaded(alice, KIND, change)
    seen = uploads.plan_of(upload).digest
    anna.number = "299"
    edit_extension(user=bob, extension=anna, version=1)
    with pytest.raises(uploads.Overtaken, match="Somebody changed these records meanwhile") as refusal:
        uploads.apply_upload(user=alice, upload=upload, seen=seen, delete_missing=False)
    assert numbers(easycall) == {"Anna": "299", "Bert": "202"}
    assert refusal.value.plan.difference.changes == 2
    assert SheetUpload.objects.exists()


def test_a_change_after_the_download_is_marked(alice, bob, anna, bert):
    def change(rows):
        anna.name = "Anna Bell"
        edit_extension(user=bob, extension=anna, version=1)
        rows[2][2] = "Bert B."

    plan = uploads.plan_of(uploaded(alice, KIND, change))
    assert {each.key for each in plan.difference.changed} == {anna.pk, bert.pk}
    assert plan.stale == {anna.pk}


@pytest.mark.django_db(transaction=True)
def test_two_files_at_once_for_the_same_number(alice, easycall, anna, bert):
    bob = type(alice).objects.create(username="bob2", customer=easycall, role=alice.role)
    files = [uploaded(user, KIND, cell(row, 1, "299")) for user, row in ((alice, 1), (bob, 2))]
    seen = [uploads.plan_of(upload).digest for upload in files]
    results = parallel(
        [
            lambda user=user, upload=upload, digest=digest: uploads.apply_upload(
                user=user, upload=upload, seen=digest, delete_missing=False
            )
            for user, upload, digest in zip((alice, bob), files, seen, strict=True)
        ]
    )
    assert len([each for each in results if isinstance(each, Refused)]) == 1
    assert sorted(numbers(easycall).values()) in (["202", "299"], ["201", "299"])
    assert codes(easycall) == set(numbers(easycall).values())


def queries(act) -> int:
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


def mixed(alice, easycall, count, start):
    """The number of queries of a file with so many changed, added and deleted rows."""
    made = [
        ExtensionFactory(
            customer=easycall, number=str(start + n), name=f"Desk {n}",
            line=LineFactory(customer=easycall, account_id=f"1{start + n}"),
        )
        for n in range(2 * count)
    ]  # fmt: skip
    group = HuntgroupFactory(customer=easycall, name=f"Group {start}")
    for position, extension in enumerate(made):
        HuntgroupMember.objects.create(huntgroup=group, extension=extension, position=position)
    gone = {f"{extension.pk}v1" for extension in made[count:]}

    def change(rows):
        kept = [row for row in rows if row[0] not in gone]
        for row in kept[1:]:
            row[2] += "!"
            row[4] = group.number if row[0] in {f"{each.pk}v1" for each in made} else row[4]
        new = [["", str(start + 500 + n), f"New {n}", "", "", "Yes"] for n in range(count)]
        return kept + new

    upload = uploaded(alice, KIND, change)
    return queries(lambda: uploads.plan_of(upload)), queries(lambda: applied(alice, upload, delete_missing=True))


def test_the_number_of_queries_does_not_grow_with_the_rows(alice, easycall):
    easycall.extension_length = 4
    easycall.save()
    assert mixed(alice, easycall, 1, 1000) == mixed(alice, easycall, 12, 3000)
