"""The page behind the link in a notice about a costly number: it asks, and takes the number back."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centrex.models import NewDestination
from centrex.operations.new_destinations import row_of_token
from centrex.operations.taking_back import take_back
from centrex.queries.new_destinations import HOMES, address_of
from selfcare.crud.forms import DeleteForm
from selfcare.crud.views import DeletePage


class Undo(DeletePage):
    """The rights are those of the page where the number was set."""

    page = "centrex:lines"
    model = NewDestination
    title = _("Take a number back")
    intro = _("Somebody has sent calls of your company to a number that may be expensive.")
    template_name = "centrex/line/destination_undo.html"
    saved = _("No more calls are sent to this number from there.")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        place = self.rows().values_list("place", flat=True).first()
        if place is not None:
            self.page = HOMES[NewDestination.Place(place)].page

    def rows(self) -> QuerySet[NewDestination]:
        """The row that our link names, if it is this customer's."""
        return NewDestination.for_customer(self.request.customer).filter(pk=row_of_token(self.kwargs["token"]))

    def get_object(self, queryset: QuerySet[NewDestination] | None = None) -> NewDestination:
        """A foreign row and a forged link are the same 404."""
        row: NewDestination | None = self.rows().select_related("line", "huntgroup", "abbreviated", "made_by").first()
        if row is None:
            raise Http404
        return row

    def _require_row(self) -> None:
        self.get_object()

    def save(self, form: DeleteForm) -> None:
        take_back(user=self.request.user, row=self.object, now=timezone.now())

    def get_success_url(self) -> str:
        return address_of(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**({"back": self.get_success_url()} | kwargs))
