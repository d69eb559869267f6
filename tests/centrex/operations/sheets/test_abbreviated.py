"""Abbreviated numbers as a spreadsheet."""

import pytest

from centrex.models import AbbreviatedNumber, CompanySettings, DialCode
from centrex.operations.sheets import uploads
from selfcare.errors import Refused
from selfcare.models import AuditEvent
from tests.centrex.operations.sheets.files import applied, cells, download, said, uploaded
from tests.centrex.operations.sheets.test_extensions import queries
from tests.factories import AbbreviatedNumberFactory, CustomerFactory, ExtensionFactory, LineFactory

KIND = "abbreviated"


@pytest.fixture(autouse=True)
def three_digits(easycall):
    CompanySettings.objects.filter(customer=easycall).update(abbreviated_length=3)


@pytest.fixture
def taxi(easycall):
    return AbbreviatedNumberFactory(
        customer=easycall, number="801", target="442079460018", description="Taxi", version=1
    )


@pytest.fixture
def doctor(easycall):
    return AbbreviatedNumberFactory(customer=easycall, number="802", target="", description="Doctor")


def kept(office):
    found = AbbreviatedNumber.objects.filter(customer=office).order_by("number")
    return list(found.values_list("number", "target", "description"))


def test_added_changed_deleted_and_swapped(alice, easycall, taxi, doctor):
    AbbreviatedNumberFactory(customer=easycall, number="803", description="Nobody")
    LineFactory(customer=easycall, account_id="12125550100")

    def change(rows):
        rows[1][1], rows[2][1] = rows[2][1], rows[1][1]
        rows[1][2] = "+1 (718) 555-0143"
        return [*rows[:3], ["", "804", "12125550100", "Desk"], ["", "805", "", ""]]

    done = applied(alice, uploaded(alice, KIND, change), delete_missing=True)
    assert done == uploads.Applied(added=2, changed=2, deleted=1)
    assert kept(easycall) == [
        ("801", "", "Doctor"), ("802", "17185550143", "Taxi"), ("804", "12125550100", "Desk"), ("805", "", ""),
    ]  # fmt: skip
    codes = DialCode.objects.filter(customer=easycall, kind="abbreviated").values_list("code", flat=True)
    assert set(codes) == {"801", "802", "804", "805"}
    event = AuditEvent.objects.get(record_id=str(taxi.pk))
    assert (event.action, event.version) == ("edit", 2)
    assert event.changes == {"Abbreviated #": ["801", "802"], "# To Dial": ["442079460018", "17185550143"]}


def test_what_is_wrong_is_said_in_words(alice, easycall, taxi, doctor):
    ExtensionFactory(customer=easycall, number="806", name="Anna")

    def change(rows):
        rows += [
            ["", "12", "", ""], ["", "806", "", ""], ["", "807", "801", ""], ["", "808", "my mother", ""],
            ["", "911", "", ""], ["", "809", "809", ""],
        ]  # fmt: skip

    found = {(place, column): words for place, column, words in said(uploads.plan_of(uploaded(alice, KIND, change)))}
    assert found.keys() == {(4, "number"), (5, "number"), (6, "target"), (7, "target"), (8, "number"), (9, "target")}
    assert found[4, "number"] == "Abbreviated numbers have 3 digits here."
    assert found[5, "number"] == "806 is already the number of extension Anna."
    assert found[7, "target"].startswith("Enter the ID of one of your phone lines")
    assert found[8, "number"] == "911 calls for help in an emergency."


def test_no_number_leads_to_another_in_the_file(alice, easycall, taxi):
    easycall_line = LineFactory(customer=easycall, account_id="850")
    rows = [["", "850", "", "Inner"], ["", "851", easycall_line.account_id, "Outer"]]
    found = said(uploads.plan_of(uploaded(alice, KIND, lambda table: table.extend(rows))))
    assert [(place, column) for place, column, _words in found] == [(3, "number"), (4, "target")]
    assert found[0][2] == "850 is what 851 (Outer) dials, and would lead in a circle."


def test_without_a_length_there_is_nothing_to_upload(alice, easycall):
    rows = cells(download(KIND, easycall))
    assert rows == [["Key (leave as it is)", "Abbreviated #", "# To Dial", "Description"]]
    CompanySettings.objects.filter(customer=easycall).update(abbreviated_length=None)
    with pytest.raises(Refused, match="Set the Abbreviated Number Length first"):
        uploaded(alice, KIND)


def test_a_branch_office_may_download_them_too(easycall, taxi):
    branch = CustomerFactory(main_office=easycall)
    assert cells(download(KIND, branch))[1][1:] == ["801", "442079460018", "Taxi"]


def mixed(alice, easycall, count, start):
    made = [AbbreviatedNumberFactory(customer=easycall, number=str(start + n)) for n in range(2 * count)]
    gone = {f"{each.pk}v1" for each in made[count:]}

    def change(rows):
        rows = [row for row in rows if row[0] not in gone]
        for row in rows[1:]:
            row[3] += "!"
        return rows + [["", str(start + 50 + n), "", ""] for n in range(count)]

    upload = uploaded(alice, KIND, change)
    return queries(lambda: uploads.plan_of(upload)), queries(lambda: applied(alice, upload, delete_missing=True))


def test_the_number_of_queries_does_not_grow_with_the_rows(alice, easycall):
    assert mixed(alice, easycall, 1, 200) == mixed(alice, easycall, 12, 400)
