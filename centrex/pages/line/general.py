"""A line's General page: what the line is, where it is, how it does and what it is assigned to."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from billing.queries.accounts import money_words
from centrex.models import Line
from centrex.pages.lines import REGISTERED, may_see_funds
from centrex.queries.lines import idle_in_words, with_state
from centrex.queries.sites import site_of
from selfcare.crud.views import DetailPage


class General(DetailPage):
    page = "centrex:lines"
    model = Line
    template_name = "centrex/line/general.html"

    def get_queryset(self) -> QuerySet[Line]:
        lines = with_state(super().get_queryset(), now=timezone.now())
        return lines.select_related("batch", "extension", "site", "customer").prefetch_related("dids")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        line = self.object
        facts = {"site": site_of(line), "idle": idle_in_words(line.idle), "registered": REGISTERED[line.registered]}
        if may_see_funds(self.request):
            facts["funds"] = money_words(self.request.customer)
        return super().get_context_data(**(facts | kwargs))
