"""What makes a form plannable: its second button, the times, and the notice of what is planned already.

"Plan for a time…" draws the page again with the times below what was typed; nothing is kept before "Plan this change".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centrex.models import PlannedChange
from centrex.operations.planned.parts import PARTS, Part
from centrex.operations.planned.planning import plan_change
from centrex.pages.planned.when import WhenForm
from centrex.queries.planned import change_in_words, changes_of, span_in_words
from selfcare import access
from selfcare.crud import history
from selfcare.crud.password import given_again
from selfcare.errors import Outdated, Refused
from selfcare.models import Versioned
from selfcare.models.audit import acting

PLANNED = "centrex:planned"
ASK, PLAN = "ask", "plan"


@dataclass(frozen=True, slots=True)
class Notice:
    """A planned change as the record's page tells of it; the addresses are empty for who may not change it."""

    when: str
    what: str
    in_force: bool
    change: str
    give_up: str


def notices_of(request: HttpRequest, record: Versioned, page: str) -> list[Notice]:
    """What is planned for the record or in force."""
    if not access.sees(request, PLANNED):
        return []
    may = access.may(request, access.CHANGE, page)
    return [notice_of(change, may=may) for change in changes_of(record)]


def notice_of(change: PlannedChange, *, may: bool) -> Notice:
    in_force = change.state == PlannedChange.State.ACTIVE
    give_up = "centrex:planned-end" if in_force else "centrex:planned-cancel"
    return Notice(
        when=span_in_words(change),
        what=f"{PARTS[change.part].label}: {change_in_words(change)}",
        in_force=in_force,
        change=reverse("centrex:planned-change", args=[change.pk]) if may else "",
        give_up=reverse(give_up, args=[change.pk]) if may else "",
    )


class ShowsPlanned:
    """Mixed into the pages of a record whose planned changes stand at the top."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        notices = notices_of(self.request, self.object, self.page)  # type: ignore[attr-defined]
        return super().get_context_data(**({"planned": notices} | kwargs))  # type: ignore[misc]


class Plannable(ShowsPlanned):
    """Mixed into the form of a part that can be planned; `part_name` names it among PARTS."""

    part_name = ""
    when: WhenForm | None = None

    @property
    def part(self) -> Part | None:
        return PARTS.get(self.part_name)

    def asks(self) -> str:
        """Which of the two steps of planning was pressed; a button of the form itself (`do`) stays in the first."""
        sent = self.request.POST
        if self.part is None or self.request.method != "POST":
            return ""
        return ASK if "do" in sent and "when-starts_at" in sent else sent.get("planning", "")

    def when_form(self) -> WhenForm:
        sent = self.request.POST
        data = sent if self.asks() == PLAN else None
        typed = {name: sent.get(f"when-{name}", "") for name in WhenForm.base_fields}
        return WhenForm(data, prefix="when", initial=typed, request=self.request, page=PLANNED)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.asks() and request.FILES:
            words = _("A file cannot be planned. Save it first, or leave it out, then plan the rest.")
            messages.warning(request, words)
            self.object = self.get_object()
            return self.render_to_response(self.get_context_data())
        if self.asks() == ASK and "do" not in request.POST:
            self.object = self.get_object()
            return self.render_to_response(self.get_context_data())
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        if self.asks() != PLAN:
            return super().form_valid(form)
        self.when = self.when_form()
        if not self.when.is_valid():
            return self.form_invalid(form)
        try:
            with acting(page=PLANNED) as act:
                change = self.plan(form, self.when)
        except Refused as refusal:
            (self.when if refusal.field in self.when.fields else form).refuse(refusal)
            if isinstance(refusal, Outdated):
                form.take_current_version()
            return self.form_invalid(form)
        words = _("Planned. %(when)s: %(what)s.") % {"when": span_in_words(change), "what": change_in_words(change)}
        messages.success(self.request, history.with_undo(self.request, words, act, change))
        return redirect(reverse(self.part.address, args=[self.object.pk]))

    def plan(self, form: Any, when: WhenForm) -> PlannedChange:
        """The page's own `save`, for later; the password is looked at first, so that a wrong one is counted."""
        confirmed = given_again(self.request, form.cleaned_data.get("password") or "")
        starts_at, ends_at = when.moments(self.object.customer)
        return plan_change(
            user=self.request.user,
            part=self.part,
            record=self.object,
            starts_at=starts_at,
            ends_at=ends_at,
            act=lambda: self.save(form),
            labels=form.labels() if hasattr(form, "labels") else {},
            confirmed=confirmed,
            now=timezone.now(),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        offered = self.part is not None and self.may_change and access.sees(self.request, PLANNED)
        when = {"asked": bool(self.asks()), "form": self.when or self.when_form()} if offered else None
        return super().get_context_data(**({"planning": when} | kwargs))
