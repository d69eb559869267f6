"""The ITSP's brand: its colour stays readable, its logo is served as a file of ours."""

from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from selfcare.models import Brand
from selfcare.pages import brand
from selfcare.pages.brand import READABLE, contrast, hexed, parse, readable

THEMES = [
    (brand.LIGHT_PAPER, brand.LIGHT_HOVER, brand.LIGHT_SOFT),
    (brand.DARK_PAPER, brand.DARK_HOVER, brand.DARK_SOFT),
]


@pytest.mark.parametrize(("paper", "hover", "soft"), THEMES)
@given(number=st.integers(0, 0xFFFFFF))
def test_any_colour_is_moved_until_it_can_be_read_wherever_it_stands(paper, hover, soft, number):
    accent = readable(parse(f"#{number:06x}"), paper, hover, soft)
    for ground in (paper, hover, brand.mixed(paper, accent, soft)):
        assert contrast(accent, ground) >= READABLE


def test_a_readable_colour_is_left_alone():
    assert hexed(readable(parse("#0b5cad"), *THEMES[0])) == "#0b5cad"


def test_contrast_as_wcag_counts_it():
    assert contrast((0, 0, 0), (1, 1, 1)) == pytest.approx(21)
    assert contrast(parse("#777777"), (1, 1, 1)) == pytest.approx(4.48, abs=0.01)


def test_the_colour_from_the_administration_reaches_the_pages(db):
    Brand(name="Southwind", colour="#7a1fa2").save()
    css = Client().get("/brand.css")
    assert css["Content-Type"].startswith("text/css")
    assert "--accent:#7a1fa2" in css.content.decode()
    assert "Southwind" in Client().get("/accounts/login/").content.decode()


def test_the_logo_is_served_and_its_absence_is_no_error(db):
    assert Client().get("/brand/logo/").status_code == 404
    picture = BytesIO()
    Image.new("RGB", (64, 32), "purple").save(picture, "PNG")
    southwind = Brand(name="Southwind")
    southwind.logo.save("logo.png", ContentFile(picture.getvalue()), save=True)
    answer = Client().get("/brand/logo/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert b"".join(answer.streaming_content) == picture.getvalue()
    southwind.logo.delete()


def test_there_is_one_brand(db):
    Brand(name="First").save()
    Brand(name="Second").save()
    assert Brand.objects.get().name == "Second"
