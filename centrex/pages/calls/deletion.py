"""Deleting recordings: chosen in the log, named once more, then gone for good."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView

from centrex.models import CallRecording
from centrex.operations.recordings import delete_recordings
from centrex.pages.ticked import ticked
from centrex.queries.names import names_of
from centrex.queries.recordings import heard_by
from selfcare.crud.views import Page
from selfcare.errors import Refused


class DeleteRecordings(Page, TemplateView):
    page = "centrex:calls"
    title = _("Delete recordings")
    template_name = "centrex/calls/delete_recordings.html"
    always_changes = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        recordings = self.chosen(request.GET)
        if not recordings:
            messages.info(request, _("Tick the recordings that you want to delete first."))
            return redirect("centrex:calls")
        return self.render_to_response(self.get_context_data(recordings=recordings))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        ids = [recording.pk for recording in self.chosen(request.POST)]
        try:
            count = delete_recordings(user=request.user, customer=request.customer, ids=ids)
        except Refused as refusal:
            messages.error(request, str(refusal.message))
        else:
            said = ngettext("%(count)s recording was deleted.", "%(count)s recordings were deleted.", count)
            messages.success(request, said % {"count": count})
        return redirect("centrex:calls")

    def chosen(self, query: QueryDict) -> QuerySet[CallRecording]:
        """The recordings that `query` names; 404 when one of them is not there or not this customer's."""
        ids = ticked(query, "recording")
        found = heard_by(self.request.user, self.request.customer).filter(pk__in=ids).select_related("line")
        if len(found) < len(ids):
            raise Http404
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        recordings = kwargs["recordings"]
        names = names_of(self.request.customer, {row.line.account_id for row in recordings if row.line})
        rows = [(row, names.get(row.line.account_id) if row.line else None) for row in recordings]
        return super().get_context_data(**({"rows": rows, "back": reverse("centrex:calls")} | kwargs))
