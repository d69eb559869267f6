"""Health Check: the customer sees what is wrong with his set-up, goes to where it is mended, or wants it so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.generic.base import TemplateResponseMixin

from centrex.operations.health import dismiss, report_again
from centrex.queries.health import Check, Finding, checks_of, dismissed_keys
from selfcare import access
from selfcare.crud.views import Page
from selfcare.errors import Refused

SHOWN = 20  # findings of one kind before the rest is only counted
# Pages that open for readers as well.
READABLE = {
    "centrex:line",
    "centrex:line-emergency",
    "centrex:line-forwarding",
    "centrex:line-screening",
    "centrex:line-voicemail",
    "centrex:huntgroup-members",
    "centrex:filter-edit",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A finding as the page shows it."""

    key: str
    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """A check that found something; `more` findings are not shown."""

    title: Promise
    advice: Promise
    rows: tuple[Row, ...]
    count: int
    more: int


class Health(TemplateResponseMixin, Page):
    page = "centrex:health"
    title = _("Health Check")
    intro = _("What is wrong with your telephone system, or will be soon; each finding leads to where you mend it.")
    template_name = "centrex/health.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(**kwargs))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """One of the two buttons of a finding; its value is the finding's key."""
        who = {"user": request.user, "customer": request.customer}
        if "again" in request.POST:
            report_again(**who, key=request.POST["again"])
            messages.success(request, _("This is reported again."))
            return redirect(self.page)
        try:
            dismiss(**who, key=request.POST.get("dismiss", ""), now=timezone.now())
            messages.success(request, _("This is not reported any more; you find it at the foot of the page."))
        except Refused as refusal:
            messages.info(request, refusal.message)
        return redirect(self.page)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        customer = self.request.customer
        checks, wanted = checks_of(customer, now=timezone.now()), dismissed_keys(customer)
        troubles = [trouble for check in checks if (trouble := self.trouble(check, wanted)) is not None]
        context = {
            "troubles": troubles,
            "well": [check.title for check in checks if not check.findings],
            "as_wanted": [row for check in checks for row in self.rows(check, check.findings) if row.key in wanted],
        }
        return super().get_context_data(**(context | kwargs))

    def trouble(self, check: Check, wanted: set[str]) -> Trouble | None:
        """What a check found beside what is as the customer wants it."""
        found = [finding for finding in check.findings if check.key(finding) not in wanted]
        if not found:
            return None
        rows = tuple(self.rows(check, found[:SHOWN]))
        return Trouble(check.title, check.advice, rows, count=len(found), more=len(found) - len(rows))

    def rows(self, check: Check, findings: Iterable[Finding]) -> Iterable[Row]:
        return (Row(check.key(finding), finding.words, self.url_of(finding)) for finding in findings)

    def url_of(self, finding: Finding) -> str:
        """Where the finding is mended; the list for who may not change it, nothing for who does not see it."""
        link = finding.link
        if not access.sees(self.request, link.page):
            return ""
        if access.may(self.request, access.CHANGE, link.page):
            return reverse(link.name, args=link.args) + (f"#{finding.field}" if finding.field else "")
        return reverse(link.name, args=link.args) if link.name in READABLE else reverse(link.page)
