"""What a file would do, and everything that is in the way of it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from typing import Any

from centrex.operations.sheets.rows import Heads, Row, find_records, matched_heads, read_cells, rows_of
from centrex.operations.sheets.sheet import Draft, Sheet, Trouble
from centrex.sheets.difference import Difference, Wanted, difference
from centrex.sheets.reading import Table


@dataclass
class Plan:
    """What a file would do to the records of `sheet`.

    `troubles` are in the way of it, `troubles_if_deleted` when the records that no row stands for are deleted too.
    `stale` are the keys of records that somebody changed after the file was downloaded.
    """

    sheet: Sheet[Any]
    heads: Heads
    difference: Difference
    drafts: list[Draft[Any]]
    troubles: tuple[Trouble, ...]
    troubles_if_deleted: tuple[Trouble, ...]
    stale: frozenset[int]

    def troubles_when(self, *, delete_missing: bool) -> tuple[Trouble, ...]:
        return self.troubles_if_deleted if delete_missing else self.troubles

    @cached_property
    def digest(self) -> str:
        """The same for the same difference to records in the same versions: nobody applies what he never saw."""
        records = self.sheet.records
        changed = [
            (
                each.key,
                records[each.key].version,
                {name: [old.text, new.text] for name, (old, new) in each.cells.items()},
            )
            for each in self.difference.changed
        ]
        added = [
            (each.place, {name: value.text for name, value in each.cells.items()}) for each in self.difference.added
        ]
        missing = [(key, records[key].version) for key in self.difference.missing]
        return sha256(json.dumps([changed, added, missing]).encode()).hexdigest()


def make_plan(sheet: Sheet[Any], table: Table) -> Plan:
    """Compare the file with the records of the sheet; Refused when it is not a file of this sheet at all."""
    sheet.refuse_unusable()
    heads = matched_heads(sheet, table.heads)
    rows = rows_of(table, heads)
    lost = list(find_records(sheet, rows))
    known = [row for row in rows if row.place not in {trouble.place for trouble in lost}]
    unread = [*lost, *read_cells(sheet, known)]
    found = compare(sheet, known)
    drafts = drafts_of(sheet, found)
    return Plan(
        sheet=sheet,
        heads=heads,
        difference=without(found, {trouble.place for trouble in unread}),
        drafts=drafts,
        troubles=together(unread, sheet.check(drafts, gone=()), rows),
        troubles_if_deleted=together(unread, sheet.check(drafts, gone=found.missing), rows) if found.missing else (),
        stale=frozenset(row.ref for row in known if row.key and row.version != sheet.records[row.key].version),
    )


def compare(sheet: Sheet[Any], rows: Iterable[Row]) -> Difference:
    current = {key: sheet.values(record) for key, record in sheet.records.items()}
    return difference(current, [Wanted(row.place, row.key, row.cells) for row in rows])


def drafts_of(sheet: Sheet[Any], found: Difference) -> list[Draft[Any]]:
    """The records as the file wants them."""
    changed = [
        sheet.draft(each.place, sheet.records[each.key], {name: new for name, (_old, new) in each.cells.items()})
        for each in found.changed
    ]
    return [*changed, *(sheet.draft(each.place, None, each.cells) for each in found.added)]


def without(found: Difference, places: Collection[int]) -> Difference:
    """The difference without rows that are not understood."""
    return replace(
        found,
        added=tuple(each for each in found.added if each.place not in places),
        changed=tuple(each for each in found.changed if each.place not in places),
    )


def together(unread: Iterable[Trouble], unfit: Iterable[Trouble], rows: Iterable[Row]) -> tuple[Trouble, ...]:
    """All troubles in the order of the file, one for each cell, with what stands there."""
    texts: Mapping[int, Row] = {row.place: row for row in rows}
    first: dict[tuple[int, str], Trouble] = {}
    for trouble in [*unread, *unfit]:
        first.setdefault((trouble.place, trouble.column), trouble)
    return tuple(
        replace(trouble, text=texts[trouble.place].texts.get(trouble.column, ""))
        for trouble in sorted(first.values(), key=lambda trouble: trouble.place)
    )
