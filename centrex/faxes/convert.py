"""A received fax made into what people read: a PDF, and the same pages as TIFF."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from centrex.faxes import paper
from centrex.sounds.convert import run

LARGEST = 50 * 1024 * 1024  # bytes of what is made
TIFF_HEADS = (b"II*\0", b"MM\0*")  # TIFF 6.0, section 2


@dataclass(frozen=True, slots=True)
class Pages:
    """A fax as it is kept: the bytes of both files and how many pages they have."""

    pdf: bytes
    tiff: bytes
    count: int


def is_tiff(data: bytes) -> bool:
    """Whether this begins as a TIFF file does."""
    return data.startswith(TIFF_HEADS)


def convert(data: bytes) -> Pages:
    """The pages of a TIFF file, drawn anew; CannotConvertError when it has none, too many, or they are damaged."""
    with TemporaryDirectory(prefix="selfcare-fax-") as folder:
        work = Path(folder)
        names = [work / name for name in ("given", "made.pdf", "made.tiff", "count")]
        given, pdf, tiff, count = names
        given.write_bytes(data)
        # -I: nothing from the folder or the environment is imported.
        run([sys.executable, "-I", paper.__file__, *map(str, names)], work, largest_file=LARGEST)
        return Pages(pdf.read_bytes(), tiff.read_bytes(), int(count.read_text()))
