"""A line's General page: what the line is, where it is, how it does and what it is assigned to."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.queries.accounts import money_words
from centrex.models import Line
from centrex.pages.line.section import OfLine
from centrex.pages.lines import REGISTERED, may_see_funds
from centrex.pages.what_if.panel import CallPanel, from_outside
from centrex.queries.features import effective_of
from centrex.queries.lines import idle_in_words, with_state
from centrex.queries.sip import sip_account
from centrex.queries.sites import site_of
from centrex.routing.features import Limits
from selfcare import access, formats
from selfcare.crud.views import DetailPage


def limits_in_words(line: Line) -> str:
    """The line's call limits in one line."""
    counts = effective_of(line, Limits)
    kinds = {
        "max_calls": _("%(most)s at the same time"),
        "max_calls_in": _("%(most)s incoming"),
        "max_calls_out": _("%(most)s outgoing"),
        "max_calls_forwarded": _("%(most)s forwarded"),
    }
    said = [(words, getattr(counts.values, name)) for name, words in kinds.items()] if counts.enabled else []
    limits = [words % {"most": formats.number(most)} for words, most in said if most is not None]
    return ", ".join(limits) or _("None of its own")


class General(CallPanel, OfLine, DetailPage):
    section = "centrex:line"
    template_name = "centrex/line/general.html"

    def get_queryset(self) -> QuerySet[Line]:
        lines = with_state(super().get_queryset(), now=timezone.now())
        return lines.select_related("batch", "extension", "site", "customer").prefetch_related("dids")

    def usual_call(self) -> dict[str, Any]:
        return from_outside(self.request.customer, self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        line = self.object
        facts = {
            "limits": limits_in_words(line),
            "site": site_of(line),
            "account": sip_account(line),
            "idle": idle_in_words(line.idle),
            "registered": REGISTERED[line.registered],
            "sees_lines": access.sees(self.request, "centrex:lines"),
        }
        if may_see_funds(self.request):
            facts["funds"] = money_words(self.request.customer)
        return super().get_context_data(**(facts | kwargs))
