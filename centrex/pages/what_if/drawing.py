"""The call flow as a picture: where its boxes, arrows and words stand, in pixels. The template draws them.

Nothing is cut off: what is too long for a line takes another one, and its box is as much higher.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from textwrap import wrap

from centrex.queries.call_flow import Box, Stage
from centrex.routing.plan import Record

WIDTH, LOWEST = 200, 60  # of a box
BESIDE, BELOW = 16, 48  # between boxes; a row's arrow and its words stand in the space below
EDGE, INDENT = 12, 16
ACROSS = 3  # boxes side by side
LINE, LETTER = 18, 7  # the height of a line of words, and the width of a letter in small type
LONGEST_TITLE, LONGEST_DETAIL = 21, 25  # letters that surely fit into a line of a box


@dataclass(frozen=True, slots=True)
class Words:
    """A line of words and where it begins."""

    x: int
    y: int
    text: str
    kind: str = "detail"


@dataclass(frozen=True, slots=True)
class Placed:
    """A box, where it stands, and its lines of words, counted from its corner."""

    x: int
    y: int
    height: int
    kind: str
    lines: tuple[Words, ...]
    words: str
    url: str

    @property
    def stripe(self) -> int:
        """How long the coloured stripe is."""
        return self.height - 2 * EDGE


@dataclass(frozen=True, slots=True)
class Frame:
    """A border around boxes that are met at the same time."""

    x: int
    y: int
    width: int
    height: int


@dataclass(slots=True)
class Drawing:
    """All that the template draws."""

    width: int
    height: int = EDGE
    boxes: list[Placed] = field(default_factory=list)
    arrows: list[str] = field(default_factory=list)
    labels: list[Words] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)
    box_width: int = WIDTH


def draw(stages: Sequence[Stage], url_of: Callable[[Record | None], str]) -> Drawing:
    """The stages from top to bottom, each in the middle; more than `ACROSS` boxes of one stage take more rows."""
    widest = max(min(len(stage.boxes), ACROSS) for stage in stages)
    drawing = Drawing(width=row_width(widest) + 4 * EDGE)
    middle = drawing.width // 2
    for index, stage in enumerate(stages):
        if index:
            arrow(drawing, middle, stage.arrow)
        place(drawing, stage, middle, url_of)
    drawing.height += EDGE
    return drawing


def row_width(count: int) -> int:
    """How wide that many boxes are beside each other."""
    return count * WIDTH + (count - 1) * BESIDE


def arrow(drawing: Drawing, middle: int, words: str) -> None:
    """From the stage above to the next one."""
    lines = lines_of(words, (drawing.width - middle - INDENT) // LETTER)
    top = drawing.height
    bottom = top + max(BELOW, len(lines) * LINE + LINE)
    drawing.arrows.append(f"M{middle} {top}V{bottom - 2}")
    first = (top + bottom) // 2 + 4 - (len(lines) - 1) * LINE // 2
    drawing.labels += [Words(middle + 10, first + place * LINE, text) for place, text in enumerate(lines)]
    drawing.height = bottom


def place(drawing: Drawing, stage: Stage, middle: int, url_of: Callable[[Record | None], str]) -> None:
    """The boxes of one stage, with a frame around several."""
    rows = [stage.boxes[start : start + ACROSS] for start in range(0, len(stage.boxes), ACROSS)]
    top = drawing.height
    if len(stage.boxes) > 1:
        drawing.height += EDGE
    for row in rows:
        left, height = middle - row_width(len(row)) // 2, max(height_of(box) for box in row)
        for column, box in enumerate(row):
            x = left + column * (WIDTH + BESIDE)
            drawing.boxes.append(placed(box, x, drawing.height, height, url_of(box.record)))
        drawing.height += height + BESIDE
    drawing.height -= BESIDE
    if len(stage.boxes) > 1:
        drawing.height += EDGE
        width = row_width(len(rows[0])) + 2 * EDGE
        drawing.frames.append(Frame(middle - width // 2, top, width, drawing.height - top))


def height_of(box: Box) -> int:
    """How high a box must be for its words."""
    count = len(lines_of(box.title, LONGEST_TITLE)) + len(lines_of(box.detail, LONGEST_DETAIL))
    return max(LOWEST, count * LINE + 2 * EDGE)


def placed(box: Box, x: int, y: int, height: int, url: str) -> Placed:
    """A box with its words in the middle of its height."""
    lines = [(text, "name") for text in lines_of(box.title, LONGEST_TITLE)]
    lines += [(text, "detail") for text in lines_of(box.detail, LONGEST_DETAIL)]
    first = (height - len(lines) * LINE) // 2 + LINE - 4
    words = f"{box.title}: {box.detail}" if box.detail else box.title
    shown = tuple(Words(INDENT, first + place * LINE, text, kind) for place, (text, kind) in enumerate(lines))
    return Placed(x, y, height, box.kind, shown, words, url)


def lines_of(text: str, longest: int) -> list[str]:
    """The words in lines; one that is too long for a line of its own is broken."""
    return wrap(text, longest)
