"""Makes clean pages of a fax, in a process that can do little else: `paper.py SOURCE PDF TIFF COUNT`.

SOURCE is a TIFF of one or more pages. PDF and TIFF get the same pages, black and white, as many dots across as down;
COUNT gets their number. A process of its own, because the file comes from a stranger and Pillow reads it in C. Needs
the standard library and Pillow only.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageSequence
from PIL.TiffImagePlugin import AppendingTiffWriter

MOST_PAGES = 200
# A page of 8.5 by 14 inches in the finest resolution of ITU-T T.30 (1200 dpi would be 170; no machine sends that).
MOST_DOTS = 40_000_000
DPI = 204  # dots an inch across, ITU-T T.4; down there are 98, 196 or 391
TOO_MANY = 3  # exit code


def main() -> None:
    source, pdf, tiff, count = map(Path, sys.argv[1:5])
    Image.MAX_IMAGE_PIXELS = MOST_DOTS // 2  # Pillow refuses twice as many
    done = 0
    with Image.open(source, formats=["TIFF"]) as file, AppendingTiffWriter(tiff, True) as book:
        for page in pages(file):
            done += 1
            if done > MOST_PAGES:
                sys.exit(TOO_MANY)
            page.save(pdf, "PDF", append=done > 1, resolution=DPI, title="Fax")
            page.save(book, "TIFF", compression="group4", dpi=(DPI, DPI))
            book.newFrame()
    count.write_text(str(done))


def pages(file: Image.Image) -> Iterator[Image.Image]:
    """Each page in black and white, its lines doubled or dropped until a dot is a square."""
    for frame in ImageSequence.Iterator(file):
        across, down = (float(each) for each in frame.info.get("dpi", (DPI, DPI)))
        height = round(frame.height * across / down) if across > 0 and down > 0 else frame.height
        page = frame.convert("1")
        if height != frame.height and 0 < height * frame.width <= MOST_DOTS:
            page = page.resize((frame.width, height))
        yield page


if __name__ == "__main__":
    main()
