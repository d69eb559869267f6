"""The rows of a file: which record each stands for, and what its cells mean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from centrex.operations.sheets.sheet import KEY, KEY_LABEL, Sheet, Trouble
from centrex.sheets.difference import Value
from centrex.sheets.reading import Table
from selfcare.errors import Refused
from selfcare.export import read_back

# The record's id and, behind the v, its version at the download; digits alone would invite Excel to calculate.
KEY_FORM = re.compile(r"([0-9]{1,18})v([0-9]{1,9})", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Heads:
    """Which column of the file is which: column name -> place; heads that nobody knows, columns that are not there."""

    places: Mapping[str, int]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(slots=True)
class Row:
    """A row on its way: the texts of its cells, the record that it stands for, and what is understood of it."""

    place: int
    texts: Mapping[str, str]
    key: int | None = None
    version: int | None = None
    cells: dict[str, Value] = field(default_factory=dict)

    @property
    def ref(self) -> int:
        """As a Draft's."""
        return -self.place if self.key is None else self.key


def rows_of(table: Table, heads: Heads) -> list[Row]:
    """The rows with what each column has; a short row ends in empty cells."""
    rows = []
    for line in table.lines:
        cells = dict(enumerate(line.cells))
        texts = {name: read_back(cells.get(place, "")).strip() for name, place in heads.places.items()}
        rows.append(Row(line.place, texts))
    return rows


def matched_heads(sheet: Sheet[Any], found: Sequence[str]) -> Heads:
    """The columns of the file; Refused when it has not what every row needs."""
    labels = {KEY: KEY_LABEL} | {column.name: column.label for column in sheet.columns}
    known = {str(label).casefold(): name for name, label in labels.items()}
    with override("en"):  # a colleague with another language may have downloaded it
        known |= {str(label).casefold(): name for name, label in labels.items()}
    names = [known.get(read_back(head).strip().casefold()) for head in found]
    for name in names:
        if name is not None and names.count(name) > 1:
            raise Refused(_("The column “%(column)s” is there twice.") % {"column": labels[name]})
    for name in (KEY, sheet.columns[0].name):
        if name not in names:
            raise Refused(
                _("The column “%(column)s” is missing. Download the list, change that file, and upload it.")
                % {"column": labels[name]}
            )
    return Heads(
        places={name: place for place, name in enumerate(names) if name is not None},
        unknown=tuple(head for head, name in zip(found, names, strict=True) if name is None and head),
        missing=tuple(str(label) for name, label in labels.items() if name not in names),
    )


def find_records(sheet: Sheet[Any], rows: Sequence[Row]) -> Iterator[Trouble]:
    """Set the key of each row that stands for a record; what is wrong with the others."""
    seen: dict[int, int] = {}
    for row in rows:
        text = row.texts[KEY]
        if not text:
            continue
        match = KEY_FORM.fullmatch(text)
        key = int(match[1]) if match else None
        if match is None or key not in sheet.records:
            yield Trouble(row.place, KEY, unknown_key())
        elif key in seen:
            words = _("Row %(row)s has this key already. Leave the key empty to add a new one.")
            yield Trouble(row.place, KEY, words % {"row": seen[key]})
        else:
            row.key, row.version = key, int(match[2])
            seen[key] = row.place


def unknown_key() -> str:
    return _("There is nothing with this key any more. Leave the key empty to add a new one, or delete the row.")


def read_cells(sheet: Sheet[Any], rows: Sequence[Row]) -> list[Trouble]:
    """Understand the cells of all rows; what could not be understood."""
    first, *others = sheet.columns
    current = {key: sheet.values(record) for key, record in sheet.records.items()}
    troubles = [trouble for row in rows for trouble in read_columns(row, [first], current)]
    numbers = {pk: str(record.number) for pk, record in sheet.records.items()}
    sheet.know_numbers(
        numbers | {row.ref: str(row.cells[first.name].meaning) for row in rows if first.name in row.cells}
    )
    troubles += [trouble for row in rows for trouble in read_columns(row, others, current)]
    return troubles


def read_columns(row: Row, columns: Sequence[Any], current: Mapping[int, Mapping[str, Value]]) -> Iterator[Trouble]:
    old = {} if row.key is None else current[row.key]
    for column in columns:
        if column.name not in row.texts:
            continue
        try:
            row.cells[column.name] = column.understood(row.texts[column.name], old.get(column.name))
        except Refused as refusal:
            yield Trouble(row.place, column.name, str(refusal.message))
