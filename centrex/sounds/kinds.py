"""What kind of sound a file holds, by its bytes; names and declared types are never asked."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable
from enum import StrEnum
from typing import BinaryIO

HEAD = 64 * 1024
MOST_CHUNKS = 1000
MOST_DESCRIPTION = 2**20
MP3_BITRATES = {  # kbit/s by MPEG version: ISO/IEC 11172-3 (version 1) and 13818-3 (2 and 2.5), layer III
    1: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
MP3_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}  # by the version's two bits


class Kind(StrEnum):
    """A container that is taken; the value is its usual file ending."""

    WAV = "wav"
    MP3 = "mp3"
    OGG = "ogg"
    M4A = "m4a"
    WEBM = "webm"  # what browsers make of a microphone


def recognise(file: BinaryIO) -> Kind | None:
    """The kind of sound in `file`, a seekable stream; None for anything else, or when its frame is not whole.

    This looks at the frame only. Whether there is sound in it shows when it is converted.
    """
    size = file.seek(0, os.SEEK_END)
    found = next((kind for kind, is_kind in TESTS.items() if is_kind(file, size)), None)
    file.seek(0)
    return found


def is_wav(file: BinaryIO, size: int) -> bool:
    """RIFF/WAVE with a format before its data, which may claim more than is there: cut-off recorders do."""
    head = part(file, 0, 12)
    if head[:4] != b"RIFF" or head[8:] != b"WAVE":
        return False
    at, has_format = 12, False
    for _chunk in range(MOST_CHUNKS):
        header = part(file, at, 8)
        if len(header) < 8:
            return False
        name, length = header[:4], int.from_bytes(header[4:], "little")
        if name == b"data":
            return has_format and at + 8 < size
        has_format = has_format or (name == b"fmt " and length >= 16)
        at += 8 + length + length % 2
    return False


def is_mp3(file: BinaryIO, size: int) -> bool:
    """Two whole frames of layer III in a row, at the start or after ID3v2 tags and padding."""
    at = 0
    for _tag in range(MOST_CHUNKS):
        tag = part(file, at, 10)
        if tag[:3] != b"ID3" or len(tag) < 10:
            break
        # Four bytes of seven bits: ID3v2.4, 6.2
        at += 10 + sum((byte & 0x7F) << shift for byte, shift in zip(tag[6:], (21, 14, 7, 0), strict=True))
    padded = part(file, at, HEAD)
    at += len(padded) - len(padded.lstrip(b"\0"))
    first = mp3_frame(part(file, at, 4))
    second = mp3_frame(part(file, at + first, 4)) if first else 0
    return bool(second) and at + first + second <= size


def mp3_frame(header: bytes) -> int:
    """The length in bytes of the layer III frame that begins with `header`; 0 when it is none."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE6 != 0xE2:
        return 0
    version, bitrate, rate = header[1] >> 3 & 3, header[2] >> 4, header[2] >> 2 & 3
    if version == 1 or bitrate in (0, 15) or rate == 3:
        return 0
    kilobits = MP3_BITRATES[1 if version == 3 else 2][bitrate]
    return (144 if version == 3 else 72) * kilobits * 1000 // MP3_RATES[version][rate] + (header[2] >> 1 & 1)


def is_ogg(file: BinaryIO, size: int) -> bool:
    """Ogg (RFC 3533) whose first stream is Vorbis or Opus, with a second page."""
    head = part(file, 0, 27 + 255)
    if head[:5] != b"OggS\0" or len(head) < 28 or not head[5] & 2:
        return False
    segments = head[26]
    at = 27 + segments
    following = part(file, at + sum(head[27:at]), 4)
    return head[at : at + 8].startswith((b"\x01vorbis", b"OpusHead")) and following == b"OggS"


def is_m4a(file: BinaryIO, size: int) -> bool:
    """MP4 (ISO/IEC 14496-12) of whole boxes, with a sound track among its descriptions."""
    if part(file, 4, 4) != b"ftyp":
        return False
    at, boxes, has_sound = 0, set(), False
    for _box in range(MOST_CHUNKS):
        if at == size:
            break
        header = part(file, at, 16)
        if len(header) < 8:
            return False
        length, name = int.from_bytes(header[:4], "big"), header[4:8]
        if length == 1 and len(header) == 16:
            length = struct.unpack(">Q", header[8:])[0]
        length = length or size - at  # 0: to the end of the file
        if length < 8 or at + length > size:
            return False
        if name == b"moov":
            has_sound = has_sound or b"soun" in part(file, at, min(length, MOST_DESCRIPTION))
        boxes.add(name)
        at += length
    return has_sound and bool(boxes & {b"mdat", b"moof"})


def is_webm(file: BinaryIO, size: int) -> bool:
    """EBML of the type webm with an Opus or Vorbis track, and something after its head."""
    head = part(file, 0, 4096)
    if head[:4] != b"\x1a\x45\xdf\xa3" or b"webm" not in head[:64]:
        return False
    return (b"A_OPUS" in head or b"A_VORBIS" in head) and b"\x1f\x43\xb6\x75" in part(file, 0, HEAD)


def part(file: BinaryIO, at: int, length: int) -> bytes:
    """At most `length` bytes of `file` from `at`."""
    file.seek(at)
    return file.read(length)


TESTS: dict[Kind, Callable[[BinaryIO, int], bool]] = {
    Kind.WAV: is_wav,
    Kind.OGG: is_ogg,
    Kind.M4A: is_m4a,
    Kind.WEBM: is_webm,
    Kind.MP3: is_mp3,
}
