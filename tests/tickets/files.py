"""Files that people attach, and files that they should not."""

import struct
import zlib
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def picture(format: str = "PNG", size: tuple[int, int] = (8, 8)) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", size, "red").save(buffer, format)
    return buffer.getvalue()


def bomb(side: int = 65_535) -> bytes:
    """A PNG of some bytes that claims to be `side` pixels wide and high."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


WAV = b"RIFF\x24\x00\x00\x00WAVEfmt " + b"\0" * 24
GOOD = {
    "photo.png": picture("PNG"),
    "photo.jpg": picture("JPEG"),
    "photo.jpeg": picture("JPEG"),
    "photo.webp": picture("WEBP"),
    "photo.gif": picture("GIF"),
    "Invoice.PDF": b"%PDF-1.7\n%\xe2\xe3",
    "notes.txt": "Grüße from the office".encode(),
    "old.txt": "Grüße".encode("cp1252"),
    "switch.log": b"INVITE sip:100@example.com SIP/2.0\r\n",
    "calls.csv": b"from,to\n1212,1718\n",
    "noise.wav": WAV,
    "noise.mp3": b"ID3\x04\x00\x00" + b"\0" * 20,
    "trace.pcap": b"\xd4\xc3\xb2\xa1\x02\x00\x04\x00" + b"\0" * 16,
    "trace.pcapng": b"\x0a\x0d\x0d\x0a" + b"\0" * 16,
}
BAD = {
    "page.html": b"<script>alert(1)</script>",
    "drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "tool.exe": b"MZ",
    "files.zip": b"PK\x03\x04",
    "invoice.pdf.exe": b"%PDF-1.7",
    "no-ending": b"text",
    ".png": b"",
    "empty.txt": b"",
    "photo.png": b"<html><script>alert(1)</script></html>",
    "really-a-gif.png": picture("GIF"),
    "cut.png": picture("PNG")[:40],
    "bomb.png": bomb(),
    "large.png": bomb(8_000),
    "invoice.pdf": b"MZ%PDF-1.7",
    "notes.txt": b"MZ\x00\x01",
    "calls.csv": b"a\x81\x8d\x00",
    "noise.wav": b"RIFF\x24\x00\x00\x00AVI LIST",
    "short.wav": b"RIFF",
    "song.mp3": b"#EXTM3U\nfile:///etc/passwd",
    "trace.pcap": b"text",
}


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    """As a browser sends it, with a content type that nobody should believe."""
    return SimpleUploadedFile(name, content, content_type="text/html")
