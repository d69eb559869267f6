"""Down and up again without a change is no difference, whatever the names are; and what Excel breaks is noticed."""

from io import BytesIO

import pytest
from django.utils.translation import override
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from centrex.models import Extension
from centrex.operations.sheets import uploads
from selfcare.errors import Refused
from selfcare.export import DANGEROUS, defused, read_back, to_be_read_back
from tests.centrex.operations.sheets.files import NOW, applied, csv_file, download, said, uploaded
from tests.factories import ExtensionFactory, HuntgroupFactory, LineFactory

KIND = "extensions"
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
NAMES = ANY_TEXT | st.text(f"{DANGEROUS}'\"; ,a1\\\x1a", max_size=8)


@given(NAMES)
@example("'=1+1")
@example("''=1+1")
@example("+49")
def test_the_guard_against_formulas_comes_off_again(text):
    assert read_back(defused(to_be_read_back(text))) == text
    assert read_back(to_be_read_back(text)) == text


def up_again(user, content):
    upload = uploads.keep_upload(user=user, customer=user.customer, kind=KIND, content=content, now=NOW)
    return uploads.plan_of(upload)


def test_no_change_is_no_difference(alice, easycall):
    odd = ExtensionFactory(customer=easycall, number="012", line=LineFactory(customer=easycall, account_id="0012"))
    HuntgroupFactory(customer=easycall, number="88", name="=Sales")

    @settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(NAMES)
    @example("'=cmd|' /C calc'!A0")
    @example('say "hi"\r\nto 😀; me, too\t')
    @example("  spaces  ")
    @example("\x01\x1f\x7f\ufffe\uffff")
    @example("#N/A")
    @example("007")
    @example("1.5E3")
    @example("12/05")
    @example("TRUE")
    def there_and_back(name):
        Extension.objects.filter(pk=odd.pk).update(name=name)
        for format in ("csv", "xlsx"):
            plan = up_again(alice, download(KIND, easycall, format))
            assert (plan.difference.changes, plan.difference.missing, plan.troubles) == (0, (), ()), format

    there_and_back()


@pytest.mark.parametrize("delimiter", ",;\t")
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_whatever_a_program_saves_the_csv_as(alice, easycall, delimiter, encoding):
    ExtensionFactory(customer=easycall, number="012", name="Zoë; Büro, 2nd")
    upload = uploaded(alice, KIND)
    rows = [list(upload.table["heads"]), *(cells for _place, cells in upload.table["lines"])]
    assert up_again(alice, csv_file(rows, delimiter=delimiter, encoding=encoding)).difference.changes == 0


def test_the_guard_is_in_the_file_and_not_in_the_name(alice, easycall):
    ExtensionFactory(customer=easycall, number="201", name="=1+1")
    assert b",'=1+1," in download(KIND, easycall)
    applied(alice, uploaded(alice, KIND, lambda rows: rows.append(["", "202", "'+Anna", "", "", ""])))
    assert set(Extension.objects.values_list("name", flat=True)) == {"=1+1", "+Anna"}


def test_cells_of_a_workbook_are_text_and_keep_their_zeros(easycall):
    line = LineFactory(customer=easycall, account_id="0049301234567890")
    ExtensionFactory(customer=easycall, number="012", line=line)
    row = list(load_workbook(BytesIO(download(KIND, easycall, "xlsx"))).active.rows)[1]
    assert [(cell.value, cell.data_type) for cell in row[1:4:2]] == [("012", "s"), ("0049301234567890", "s")]


def saved_by_excel(content: bytes, **cells) -> bytes:
    """The workbook with other values in cells (A1=...)."""
    book, buffer = load_workbook(BytesIO(content)), BytesIO()
    for place, value in cells.items():
        book.active[place] = value
    book.save(buffer)
    return buffer.getvalue()


def test_numbers_that_excel_made_of_digits(alice, easycall):
    line = LineFactory(customer=easycall, account_id="493023125020")
    ExtensionFactory(customer=easycall, number="012", line=line)
    content = saved_by_excel(download(KIND, easycall, "xlsx"), B2=12, D2="4.93023E+11")
    assert up_again(alice, content).difference.changes == 0
    content = saved_by_excel(download(KIND, easycall, "xlsx"), B2=201.0, D2=493023125020)
    assert [set(each.cells) for each in up_again(alice, content).difference.changed] == [{"number"}]


def test_what_excel_destroyed_is_named(alice, easycall):
    ExtensionFactory(customer=easycall, number="201", name="3-5")
    content = saved_by_excel(download(KIND, easycall, "xlsx"), B2=NOW.date(), C2=NOW.date(), D2="1.2E+11", F2="#REF!")
    words = {column: sentence for _place, column, sentence in said(up_again(alice, content))}
    assert "took this for a date" in words["number"]
    assert "took this for a date" in words["name"]
    assert "shortened this number" in words["line"]
    assert "could not calculate this cell" in words["published"]


def test_a_file_of_a_colleague_with_another_language(alice, easycall):
    ExtensionFactory(customer=easycall, number="201")
    content = download(KIND, easycall)
    with override("de"):
        assert up_again(alice, content).difference.unchanged == 1


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\0", b"PK\x03\x04"])
def test_a_file_that_is_none_is_refused(alice, content):
    with pytest.raises(Refused):
        up_again(alice, content)
