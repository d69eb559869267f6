"""What differs between the records that are kept and the rows that somebody wants."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

Cells = Mapping[str, "Value"]


@dataclass(frozen=True, slots=True)
class Value:
    """What a cell means, and how it is written; two values are the same when they mean the same."""

    meaning: Hashable
    text: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A row of the file: its number, the record that it stands for (None: a new one), and the cells it has."""

    place: int
    key: int | None
    cells: Cells


@dataclass(frozen=True, slots=True)
class Added:
    place: int
    cells: Cells


@dataclass(frozen=True, slots=True)
class Changed:
    """`cells`: column -> (old, new), for the columns that differ."""

    place: int
    key: int
    cells: Mapping[str, tuple[Value, Value]]


@dataclass(frozen=True, slots=True)
class Difference:
    """`missing` are the records that no row stands for."""

    added: tuple[Added, ...]
    changed: tuple[Changed, ...]
    missing: tuple[int, ...]
    unchanged: int

    @property
    def changes(self) -> int:
        return len(self.added) + len(self.changed)


def difference(current: Mapping[int, Cells], wanted: Sequence[Wanted]) -> Difference:
    """Compare the kept records (key -> cells) with the rows; a column that a row does not have stays as it is."""
    added = tuple(Added(row.place, row.cells) for row in wanted if row.key is None)
    kept = [(row, row.key) for row in wanted if row.key is not None]
    compared = [Changed(row.place, key, differing(current[key], row.cells)) for row, key in kept]
    changed = tuple(each for each in compared if each.cells)
    present = {key for _row, key in kept}
    missing = tuple(key for key in current if key not in present)
    return Difference(added, changed, missing, unchanged=len(compared) - len(changed))


def differing(old: Cells, new: Cells) -> dict[str, tuple[Value, Value]]:
    return {name: (old[name], value) for name, value in new.items() if value != old[name]}
