"""Curves over the same days, and what the first of them may come to."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from selfcare.charts.parts import (
    Box,
    Chart,
    Figures,
    Key,
    Scale,
    Stroke,
    Words,
    foot,
    percent,
    pixels,
    plot_height,
)


@dataclass(frozen=True, slots=True)
class Curve:
    """A curve and its name; its values stand at the first places of the chart."""

    name: str
    values: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """Where the first curve is expected to end, and between which values."""

    name: str
    expected: Decimal
    low: Decimal
    high: Decimal


def lines(
    curves: Sequence[Curve], *, places: Sequence[str], outlook: Outlook | None, name: str, title: str, summary: str,
    head: str, words: Words, marks: Words,
) -> Chart | None:  # fmt: skip
    """The curves over `places`, from 0 or, where they differ in their upper half only, from there; None without a value
    above 0."""
    values = [*(value for one in curves for value in one.values), *([outlook.low, outlook.high] if outlook else [])]
    if max(values, default=Decimal(0)) <= 0:
        return None
    scale = Scale.over(max(values), min(values))
    ahead = _ahead(curves[0], outlook, len(places), scale) if outlook else ()
    keys = [Key(f"line{n}", one.name) for n, one in enumerate(curves, start=1)]
    drawn = (stroke for n, one in enumerate(curves, start=1) for stroke in _curve(one, n, len(places), scale))
    return Chart(
        name=name, title=title, summary=summary, height=plot_height(),
        boxes=(_span(outlook, len(places), scale, words),) if outlook else (),
        strokes=(*scale.grid(), *drawn, *ahead),
        texts=foot(places), axis=scale.axis(marks),
        legend=(*keys, *([Key("outlook", outlook.name)] if outlook else [])),
        figures=_figures(curves, places, outlook, head, words),
    )  # fmt: skip


def _curve(one: Curve, number: int, places: int, scale: Scale) -> list[Stroke]:
    points = [(_x(n, places), pixels(scale.y(value))) for n, value in enumerate(one.values)]
    if len(points) == 1:  # a day alone is a short line, not nothing
        return [Stroke("0%", points[0][1], *points[0], f"line{number}")]
    return [Stroke(*a, *b, f"line{number}") for a, b in itertools.pairwise(points)]


def _ahead(curve: Curve, outlook: Outlook, places: int, scale: Scale) -> tuple[Stroke, ...]:
    last = curve.values[-1] if curve.values else Decimal(0)
    start = (_x(max(len(curve.values) - 1, 0), places), pixels(scale.y(last)))
    return (Stroke(*start, _x(places - 1, places), pixels(scale.y(outlook.expected)), "outlook"),)


def _span(outlook: Outlook, places: int, scale: Scale, words: Words) -> Box:
    height = scale.height(outlook.high) - scale.height(outlook.low)
    said = f"{outlook.name}: {words(outlook.low)} – {words(outlook.high)}"
    return Box(
        percent(places - 1, places), pixels(scale.y(outlook.high)), percent(1, places), pixels(height), "span", said
    )


def _x(place: int, places: int) -> str:
    """The middle of a place."""
    return percent(2 * place + 1, 2 * places)


def _figures(
    curves: Sequence[Curve], places: Sequence[str], outlook: Outlook | None, head: str, words: Words
) -> Figures:
    def value(one: Curve, n: int) -> str:
        return words(one.values[n]) if n < len(one.values) else ""

    rows = [(place, *(value(one, n) for one in curves)) for n, place in enumerate(places)]
    if outlook:
        rest = [""] * (len(curves) - 1)
        rows.append((outlook.name, f"{words(outlook.expected)} ({words(outlook.low)} – {words(outlook.high)})", *rest))
    return Figures(heads=(head, *(one.name for one in curves)), rows=tuple(rows))
