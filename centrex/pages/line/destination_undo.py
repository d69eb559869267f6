"""The page behind the link in a notice about a costly number: it asks, and takes the number back."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centrex.models import NewDestination
from centrex.operations.new_destinations import PAGES, row_of_token
from centrex.operations.taking_back import take_back
from selfcare.crud.forms import DeleteForm
from selfcare.crud.views import DeletePage


class Undo(DeletePage):
    page = "centrex:lines"
    model = NewDestination
    title = _("Take a number back")
    intro = _("Somebody has sent calls of one of your lines to a number that may be expensive.")
    template_name = "centrex/line/destination_undo.html"
    saved = _("The line sends no more calls to this number.")

    def get_object(self, queryset: QuerySet[NewDestination] | None = None) -> NewDestination:
        """The row that our link names; a foreign one and a forged link are the same 404."""
        pk = row_of_token(self.kwargs["token"])
        row: NewDestination | None = self.get_queryset().filter(pk=pk).select_related("line", "made_by").first()
        if row is None:
            raise Http404
        return row

    def _require_row(self) -> None:
        self.get_object()

    def save(self, form: DeleteForm) -> None:
        take_back(user=self.request.user, row=self.object, now=timezone.now())

    def get_success_url(self) -> str:
        return reverse(PAGES[NewDestination.Place(self.object.place)], args=[self.object.line_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**({"back": self.get_success_url()} | kwargs))
