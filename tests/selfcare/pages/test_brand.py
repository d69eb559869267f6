"""The ITSP's brand: its colour stays readable, its logo is served as a file of ours."""

from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image

from selfcare.models import Brand
from selfcare.pages.brand import DARK_PAPER, LIGHT_PAPER, READABLE, contrast, hexed, parse, readable


@pytest.mark.parametrize("colour", ["#0b5cad", "#ffff00", "#ffffff", "#000000", "#ff0000", "#777777", "#00ff00"])
@pytest.mark.parametrize("paper", [LIGHT_PAPER, DARK_PAPER])
def test_any_colour_is_moved_until_it_can_be_read(colour, paper):
    assert contrast(readable(parse(colour), paper), paper) >= READABLE


def test_a_readable_colour_is_left_alone():
    assert hexed(readable(parse("#0b5cad"), LIGHT_PAPER)) == "#0b5cad"


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
    brand = Brand(name="Southwind")
    brand.logo.save("logo.png", ContentFile(picture.getvalue()), save=True)
    answer = Client().get("/brand/logo/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert b"".join(answer.streaming_content) == picture.getvalue()
    brand.logo.delete()


def test_there_is_one_brand(db):
    Brand(name="First").save()
    Brand(name="Second").save()
    assert Brand.objects.get().name == "Second"
