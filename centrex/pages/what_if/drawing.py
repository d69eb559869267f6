"""The call flow as a picture: where its boxes, arrows and words stand, in pixels. The template draws them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from centrex.queries.call_flow import Box, Stage
from centrex.routing.plan import Record

WIDTH, HEIGHT = 200, 60  # of a box
BESIDE, BELOW = 16, 48  # between boxes; a row's arrow and its words stand in the space below
EDGE = 12
ACROSS = 3  # boxes side by side
LONGEST_TITLE, LONGEST_DETAIL = 23, 27  # letters that surely fit into a box


@dataclass(frozen=True, slots=True)
class Placed:
    """A box and where it stands; `title` and `detail` are cut to fit, the whole words are `words`."""

    x: int
    y: int
    kind: str
    title: str
    detail: str
    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Label:
    """Words beside an arrow."""

    x: int
    y: int
    text: str


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
    labels: list[Label] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)
    box_width: int = WIDTH
    box_height: int = HEIGHT


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
    top, bottom = drawing.height, drawing.height + BELOW
    drawing.arrows.append(f"M{middle} {top}V{bottom - 2}")
    if words:
        drawing.labels.append(Label(middle + 10, top + BELOW // 2 + 4, cut(words, LONGEST_DETAIL)))
    drawing.height = bottom


def place(drawing: Drawing, stage: Stage, middle: int, url_of: Callable[[Record | None], str]) -> None:
    """The boxes of one stage, with a frame around several."""
    rows = [stage.boxes[start : start + ACROSS] for start in range(0, len(stage.boxes), ACROSS)]
    top = drawing.height
    if len(stage.boxes) > 1:
        drawing.height += EDGE
    for row in rows:
        left = middle - row_width(len(row)) // 2
        for column, box in enumerate(row):
            drawing.boxes.append(placed(box, left + column * (WIDTH + BESIDE), drawing.height, url_of(box.record)))
        drawing.height += HEIGHT + BESIDE
    drawing.height -= BESIDE
    if len(stage.boxes) > 1:
        drawing.height += EDGE
        width = row_width(len(rows[0])) + 2 * EDGE
        drawing.frames.append(Frame(middle - width // 2, top, width, drawing.height - top))


def placed(box: Box, x: int, y: int, url: str) -> Placed:
    words = f"{box.title}: {box.detail}" if box.detail else box.title
    return Placed(x, y, box.kind, cut(box.title, LONGEST_TITLE), cut(box.detail, LONGEST_DETAIL), words, url)


def cut(text: str, longest: int) -> str:
    """The words as far as they fit."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"
