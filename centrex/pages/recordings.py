"""Recordings: the customer listens to a recorded call, or keeps it as a file."""

from __future__ import annotations

import mimetypes
import re
from pathlib import PurePath
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.generic.detail import SingleObjectMixin

from centrex.models import CallRecording
from centrex.pages.ranges import answer_stored
from centrex.queries.recordings import heard_by
from selfcare.crud.views import OwnRows, Page


class Recording(OwnRows, SingleObjectMixin, Page):
    """Answers ranges of bytes (RFC 9110, 14), without which a browser cannot seek."""

    page = "centrex:calls"
    model = CallRecording

    def get_queryset(self) -> QuerySet[CallRecording]:
        recordings = heard_by(self.request.user, self.request.customer)
        return recordings.filter(status=CallRecording.Status.READY).exclude(file="").select_related("line")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        recording = self.get_object()
        return answer_stored(
            request,
            recording.file,
            as_attachment="download" in request.GET,
            filename=file_name(recording),
            content_type=sound_type(recording),
        )


def file_name(recording: CallRecording) -> str:
    """A name made of date, time and line; nothing that a person typed."""
    line = re.sub(r"[^A-Za-z0-9]+", "-", recording.line.account_id) if recording.line else "call"
    ending = PurePath(recording.file.name).suffix.lower()
    return f"{timezone.localtime(recording.started_at):%Y-%m-%d-%H%M%S}-{line}{ending}"


def sound_type(recording: CallRecording) -> str:
    """The type by the file's ending; what is no sound is never named one a browser would run."""
    found = mimetypes.guess_type(recording.file.name)[0] or ""
    return found if found.startswith("audio/") else "application/octet-stream"
