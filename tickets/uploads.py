"""Which files may come with a message: the name's ending and the content must both say the same allowed type.

No archives, no documents that run macros, no SVG: nothing that a reader could start by opening it.
"""

from __future__ import annotations

import codecs
import unicodedata
import warnings
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image

MAX_FILES = 5
MAX_PIXELS = 50_000_000  # a picture of a few kilobytes may claim to be gigabytes wide
NAME_LENGTH = 100

Test = Callable[[UploadedFile], bool]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that passed `checked`: `name` is safe to offer for download, `content_type` is ours, not the browser's."""

    name: str
    content_type: str
    size: int
    content: UploadedFile


def begins(*heads: bytes, then: bytes = b"", at: int = 8) -> Test:
    """A test for the file's first bytes, and for `then` at the offset `at`."""

    def test(file: UploadedFile) -> bool:
        file.seek(0)
        head = file.read(at + len(then))
        return head.startswith(heads) and (not then or head[at:] == then)

    return test


def picture(format: str) -> Test:
    """A test for a picture of Pillow's `format` whose parts are whole and whose size is bearable."""

    def test(file: UploadedFile) -> bool:
        file.seek(0)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # MAX_PIXELS is stricter
                image = Image.open(file, formats=[format])
            width, height = image.size
            image.verify()
        except Exception:  # a crafted picture ends in any kind of error inside Pillow
            return False
        return width * height <= MAX_PIXELS

    return test


def text(file: UploadedFile) -> bool:
    """Whether the file is text in UTF-8, or in the encoding of older Windows programs, without a NUL."""
    return any(decodes(file, encoding) for encoding in ("utf-8", "cp1252"))


def decodes(file: UploadedFile, encoding: str) -> bool:
    """Whether all of the file is `encoding`, read in pieces."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        clean = all("\0" not in decoder.decode(chunk) for chunk in file.chunks())
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return clean


SOUND_FRAMES = (b"ID3", b"\xff\xfb", b"\xff\xfa", b"\xff\xf3", b"\xff\xf2", b"\xff\xe3", b"\xff\xe2")
CAPTURES = (b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4", b"\x4d\x3c\xb2\xa1", b"\xa1\xb2\x3c\x4d")
TYPES: dict[str, tuple[str, Test]] = {
    "png": ("image/png", picture("PNG")),
    "jpg": ("image/jpeg", picture("JPEG")),
    "jpeg": ("image/jpeg", picture("JPEG")),
    "webp": ("image/webp", picture("WEBP")),
    "gif": ("image/gif", picture("GIF")),
    "pdf": ("application/pdf", begins(b"%PDF-")),
    "txt": ("text/plain", text),
    "log": ("text/plain", text),
    "csv": ("text/csv", text),
    "wav": ("audio/wav", begins(b"RIFF", then=b"WAVE")),
    "mp3": ("audio/mpeg", begins(*SOUND_FRAMES)),
    "pcap": ("application/vnd.tcpdump.pcap", begins(*CAPTURES)),
    "pcapng": ("application/octet-stream", begins(b"\x0a\x0d\x0d\x0a")),
}
ACCEPT = ",".join(f".{ending}" for ending in TYPES)


def safe_name(name: str) -> str:
    """What the user called the file, without folders, control characters and marks that turn the writing round."""
    seen = "".join(c for c in name.replace("\\", "/") if unicodedata.category(c)[0] != "C")
    stem, _dot, ending = seen.rpartition("/")[2].rpartition(".")
    return f"{stem.strip(' .')[:NAME_LENGTH] or 'file'}.{ending.strip().lower()}"


def checked(file: UploadedFile) -> Upload:
    """`file` as an Upload; ValidationError with a sentence for the user when it cannot be taken."""
    name, size = safe_name(file.name or ""), file.size or 0
    words = {"name": name, "most": filesizeformat(settings.ATTACHMENT_MAX_BYTES), "types": ", ".join(TYPES)}
    content_type, fits = TYPES.get(name.rpartition(".")[2], ("", None))
    if fits is None:
        raise ValidationError(_("“%(name)s” cannot be attached. Allowed types: %(types)s.") % words)
    if not size:
        raise ValidationError(_("“%(name)s” is empty.") % words)
    if size > settings.ATTACHMENT_MAX_BYTES:
        raise ValidationError(_("“%(name)s” is too large. A file may have at most %(most)s.") % words)
    if not fits(file):
        raise ValidationError(_("“%(name)s” is damaged, or it is not the type of file that its name says.") % words)
    file.seek(0)
    return Upload(name=name, content_type=content_type, size=size, content=file)
