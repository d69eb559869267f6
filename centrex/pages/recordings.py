"""Recordings: the customer listens to a recorded call, or keeps it as a file."""

from __future__ import annotations

import mimetypes
import re
from pathlib import PurePath
from typing import IO, Any

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.generic.detail import SingleObjectMixin

from centrex.models import CallRecording
from selfcare.crud.views import OwnRows, Page

RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


class Recording(OwnRows, SingleObjectMixin, Page):
    """Answers ranges of bytes (RFC 9110, 14), without which a browser cannot seek."""

    page = "centrex:calls"
    model = CallRecording

    def get_queryset(self) -> QuerySet[CallRecording]:
        return super().get_queryset().filter(status=CallRecording.Status.READY).exclude(file="").select_related("line")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        recording = self.get_object()
        try:
            file, size = recording.file.open("rb"), recording.file.size
        except OSError as error:
            raise Http404 from error
        span = asked_span(request.headers.get("Range", ""), size)
        if span is None:
            file.close()
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
        answer = FileResponse(
            Part(file, *span) if span != (0, size) else file,
            as_attachment="download" in request.GET,
            filename=file_name(recording),
            content_type=sound_type(recording),
        )
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


def file_name(recording: CallRecording) -> str:
    """A name made of date, time and line; nothing that a person typed."""
    line = re.sub(r"[^A-Za-z0-9]+", "-", recording.line.account_id) if recording.line else "call"
    ending = PurePath(recording.file.name).suffix.lower()
    return f"{timezone.localtime(recording.started_at):%Y-%m-%d-%H%M%S}-{line}{ending}"


def sound_type(recording: CallRecording) -> str:
    """The type by the file's ending; what is no sound is never named one a browser would run."""
    found = mimetypes.guess_type(recording.file.name)[0] or ""
    return found if found.startswith("audio/") else "application/octet-stream"
