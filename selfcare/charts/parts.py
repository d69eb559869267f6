"""The shapes of a chart, and what they share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

Words = Callable[[Decimal], str]

TOP = 8  # room above the highest mark for half a line of text
PLOT = 180
FOOT = 24  # the words under the plot
FEW, MANY = 6, 12  # labels that have room on a phone, and on a wide screen
STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
MARKS = 4


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; `words` are shown by a pointer that rests on it."""

    x: str
    y: str
    width: str
    height: str
    css: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line."""

    x1: str
    y1: str
    x2: str
    y2: str
    css: str


@dataclass(frozen=True, slots=True)
class Text:
    """Words in the drawing; `css` start, middle or end says which part of them stands at `x`."""

    x: str
    y: str
    words: str
    css: str = "middle"


@dataclass(frozen=True, slots=True)
class Key:
    """An entry of the legend."""

    css: str
    words: str


@dataclass(frozen=True, slots=True)
class Figures:
    """The values behind a chart as a table, in words."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A drawing `height` pixels high; `name` is unique on its page, `summary` says in a sentence what one sees."""

    name: str
    title: str
    summary: str
    height: str
    figures: Figures
    boxes: tuple[Box, ...] = ()
    strokes: tuple[Stroke, ...] = ()
    texts: tuple[Text, ...] = ()
    axis: tuple[Text, ...] = ()
    legend: tuple[Key, ...] = ()


def percent(part: Decimal | int, whole: Decimal | int) -> str:
    """`part` of `whole` as a place across, always with a point; 0 where there is no whole."""
    return f"{100 * Decimal(part) / Decimal(whole):.3f}%" if whole else "0.000%"


def pixels(value: Decimal | int) -> str:
    return f"{Decimal(value):.1f}"


@dataclass(frozen=True, slots=True)
class Scale:
    """From `bottom` to `top`, round numbers around all values, with a mark each `step`."""

    top: Decimal
    step: Decimal
    bottom: Decimal = Decimal(0)

    @classmethod
    def over(cls, largest: Decimal, smallest: Decimal = Decimal(0)) -> Scale:
        """The round steps with which about four marks reach `largest`, which is above 0.

        It begins at 0, unless a chart that may begin elsewhere says that its values are all in the upper half.
        """
        base = smallest if largest / 2 < smallest < largest else Decimal(0)
        power = Decimal(1).scaleb(((largest - base) / MARKS).adjusted())
        step = next(power * one for one in STEPS if power * one * MARKS >= largest - base)
        return cls(top=(largest / step).to_integral_value(ROUND_CEILING) * step, step=step, bottom=base // step * step)

    def height(self, value: Decimal) -> Decimal:
        """How many pixels `value` is above the bottom; what is below it has no height."""
        return max(value - self.bottom, Decimal(0)) / (self.top - self.bottom) * PLOT

    def y(self, value: Decimal) -> Decimal:
        return TOP + PLOT - self.height(value)

    def grid(self) -> tuple[Stroke, ...]:
        return tuple(Stroke("0%", pixels(self.y(mark)), "100%", pixels(self.y(mark)), "grid") for mark in self.marks())

    def axis(self, words: Words) -> tuple[Text, ...]:
        return tuple(Text("50", pixels(self.y(mark) + 4), words(mark), "end") for mark in self.marks())

    def marks(self) -> list[Decimal]:
        return [self.bottom + self.step * n for n in range(int((self.top - self.bottom) / self.step) + 1)]


def foot(names: Sequence[str]) -> tuple[Text, ...]:
    """The names under the columns, as many as there is room for: six on a phone, twelve on a wide screen."""
    few, many = -(-len(names) // FEW), -(-len(names) // MANY)
    return tuple(
        Text(percent(2 * n + 1, 2 * len(names)), pixels(TOP + PLOT + 18), name, "middle" if n % few == 0 else "spare")
        for n, name in enumerate(names)
        if n % few == 0 or (n % many == 0 and few % many == 0)
    )


def plot_height() -> str:
    return str(TOP + PLOT + FOOT)
