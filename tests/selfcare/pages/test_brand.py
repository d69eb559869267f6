"""The ITSP's colour can be read wherever it stands, whatever was chosen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfcare.pages import brand

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: brand.parse(f"#{number:06x}"))
THEMES = [
    (brand.LIGHT_PAPER, brand.LIGHT_HOVER, brand.LIGHT_SOFT),
    (brand.DARK_PAPER, brand.DARK_HOVER, brand.DARK_SOFT),
]


@pytest.mark.parametrize(("paper", "hover", "soft"), THEMES)
@given(colour=COLOURS)
def test_every_colour_becomes_readable(paper, hover, soft, colour):
    accent = brand.readable(colour, paper, hover, soft)
    for ground in (paper, hover, brand.mixed(paper, accent, soft)):
        assert brand.contrast(accent, ground) >= brand.READABLE


def test_a_readable_colour_stays_as_it_is(db, client):
    assert "--accent:#0b5cad" in client.get("/brand.css").content.decode()
