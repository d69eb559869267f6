"""Health Check: the customer sees what is wrong with his set-up, and goes to where it is mended."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic.base import TemplateResponseMixin

from centrex.queries.health import Finding, checks_of
from selfcare import access
from selfcare.crud.views import Page

SHOWN = 20  # findings of one kind before the rest is only counted
READABLE = {
    "centrex:line",
    "centrex:line-emergency",
    "centrex:line-forwarding",
    "centrex:lines",
}  # pages that open for readers as well


class Health(TemplateResponseMixin, Page):
    page = "centrex:health"
    title = _("Health Check")
    intro = _("What is wrong with your telephone system, or will be soon; each finding leads to where you mend it.")
    template_name = "centrex/health.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(**kwargs))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        checks = checks_of(self.request.customer, now=timezone.now())
        troubles = [
            {
                "title": check.title,
                "advice": check.advice,
                "findings": [(finding.words, self.url_of(finding)) for finding in check.findings[:SHOWN]],
                "count": len(check.findings),
                "more": max(0, len(check.findings) - SHOWN),
            }
            for check in checks
            if check.findings
        ]
        well = [check.title for check in checks if not check.findings]
        return super().get_context_data(**({"troubles": troubles, "well": well} | kwargs))

    def url_of(self, finding: Finding) -> str:
        """Where the finding is mended; the list for who may not change it, nothing for who does not see it."""
        link = finding.link
        if not access.sees(self.request, link.page):
            return ""
        if link.name in READABLE or access.may(self.request, access.CHANGE, link.page):
            return reverse(link.name, args=link.args)
        return reverse(link.page)
