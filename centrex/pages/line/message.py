"""One message of a box, its file, and the acts on one or many of them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic.base import TemplateResponseMixin
from django.views.generic.detail import SingleObjectMixin

from centrex.models import BoxMessage, Line
from centrex.operations.boxes import delete_messages, mark_heard, mark_messages, star_message
from centrex.operations.boxes.notices import TIFF, file_name
from centrex.pages.line.messages import (
    MARKS,
    delete_address,
    download_address,
    dress,
    file_address,
    kilobytes,
    section_of,
    who,
)
from centrex.pages.line.section import BOXES
from centrex.pages.ranges import answer_in_ranges
from selfcare.crud.views import DetailPage, OwnRows, Page
from selfcare.errors import Refused

TITLES = {BoxMessage.Kind.VOICE: gettext_lazy("Message"), BoxMessage.Kind.FAX: gettext_lazy("Fax")}
HEARD = "heard"  # a new message was played or opened
MOST = 500  # more than a page of the list shows


class OfMessage:
    """Mixed into the pages of one message."""

    page = "centrex:lines"
    model = BoxMessage

    def get_queryset(self) -> QuerySet[BoxMessage]:
        return super().get_queryset().select_related("line", "customer")  # type: ignore[misc]


class Details(OfMessage, DetailPage):
    template_name = "centrex/line/message.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        message: BoxMessage = self.object
        dress(self.request.customer, [message])
        number, name = who(message)
        facts = {
            "title": TITLES[message.kind],
            "intro": str(message.line),
            "number": number,
            "name": name,
            "size": kilobytes(message.bytes),
            "file": file_address(message),
            "download": download_address(message),
            "delete": delete_address(message),
            "statuses": [mark for mark in MARKS if mark[0] != message.status],
            "back": section_of(message),
        }
        return super().get_context_data(**(facts | kwargs))


class File(OfMessage, OwnRows, SingleObjectMixin, Page):
    """What to listen to or to read, in any part; looking changes nothing, so static/js/heard.js says what was opened.

    All of it was made by us from what the caller sent, and its name is ours.
    """

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        message = self.get_object()
        as_tiff = request.GET.get("download") == "tiff" and message.tiff
        field, content_type = (message.tiff, TIFF) if as_tiff else (message.file, message.content_type)
        try:
            file, size = field.open("rb"), field.size
        except OSError as error:
            raise Http404 from error
        return answer_in_ranges(
            request,
            file,
            size,
            as_attachment="download" in request.GET,
            filename=file_name(message, content_type),
            content_type=content_type,
        )


class OfBox(OwnRows, SingleObjectMixin, Page):
    """Mixed into the acts on messages of one line; they are named as `message` in the address or the form."""

    page = "centrex:lines"
    model = Line
    always_changes = True

    def chosen(self, query: QueryDict) -> list[BoxMessage]:
        """The messages that `query` names; 404 when one of them is not there or not of this line."""
        line = self.get_object()
        texts = query.getlist("message")[:MOST]
        if not all(text.isascii() and text.isdecimal() and len(text) < 19 for text in texts):
            raise Http404
        found = BoxMessage.for_customer(self.request.customer).filter(pk__in=texts, line=line).select_related("line")
        if len(found) < len(set(map(int, texts))):
            raise Http404
        return list(found)

    def back(self, chosen: list[BoxMessage]) -> HttpResponse:
        """To the list that they stand in, or to the one that was asked from."""
        kind = chosen[0].kind if chosen else self.request.POST.get("kind") or self.request.GET.get("kind")
        return redirect(BOXES.get(kind, BOXES[BoxMessage.Kind.VOICE]), self.kwargs["pk"])


class Mark(OfBox):
    """Gives the ticked messages a status, or one a star; the list comes again."""

    http_method_names = ("post", "options")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.get_object()
        star = request.POST.get("star", "")
        query = QueryDict(mutable=True)
        query.setlist("message", [star] if star else request.POST.getlist("message"))
        chosen = self.chosen(query)
        try:
            self.carry_out(chosen, starred=bool(star), status=request.POST.get("status", ""))
        except Refused as refusal:
            messages.error(request, str(refusal.message))
        return self.back(chosen)

    def carry_out(self, chosen: list[BoxMessage], *, starred: bool, status: str) -> None:
        if starred:
            star_message(customer=self.request.customer, pk=chosen[0].pk)
        elif status == HEARD:
            for message in chosen:
                mark_heard(message)
        elif not chosen:
            messages.info(self.request, _("Tick messages first."))
        elif status in BoxMessage.Status.values:
            ids = [message.pk for message in chosen]
            count = mark_messages(customer=self.request.customer, ids=ids, status=status)
            said = ngettext("%(count)s message was marked.", "%(count)s messages were marked.", count)
            messages.success(self.request, said % {"count": count})


class Delete(TemplateResponseMixin, OfBox):
    """Names the messages once more, and then they are gone for good."""

    title = gettext_lazy("Delete messages")
    template_name = "centrex/line/messages_delete.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        chosen = self.chosen(request.GET)
        if not chosen:
            messages.info(request, _("Tick messages first."))
            return self.back(chosen)
        dress(request.customer, chosen)
        rows = [(message, *who(message)) for message in chosen]
        return self.render_to_response(self.get_context_data(rows=rows, back=section_of(chosen[0])))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        chosen = self.chosen(request.POST)
        try:
            ids = [message.pk for message in chosen]
            count = delete_messages(user=request.user, customer=request.customer, ids=ids)
        except Refused as refusal:
            messages.error(request, str(refusal.message))
        else:
            said = ngettext("%(count)s message was deleted.", "%(count)s messages were deleted.", count)
            messages.success(request, said % {"count": count})
        return self.back(chosen)
