"""A line's General page: what the line is and what it is assigned to."""

from __future__ import annotations

from django.db.models import QuerySet

from centrex.models import Line
from selfcare.crud.views import DetailPage


class General(DetailPage):
    page = "centrex:lines"
    model = Line
    template_name = "centrex/line/general.html"

    def get_queryset(self) -> QuerySet[Line]:
        return super().get_queryset().select_related("batch", "extension").prefetch_related("dids")
