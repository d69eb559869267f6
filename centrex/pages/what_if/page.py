"""What happens if: a call is tried, and each step that decides it is shown, in words and as a drawing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic.base import TemplateResponseMixin

from centrex.pages.what_if.answer import Answer, answer_of
from centrex.pages.what_if.form import WhatIfForm
from centrex.pages.what_if.system import try_call
from selfcare.crud.views import Page


class WhatIf(TemplateResponseMixin, Page):
    """The form in the address, and below it what becomes of the call; htmx asks for the answer alone."""

    page = "centrex:what-if"
    title = _("What happens if")
    intro = _("Try a call without making it: see which phones ring, and which setting decides.")
    template_name = "centrex/what_if/page.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        now = timezone.now()
        form = WhatIfForm(request.GET, customer=request.customer, now=now)
        context = self.get_context_data(form=form, answer=self.answer(form, now))
        if request.headers.get("HX-Request") == "true":
            return self.response_class(request, ["centrex/what_if/answer.html"], context)
        return self.render_to_response(context)

    def answer(self, form: WhatIfForm, now: datetime) -> Answer | None:
        """What becomes of the call; nothing before one was typed as it should be."""
        if not form.is_bound or not form.is_valid():
            return None
        return answer_of(self.request, try_call(self.request.customer, form.call, form.moment, now=now))
