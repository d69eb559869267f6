"""A file that came with a ticket: always a download, never a page of ours."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404

from selfcare.crud.views import Page
from tickets import queries
from tickets.models import Attachment


class Download(Page):
    page = "tickets:list"

    def get(self, request: HttpRequest, pk: int) -> FileResponse:
        return download(get_object_or_404(queries.visible_attachments(request.customer, request.user), pk=pk))


def download(attachment: Attachment) -> FileResponse:
    """The file under the user's own name for it; should a browser open it all the same, it can do nothing there."""
    try:
        content = attachment.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(content, as_attachment=True, filename=attachment.name, content_type=attachment.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
