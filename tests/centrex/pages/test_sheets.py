"""The pages of Edit in a spreadsheet: who may look, who may change, what is seen before anything is saved."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from centrex.models import AbbreviatedNumber, CompanySettings, Extension, SheetUpload
from centrex.operations.sheets import uploads
from centrex.pages import extensions, huntgroups
from centrex.tasks import drop_old_sheets
from selfcare.models import CustomerClass, Role
from tests.centrex.operations.sheets.files import NOW, cells, csv_file, download, uploaded
from tests.factories import PASSWORD, CustomerFactory, ExtensionFactory, HuntgroupFactory, UserFactory
from tests.people import signed_in

PAGE = "/centrex/extensions/spreadsheet/"
KINDS = ["extensions", "huntgroups", "abbreviated"]


@pytest.fixture
def anna(easycall):
    return ExtensionFactory(customer=easycall, number="201", name="Anna")


@pytest.fixture
def branch(easycall):
    return CustomerFactory(company_name="Boston Branch", main_office=easycall)


@pytest.fixture
def as_berta(branch):
    return signed_in(UserFactory(username="berta", customer=branch))


def rows_of(easycall):
    return cells(download("extensions", easycall))


def post(client, rows, address=PAGE, name="list.csv"):
    return client.post(address, {"file": SimpleUploadedFile(name, csv_file(rows))})


def body(answer) -> str:
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("kind", KINDS)
def test_the_list_leads_to_its_spreadsheet(kind, as_alice, as_bob, as_berta):
    address = reverse(f"centrex:{kind}-sheet")
    assert f'href="{address}"' in body(as_alice.get(reverse(f"centrex:{kind}")))
    for client in (as_bob, as_berta):
        assert f'href="{address}"' not in body(client.get(reverse(f"centrex:{kind}")))


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_says_what_to_write_in_each_column(kind, as_alice, branch):
    page = body(as_alice.get(reverse(f"centrex:{kind}-sheet")))
    for column in uploads.sheet_of(kind, branch.main_office).columns:
        assert f'<th scope="row">{column.label}</th>' in page
        assert str(column.example) in page.replace("&#x27;", "'")


@pytest.mark.parametrize(("kind", "labels"), [("extensions", extensions.LABELS), ("huntgroups", huntgroups.LABELS)])
def test_columns_are_called_as_on_the_pages(kind, labels, branch):
    columns = {column.name: str(column.label) for column in uploads.sheet_of(kind, branch.main_office).columns}
    own = {name: str(label) for name, label in labels.items() if name != "recorded_name"}  # a sound is no cell
    assert own.items() <= columns.items()


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_the_download(as_alice, as_bob, as_charlie, anna, format):
    for client in (as_alice, as_bob):
        answer = client.get(PAGE, {"format": format})
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert f".{format}" in answer["Content-Disposition"]
        assert len(content) > 100
    rows = cells(b"".join(as_alice.get(PAGE, {"format": "csv"}).streaming_content))
    assert rows[1][:3] == [f"{anna.pk}v1", "201", "Anna"]
    assert len(cells(b"".join(as_charlie.get(PAGE, {"format": "csv"}).streaming_content))) == 1


def test_a_branch_office_downloads_its_own_and_uploads_nothing(as_berta, branch, easycall, anna):
    ExtensionFactory(customer=easycall, branch_office=branch, number="301", name="Berta")
    content = b"".join(as_berta.get(PAGE, {"format": "csv"}).streaming_content)
    assert [row[1] for row in cells(content)[1:]] == ["301"]
    assert "Upload and compare" not in body(as_berta.get(PAGE))
    answer = post(as_berta, cells(content))
    assert answer.status_code == 403
    assert b"Your main office keeps this" in answer.content


def test_who_may_only_read_uploads_nothing(as_bob, alice, anna):
    assert "Upload and compare" not in body(as_bob.get(PAGE))
    assert post(as_bob, [["x"]]).status_code == 403
    upload = uploaded(alice, "extensions")
    assert as_bob.post(f"{PAGE}{upload.pk}/").status_code == 403
    assert as_bob.get(f"{PAGE}{upload.pk}/").status_code == 403


def test_an_upload_is_its_users_own(alice, easycall, as_alice, as_charlie, anna):
    upload = uploaded(alice, "extensions")
    colleague = signed_in(UserFactory(customer=easycall, role=Role.CENTREX_MANAGER))
    for client in (as_charlie, colleague):
        assert client.get(f"{PAGE}{upload.pk}/").status_code == 404
        assert client.post(f"{PAGE}{upload.pk}/", {"seen": "x"}).status_code == 404
    assert as_alice.get(f"/centrex/huntgroups/spreadsheet/{upload.pk}/").status_code == 404
    assert as_alice.get(f"{PAGE}{upload.pk}/").status_code == 200


def test_a_foreign_key_is_no_key(as_charlie, anna, lotus):
    answer = post(as_charlie, [*cells(download("extensions", lotus)), [f"{anna.pk}v1", "201", "Mine", "", "", "Yes"]])
    page = body(as_charlie.get(answer["Location"]))
    assert "There is nothing with this key any more" in page
    assert "Anna" not in page


def test_upload_look_and_apply(as_alice, easycall, anna):
    ExtensionFactory(customer=easycall, number="202", name="Bert")
    rows = rows_of(easycall)
    rows[1][2] = "Anna <Bell>"
    rows = [rows[0], rows[1], ["", "203", "Cleo", "", "", "No"]]
    answer = post(as_alice, rows, name="whatever.exe")
    assert answer.status_code == 302
    page = body(as_alice.get(answer["Location"]))
    for words in ("<del>Anna</del>", "<ins>Anna &lt;Bell&gt;</ins>", "<td>Cleo</td>", "<li>202 Bert</li>",
                  "Apply 2 changes", "Also delete the 1 that is missing"):  # fmt: skip
        assert words in page
    assert Extension.objects.get(pk=anna.pk).name == "Anna"
    seen = as_alice.get(answer["Location"]).context["plan"].digest
    done = as_alice.post(answer["Location"], {"seen": seen}, follow=True)
    assert "Done: 1 added, 1 changed, 0 deleted." in body(done)
    assert set(Extension.objects.values_list("name", flat=True)) == {"Anna <Bell>", "Bert", "Cleo"}
    assert as_alice.post(answer["Location"], {"seen": seen}).status_code == 404  # the second click


def test_deletion_wants_the_tick(as_alice, easycall, anna):
    ExtensionFactory(customer=easycall, number="202", name="Bert")
    answer = post(as_alice, rows_of(easycall)[:2])
    page = as_alice.get(answer["Location"])
    assert 'name="delete_missing" required' in body(page)
    as_alice.post(answer["Location"], {"seen": page.context["plan"].digest, "delete_missing": "on"})
    assert list(Extension.objects.values_list("name", flat=True)) == ["Anna"]


def test_errors_stand_there_by_row_and_column_and_nothing_can_be_applied(as_alice, easycall, anna):
    rows = [*rows_of(easycall), ["", "12", "", "", "", "Yes"], ["", "13", "", "", "", "maybe"]]
    answer = post(as_alice, rows)
    page = body(as_alice.get(answer["Location"]))
    assert "3 errors" in page
    row = '<tr><td class="num">3</td><th scope="row">Extension Number</th><td><code>12</code></td>'
    assert f"{row}<td>Extension numbers have 3 digits here.</td></tr>" in page
    assert "Apply" not in page
    seen = as_alice.get(answer["Location"]).context["plan"].digest
    assert "still has errors" in body(as_alice.post(answer["Location"], {"seen": seen}))
    assert Extension.objects.count() == 1


def test_what_changed_meanwhile_is_shown_instead(as_alice, alice, easycall, anna):
    rows = rows_of(easycall)
    rows[1][2] = "Anna Bell"
    answer = post(as_alice, rows)
    seen = as_alice.get(answer["Location"]).context["plan"].digest
    Extension.objects.filter(pk=anna.pk).update(name="Annie", version=2)
    page = body(as_alice.post(answer["Location"], {"seen": seen}))
    assert "Somebody changed these records meanwhile" in page
    assert "<del>Annie</del>" in page
    assert "Changed by somebody since your download" in page
    assert Extension.objects.get(pk=anna.pk).name == "Annie"
    seen = as_alice.get(answer["Location"]).context["plan"].digest
    as_alice.post(answer["Location"], {"seen": seen})
    assert Extension.objects.get(pk=anna.pk).name == "Anna Bell"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The submitted file is empty."),
        (b"\xd0\xcf\x11\xe0", "Save it as XLSX"),
        (b"PK\x03\x04", "The file is damaged"),
        (b"a,b\n1,2", "is missing. Download the list"),
        (b"x" * (5 * 1024 * 1024 + 1), "The file is too large"),
    ],
)
def test_a_file_that_cannot_be_taken_says_why(as_alice, content, words):
    answer = as_alice.post(PAGE, {"file": SimpleUploadedFile("list.csv", content)})
    assert words in body(answer)
    assert not SheetUpload.objects.exists()


def test_no_file_at_all(as_alice):
    assert "This field is required." in body(as_alice.post(PAGE))


def test_the_same_file_again_says_so(as_alice, easycall, anna):
    page = body(as_alice.get(post(as_alice, rows_of(easycall))["Location"]))
    assert "there is nothing to apply" in page
    assert "Apply" not in page


def test_a_new_upload_takes_the_place_of_the_last(as_alice, easycall, anna):
    first, second = (post(as_alice, rows_of(easycall))["Location"] for _each in range(2))
    assert as_alice.get(first).status_code == 404
    assert as_alice.get(second).status_code == 200


def test_an_upload_is_forgotten_after_a_day(alice, anna):
    upload = uploaded(alice, "extensions")
    uploads.drop_old_uploads(now=NOW + timedelta(hours=23))
    assert SheetUpload.objects.filter(pk=upload.pk).exists()
    drop_old_sheets()
    assert not SheetUpload.objects.exists()


def test_abbreviated_numbers_by_the_page(as_alice, as_berta, easycall):
    address = "/centrex/abbreviated/spreadsheet/"
    rows = [["Key (leave as it is)", "Abbreviated #", "# To Dial"], ["", "801", "+44 20 7946 0018"]]
    assert "Set the Abbreviated Number Length first." in body(post(as_alice, rows, address))
    CompanySettings.objects.filter(customer=easycall).update(abbreviated_length=3)
    assert post(as_berta, rows, address).status_code == 403
    check = post(as_alice, rows, address)["Location"]
    seen = as_alice.get(check).context["plan"].digest
    assert "442079460018" in body(as_alice.get(check))
    assert as_alice.post(check, {"seen": seen}).status_code == 200  # a number abroad asks for the password
    assert as_alice.post(check, {"seen": seen, "password": PASSWORD})["Location"] == "/centrex/abbreviated/"
    assert AbbreviatedNumber.objects.get().target == "442079460018"


def test_a_hidden_list_has_no_spreadsheet(as_alice, easycall, anna):
    easycall.customer_class = CustomerClass.objects.create(name="Basic", hidden_pages=["centrex:extensions"])
    easycall.save()
    assert as_alice.get(PAGE).status_code == 404


def test_huntgroups_by_the_page(as_alice, easycall, anna):
    group = HuntgroupFactory(customer=easycall, number="88", name="Sales")
    rows = cells(download("huntgroups", easycall))
    rows[1][6] = "201 (after 5 sec)"
    answer = post(as_alice, rows, "/centrex/huntgroups/spreadsheet/")
    seen = as_alice.get(answer["Location"]).context["plan"].digest
    assert as_alice.post(answer["Location"], {"seen": seen})["Location"] == "/centrex/huntgroups/"
    assert list(group.members.values_list("extension__name", "ring_delay")) == [("Anna", 5)]
