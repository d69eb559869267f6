"""Columns, each of several values one on the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from selfcare.charts.parts import Box, Chart, Figures, Key, Scale, Words, foot, percent, pixels, plot_height

GAP = 5  # a column leaves a fifth of its room empty


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its short name below, its long one in words and in the table, and a value for each series."""

    name: str
    long_name: str
    values: tuple[Decimal, ...]


def stacked(
    columns: Sequence[Column], *, series: Sequence[Key], name: str, title: str, summary: str, head: str, total: str,
    words: Words, marks: Words,
) -> Chart | None:  # fmt: skip
    """The columns as a chart, `series` their parts from below; None where no value is above 0.

    A series without a class, and what is below 0, is in the table only.
    """
    highest = max((sum((v for _what, v in _drawn(one, series)), Decimal(0)) for one in columns), default=0)
    if highest <= 0:
        return None
    scale = Scale.over(Decimal(highest))
    boxes = tuple(
        box for place, one in enumerate(columns) for box in _boxes(one, place, len(columns), series, scale, words)
    )
    return Chart(
        name=name, title=title, summary=summary, height=plot_height(), boxes=boxes, strokes=scale.grid(),
        texts=foot([one.name for one in columns]), axis=scale.axis(marks),
        legend=tuple(one for one in series if one.css),
        figures=Figures(
            heads=(head, *(one.words for one in series), total),
            rows=tuple(
                (one.long_name, *map(words, one.values), words(sum(one.values, Decimal(0)))) for one in columns
            ),
        ),
    )  # fmt: skip


def _boxes(one: Column, place: int, count: int, series: Sequence[Key], scale: Scale, words: Words) -> list[Box]:
    made, below = [], Decimal(0)
    for what, value in _drawn(one, series):
        below += value
        made.append(
            Box(
                x=percent(2 * GAP * place + 1, 2 * GAP * count),
                y=pixels(scale.y(below)),
                width=percent(GAP - 1, GAP * count),
                height=pixels(scale.height(value)),
                css=what.css,
                words=f"{one.long_name}, {what.words}: {words(value)}",
            )
        )
    return made


def _drawn(one: Column, series: Sequence[Key]) -> list[tuple[Key, Decimal]]:
    return [(what, value) for what, value in zip(series, one.values, strict=True) if what.css and value > 0]
