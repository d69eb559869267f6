"""A grid in which the colour of a cell says how much it holds."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

from selfcare.charts.parts import Box, Chart, Figures, Key, Text, percent, pixels

CELL = 24
LEVELS = 5
FOOT = 22


def heat(
    grid: Sequence[Sequence[int]], *, rows: Sequence[str], long_rows: Sequence[str], columns: Sequence[str], every: int,
    name: str, title: str, summary: str, head: str, words: Callable[[int], str],
) -> Chart | None:  # fmt: skip
    """The grid, row by row; every so many columns have a name below. None where all is 0."""
    largest = max((value for row in grid for value in row), default=0)
    if largest <= 0:
        return None
    across = len(columns)
    boxes = tuple(
        Box(
            percent(column, across), pixels(CELL * row), percent(1, across), str(CELL), f"h{level(value, largest)}",
            f"{long_rows[row]} {columns[column]}: {words(value)}",
        )
        for row, values in enumerate(grid)
        for column, value in enumerate(values)
    )  # fmt: skip
    bottom = CELL * len(grid)
    return Chart(
        name=name, title=title, summary=summary, height=str(bottom + FOOT), boxes=boxes,
        texts=tuple(
            Text(percent(n, across), pixels(bottom + 16), columns[n], "start") for n in range(0, across, every)
        ),
        axis=tuple(Text("50", pixels(CELL * n + 16), each, "end") for n, each in enumerate(rows)),
        legend=tuple(Key(f"h{n}", span) for n, span in enumerate(spans(largest)) if span),
        figures=Figures(
            heads=(head, *columns),
            rows=tuple((each, *map(str, values)) for each, values in zip(long_rows, grid, strict=True)),
        ),
    )  # fmt: skip


def level(value: int, largest: int) -> int:
    """0 for nothing, else 1 to 5: which fifth of the largest value it is in."""
    return 0 if value <= 0 else -(-value * LEVELS // largest)


def spans(largest: int) -> list[str]:
    """What each level stands for, in numbers; empty for a level that no value has."""
    edges = [n * largest // LEVELS for n in range(LEVELS + 1)]
    found = ["0"]
    for low, high in itertools.pairwise(edges):
        found.append("" if high <= low else str(high) if high == low + 1 else f"{low + 1}–{high}")
    return found
