"""Lying bars, each with its name and value above it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from selfcare.charts.parts import Box, Chart, Figures, Text, percent, pixels

ROW, BAR, ABOVE = 38, 10, 20
LONGEST = 28  # letters of a name beside its value on a phone


@dataclass(frozen=True, slots=True)
class Bar:
    """A name, its value, the value in words, and the cells of its row in the table."""

    name: str
    value: Decimal
    words: str
    cells: tuple[str, ...]


def bars(rows: Sequence[Bar], *, name: str, title: str, summary: str, heads: Sequence[str]) -> Chart | None:
    """The bars in the order given; None without one."""
    if not rows:
        return None
    largest = max(max(row.value for row in rows), Decimal(0))
    boxes, texts = [], []
    for n, row in enumerate(rows):
        bar = f"{ROW * n + ABOVE}.0"
        boxes += [
            Box("0%", bar, "100%", str(BAR), "track"),
            Box("0%", bar, percent(max(row.value, Decimal(0)), largest), str(BAR), "s1", f"{row.name}: {row.words}"),
        ]
        baseline = pixels(ROW * n + ABOVE - 6)
        texts += [Text("0%", baseline, shortened(row.name), "start"), Text("100%", baseline, row.words, "end value")]
    return Chart(
        name=name, title=title, summary=summary, height=str(ROW * len(rows)), boxes=tuple(boxes), texts=tuple(texts),
        figures=Figures(tuple(heads), tuple((row.name, *row.cells) for row in rows)),
    )  # fmt: skip


def shortened(name: str) -> str:
    """A name that fits beside its value; the whole of it is in the table."""
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1].rstrip()}…"
