"""Faxes as machines send them."""

from io import BytesIO

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 1728, 1078  # a letter page at 204 dots across and 98 down, ITU-T T.4
STANDARD = (204, 98)


def fax(pages: int = 1, *, size: tuple[int, int] = (WIDTH, HEIGHT), dpi: tuple[int, int] = STANDARD) -> bytes:
    """A TIFF with a black box on each page, as far as it fits."""
    drawn = []
    for _number in range(pages):
        page = Image.new("1", size, 1)
        ImageDraw.Draw(page).rectangle((100, 100, 300, 200), fill=0)
        drawn.append(page)
    buffer = BytesIO()
    drawn[0].save(buffer, "TIFF", save_all=True, append_images=drawn[1:], compression="group4", dpi=dpi)
    return buffer.getvalue()
