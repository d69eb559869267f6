"""What happens if: a call is tried, and each step that decides it is shown, in words and as a drawing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic.base import TemplateResponseMixin

from centrex.pages.what_if.drawing import draw
from centrex.pages.what_if.form import WhatIfForm
from centrex.pages.what_if.links import url_of
from centrex.queries.call_flow import Told, tell
from centrex.queries.planned import coming, with_notes
from centrex.queries.plans import plan_of
from centrex.routing.engine import decide
from centrex.routing.plan import Record
from selfcare.crud.views import Page


class WhatIf(TemplateResponseMixin, Page):
    """The form in the address, and below it what becomes of the call; htmx asks for the answer alone."""

    page = "centrex:what-if"
    title = _("What happens if")
    intro = _("Try a call without making it: see which phones ring, and which setting decides.")
    template_name = "centrex/what_if/page.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = WhatIfForm(request.GET, customer=request.customer, now=timezone.now())
        context = self.get_context_data(form=form, **self.answer(form))
        if request.headers.get("HX-Request") == "true":
            return self.response_class(request, ["centrex/what_if/answer.html"], context)
        return self.render_to_response(context)

    def answer(self, form: WhatIfForm) -> dict[str, Any]:
        """What becomes of the call; nothing before one was typed as it should be."""
        if not form.is_bound or not form.is_valid():
            return {}
        customer = self.request.customer
        planned = coming(customer.office, when=form.moment)
        plan = plan_of(customer.office, now=form.moment, overlay=planned)
        call = form.call
        decision = with_notes(decide(plan, call, form.moment), planned, viewer=customer.pk)
        flow = tell(plan, call, decision, viewer=customer.pk)
        return {
            "flow": flow,
            "steps": self.linked(flow.steps),
            "limits": self.linked(flow.limits),
            "drawing": draw(flow.stages, self.url_of),
            "at": form.moment,
        }

    def linked(self, told: Iterable[Told]) -> list[tuple[str, str, str]]:
        """Each step in words, with the address of what decided it and its name."""
        return [
            (step.words, url_of(self.request, step.record, step.code), step.record.name if step.record else "")
            for step in told
        ]

    def url_of(self, record: Record | None) -> str:
        return url_of(self.request, record)
