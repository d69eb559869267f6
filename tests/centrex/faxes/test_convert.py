"""A fax becomes a PDF and a TIFF of square dots, in a process with limits; what is no fax is refused."""

from io import BytesIO

import pytest
from PIL import Image
from pypdf import PdfReader

from centrex.faxes import convert, is_tiff, paper
from centrex.sounds.convert import CannotConvertError
from tests.faxes import HEIGHT, WIDTH, fax


def test_every_page_of_a_fax_in_its_true_shape():
    pages = convert(fax(3))
    assert pages.count == 3
    read = PdfReader(BytesIO(pages.pdf))
    assert [(round(page.mediabox.width), round(page.mediabox.height)) for page in read.pages] == [(610, 792)] * 3
    with Image.open(BytesIO(pages.tiff)) as book:
        assert (book.n_frames, book.size) == (3, (WIDTH, round(HEIGHT * 204 / 98)))


def test_the_dots_stay_where_they_were():
    with Image.open(BytesIO(convert(fax(1)).tiff)) as book:
        page = book.convert("1")
    assert page.getpixel((200, 300)) == 0
    assert page.getpixel((50, 300)) == 255


def test_square_dots_are_left_alone():
    with Image.open(BytesIO(convert(fax(1, dpi=(204, 204))).tiff)) as book:
        assert book.size == (WIDTH, HEIGHT)


@pytest.mark.parametrize("data", [b"", b"II*\0garbage", b"%PDF-1.7", fax(1)[:60], b"<html>"])
def test_what_is_no_fax_is_refused(data):
    with pytest.raises(CannotConvertError):
        convert(data)


def test_a_page_that_would_fill_the_memory_is_refused():
    with pytest.raises(CannotConvertError):
        convert(fax(1, size=(30_000, 30_000)))


def test_a_picture_of_another_kind_is_refused():
    buffer = BytesIO()
    Image.new("1", (100, 100)).save(buffer, "PNG")
    assert not is_tiff(buffer.getvalue())
    with pytest.raises(CannotConvertError):
        convert(buffer.getvalue())


def test_a_book_is_no_fax():
    page = (16, 16)
    assert convert(fax(paper.MOST_PAGES, size=page)).count == paper.MOST_PAGES
    with pytest.raises(CannotConvertError):
        convert(fax(paper.MOST_PAGES + 1, size=page))
