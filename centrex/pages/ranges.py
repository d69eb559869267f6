"""Answers ranges of bytes of a file (RFC 9110, 14), without which a browser cannot seek in a sound."""

from __future__ import annotations

import re
from typing import IO, Any

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


def answer_stored(request: HttpRequest, stored: FieldFile, **how: Any) -> HttpResponseBase:
    """What `request` asks of a stored file; 404 when it is not there any more. `how` as below."""
    try:
        file, size = stored.open("rb"), stored.size
    except OSError as error:
        raise Http404 from error
    return answer_in_ranges(request, file, size, **how)


def answer_in_ranges(request: HttpRequest, file: IO[bytes], size: int, **how: Any) -> HttpResponseBase:
    """What `request` asks of the open `file` of `size` bytes; `how` goes to FileResponse (name, type, attachment)."""
    span = asked_span(request.headers.get("Range", ""), size)
    if span is None:
        file.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    answer = FileResponse(Part(file, *span) if span != (0, size) else file, **how)
    answer["Accept-Ranges"] = "bytes"
    answer["Cache-Control"] = "private, no-store"
    answer["Content-Length"] = str(span[1] - span[0])
    if span != (0, size):
        answer.status_code = 206
        answer["Content-Range"] = f"bytes {span[0]}-{span[1] - 1}/{size}"
    return answer


class Part:
    """The bytes [start, end) of an open file, read like a file."""

    def __init__(self, file: IO[bytes], start: int, end: int) -> None:
        self.file, self.left = file, end - start
        file.seek(start)

    def read(self, size: int = -1) -> bytes:
        wanted = self.left if size < 0 else min(size, self.left)
        data = self.file.read(wanted)
        self.left -= len(data)
        return data

    def close(self) -> None:
        self.file.close()


def asked_span(header: str, size: int) -> tuple[int, int] | None:
    """The bytes [start, end) that a Range header asks for; the whole file for none or several, None if outside."""
    match = RANGE.fullmatch(header.strip())
    if match is None or match.groups() == ("", ""):
        return 0, size
    if not match[1]:
        return (max(size - int(match[2]), 0), size) if int(match[2]) else None
    start, end = int(match[1]), min(int(match[2]) + 1 if match[2] else size, size)
    return (start, end) if start < end else None
