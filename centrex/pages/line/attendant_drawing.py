"""An auto attendant as a picture: its tree from top to bottom, each menu's choices indented below it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from centrex.pages.what_if.drawing import EDGE, WIDTH, Drawing, Words, height_of, placed
from centrex.queries.attendant_tree import Node
from centrex.routing.plan import Record

DEEPER, GAP = 124, 12  # the longest words at an arrow are “Not active”
TRUNK = 20  # from the left edge of a menu's box to the line that its choices hang on


def draw_tree(nodes: Sequence[Node], url_of: Callable[[Record | None], str]) -> Drawing:
    """The trees below each other; an arrow from each menu to each of its choices, with the key above it."""
    deepest = max(depth_of(node) for node in nodes)
    drawing = Drawing(width=2 * EDGE + deepest * DEEPER + WIDTH)
    for node in nodes:
        place_node(drawing, node, 0, url_of)
    drawing.height += EDGE - GAP
    return drawing


def depth_of(node: Node) -> int:
    """How many boxes deep the tree is below the node."""
    return max((1 + depth_of(child) for child in node.children), default=0)


def place_node(drawing: Drawing, node: Node, depth: int, url_of: Callable[[Record | None], str]) -> int:
    """The node with all below it; gives the middle of its box."""
    x, y, height = EDGE + depth * DEEPER, drawing.height, height_of(node.box)
    drawing.boxes.append(placed(node.box, x, y, height, url_of(node.box.record)))
    drawing.height += height + GAP
    for child in node.children:
        middle = place_node(drawing, child, depth + 1, url_of)
        drawing.arrows.append(f"M{x + TRUNK} {y + height}V{middle}H{x + DEEPER - 2}")
        drawing.labels.append(Words(x + TRUNK + 6, middle - 6, child.event))
    return y + height // 2
