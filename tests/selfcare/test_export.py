"""CSV and XLSX: formulas are defused, numbers stay numbers."""

import csv
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation
from openpyxl import load_workbook

from selfcare import export

PAYLOADS = [
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1+1", "＋1", "－1", "＠x",
    '=HYPERLINK("http://evil.example","x")', "=cmd|'/c calc'!A1", "-2+3+cmd|' /C calc'!A0", "\n=1",
]  # fmt: skip


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_formula_in_text_is_defused(payload):
    assert export.csv_cell(payload) == f"'{payload}"


@pytest.mark.parametrize("text", ["Anna", "", "a=b", "12125550142", "O'Neill", "1+1"])
def test_other_text_stays_as_it_is(text):
    assert export.csv_cell(text) == text


def test_a_negative_amount_stays_a_number():
    assert export.csv_cell(Decimal("-12.50000")) == "-12.50000"


def test_times_are_the_readers():
    with timezone.override(ZoneInfo("Europe/Berlin")):
        assert export.csv_cell(datetime(2026, 7, 1, 12, tzinfo=UTC)) == "2026-07-01 14:00:00+02:00"


def test_the_file_is_what_was_put_in():
    rows = [["Zoë", Decimal("1.5"), None, True], ["a\nb", 2, "x,y", False]]
    lines = "".join(export.csv_lines(["Name", "Amount", "Note", "Flag"], rows))
    assert lines.startswith("\ufeff")
    read = list(csv.reader(StringIO(lines.removeprefix("\ufeff"), newline="")))
    assert read == [["Name", "Amount", "Note", "Flag"], ["Zoë", "1.5", "", "1"], ["a\nb", "2", "x,y", "0"]]


def test_a_stream_is_made_in_the_language_and_zone_of_its_request():
    when = datetime(2026, 1, 1, tzinfo=UTC)
    with translation.override("de"), timezone.override(ZoneInfo("Asia/Tokyo")):
        parts = export.in_this_context(export.csv_lines(["t"], [[when]]))
    assert "2026-01-01 09:00:00+09:00" in "".join(parts)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_workbook_holds_no_formula(payload):
    book = load_workbook(BytesIO(export.xlsx("T", ["Head"], [[payload]])))
    cell = book.active["A2"]
    assert cell.data_type == "s"


def test_a_workbook_keeps_numbers_and_is_bounded(monkeypatch):
    monkeypatch.setattr(export, "XLSX_ROWS", 3)
    book = load_workbook(BytesIO(export.xlsx("T", ["n"], [[Decimal(n)] for n in range(10)])))
    assert [row[0].value for row in book.active.iter_rows()] == ["n", 0, 1, 2]
