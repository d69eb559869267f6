"""Files as people and spreadsheet programs write them, and files that nobody should be able to harm us with."""

import zipfile
from datetime import date, datetime
from io import BytesIO

import pytest
from openpyxl import Workbook

from centrex.sheets import reading
from centrex.sheets.reading import DATE_MARK, Line, Reason, Table, Unreadable, read_table, tidy

TABLE = Table(("Key", "Name"), (Line(2, ("1v1", "Zoë")), Line(4, ("2v1", "a,b;c"))))


@pytest.mark.parametrize("delimiter", ",;\t")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_csv_in_every_dress(delimiter, encoding, end):
    lines = [["Key", "Name"], ["1v1", "Zoë"], ["", ""], ["2v1", '"a,b;c"']]
    assert read_table(end.join(delimiter.join(line) for line in lines).encode(encoding)) == TABLE


def test_excels_line_that_names_the_delimiter():
    assert read_table(b"sep=;\r\nKey;A,B,C\r\n1;x") == Table(("Key", "A,B,C"), (Line(2, ("1", "x")),))


def test_a_row_keeps_its_number_when_a_cell_has_lines():
    table = read_table(b'Key,Name\r\n1,"a\r\nb"\r\n2,c\r\n')
    assert table.lines == (Line(2, ("1", "a\nb")), Line(3, ("2", "c")))


def workbook(*rows) -> bytes:
    book, buffer = Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(buffer)
    return buffer.getvalue()


def test_a_workbook_by_its_content():
    content = workbook(["Key", "Name"], ["1v1", "Zoë"], [], ["2v1", "a,b;c"])
    assert read_table(content) == TABLE


def test_cells_that_are_no_text():
    row = [201, 201.0, 20.5, True, None, date(2026, 3, 5), datetime(2026, 3, 5, 1), "=1+1", "x"]  # noqa: DTZ001  # a sheet knows no zones
    cells = read_table(workbook(["x"] * 9, row)).lines[0].cells
    assert cells[:5] == ("201", "201", "20.5", "TRUE", "")
    assert cells[5].startswith(f"{DATE_MARK}2026-03-05")
    assert cells[6].startswith(f"{DATE_MARK}2026-03-05 01")
    assert cells[7] == ""  # a formula that no program has worked out


def test_what_says_it_is_a_date_cannot_be_typed():
    assert tidy(f"{DATE_MARK}2026-03-05") == "2026-03-05"


def archive(**parts: bytes) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", Reason.EMPTY),
        (b"\xef\xbb\xbf\r\n\r\n", Reason.EMPTY),
        (workbook(), Reason.EMPTY),
        (b"x" * (reading.MAX_BYTES + 1), Reason.TOO_LARGE),
        (b"a\n" * (reading.MAX_PLACE + 2), Reason.TOO_MANY_ROWS),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Reason.OLD_EXCEL),
        (b"PK\x03\x04 but no archive", Reason.BROKEN),
        (archive(x=b"no workbook"), Reason.BROKEN),
        (archive(**{"xl/workbook.xml": b"\0" * 60_000_000}), Reason.TOO_LARGE),
        (archive(**{str(n): b"" for n in range(reading.MAX_PARTS + 1)}), Reason.TOO_LARGE),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Reason.NO_TEXT),
        (b"Key,\x81\x8d\n", Reason.NO_TEXT),
        (b'Key,"' + b"x" * 200_000 + b'"', Reason.BROKEN),
    ],
    ids=lambda value: value.name if isinstance(value, Reason) else "",
)
def test_what_cannot_be_read(content, reason):
    with pytest.raises(Unreadable) as refusal:
        read_table(content)
    assert refusal.value.reason is reason


def sheet_with(xml: str) -> bytes:
    """A workbook whose only sheet is `xml`."""
    plain, buffer = BytesIO(workbook(["Key"])), BytesIO()
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            is_sheet = part.filename.endswith("sheet1.xml")
            new.writestr(part.filename, xml if is_sheet else old.read(part))
    return buffer.getvalue()


def rows_of(xml: str, before: str = "") -> bytes:
    head = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    return sheet_with(f"{before}{head}{xml}</worksheet>")


ONE_CELL = '<row r="1"><c r="A1"><v>7</v></c></row>'


def test_a_sheet_that_claims_to_be_endless_is_read_as_far_as_it_goes():
    content = rows_of(f'<dimension ref="A1:XFD1048576"/><sheetData>{ONE_CELL}</sheetData>')
    assert read_table(content) == Table(("7",), ())


def test_a_row_far_below_is_not_waited_for():
    content = rows_of(f'<sheetData>{ONE_CELL}<row r="99999999999"><c><v>1</v></c></row></sheetData>')
    with pytest.raises(Unreadable):
        read_table(content)


def test_entities_are_not_blown_up():
    layers = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE x [<!ENTITY e0 "{"ha" * 500}">{layers}]>'
    content = rows_of('<sheetData><row r="1"><c t="str"><v>&e9;</v></c></row></sheetData>', before=bomb)
    with pytest.raises(Unreadable) as refusal:
        read_table(content)
    assert refusal.value.reason is Reason.BROKEN
