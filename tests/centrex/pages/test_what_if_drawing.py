"""The drawing of a call flow: nothing is cut off, nothing lies over anything else, and all is inside its frame."""

import pytest

from centrex.pages.what_if.drawing import LETTER, WIDTH, draw
from centrex.queries.call_flow import Box, Stage

LONG = "203 Wilhelmine Schnurrenberger-Abendroth (Reception, second floor)"
UNBROKEN = "Donaudampfschifffahrtsgesellschaftskapitaensmuetze"


def nowhere(record) -> str:
    return ""


@pytest.mark.parametrize("title", [LONG, UNBROKEN, "201", ""])
@pytest.mark.parametrize("count", [1, 2, 3, 12])
def test_every_word_is_inside_its_box(title, count):
    boxes = tuple(Box("phone", title, "rings 20 sec, after 15 sec") for _ in range(count))
    drawing = draw([Stage((Box("caller", "Caller"),)), Stage(boxes, arrow="dials +49 30 12345678901")], nowhere)
    assert len(drawing.boxes) == count + 1
    for box in drawing.boxes:
        assert box.x >= 0
        assert box.x + WIDTH <= drawing.width
        assert box.y + box.height <= drawing.height
        for line in box.lines:
            assert 0 < line.y < box.height
            assert line.x + len(line.text) * LETTER <= WIDTH
    for box in drawing.boxes[1:]:
        assert "".join(line.text for line in box.lines if line.kind == "name").replace(" ", "") == title.replace(
            " ", ""
        )
    assert " ".join(label.text for label in drawing.labels) == "dials +49 30 12345678901"
    for label in drawing.labels:
        assert label.x + len(label.text) * LETTER <= drawing.width


def test_boxes_do_not_lie_over_each_other():
    boxes = tuple(Box("phone", LONG if place % 2 else "201") for place in range(12))
    placed = draw([Stage(boxes)], nowhere).boxes
    for place, one in enumerate(placed):
        for other in placed[place + 1 :]:
            beside = one.x + WIDTH <= other.x or other.x + WIDTH <= one.x
            below = one.y + one.height <= other.y or other.y + other.height <= one.y
            assert beside or below


def test_each_box_leads_to_its_editor():
    drawing = draw([Stage((Box("phone", "201"),))], lambda record: "/there/")
    assert [box.url for box in drawing.boxes] == ["/there/"]
