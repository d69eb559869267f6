"""A file that came with a ticket: always a download, never a page of ours."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest
from django.views.generic.detail import SingleObjectMixin

from selfcare.crud.views import OwnRows, Page
from tickets import queries
from tickets.models import Attachment


class Download(OwnRows, Page, SingleObjectMixin):
    page = "tickets:list"

    def get_queryset(self) -> QuerySet[Attachment]:
        return queries.visible_attachments(self.request.customer, self.request.user)

    def get(self, request: HttpRequest, pk: int) -> FileResponse:
        return download(self.get_object())


def download(attachment: Attachment) -> FileResponse:
    """The file under the user's own name for it; should a browser open it all the same, it can do nothing there."""
    try:
        content = attachment.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(content, as_attachment=True, filename=attachment.name, content_type=attachment.content_type)
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    return response
