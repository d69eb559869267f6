"""What makes a form plannable: its second button, the times, and the notice of what is planned already.

"Plan for a time…" draws the page again with the times below what was typed; nothing is kept before "Plan this change".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from centrex.models import PlannedChange
from centrex.operations.planned.changing import change_values, put_in_place
from centrex.operations.planned.parts import PARTS, Part
from centrex.operations.planned.planning import plan_change
from centrex.pages.planned.when import WhenAgainForm, WhenForm, chosen_times, kept_times, moments
from centrex.queries.planned import change_in_words, changes_of, span_in_words
from selfcare import access
from selfcare.crud import history
from selfcare.crud.password import given_again
from selfcare.crud.trying import nothing_kept
from selfcare.crud.views import AddPage
from selfcare.errors import Outdated, Refused
from selfcare.models import Versioned
from selfcare.models.audit import acting

PLANNED = "centrex:planned"
ASK, PLAN = "ask", "plan"
State = PlannedChange.State


@dataclass(frozen=True, slots=True)
class Notice:
    """A planned change as the record's page tells of it; the addresses are empty for who may not change it."""

    when: str
    what: str
    in_force: bool
    change: str
    give_up: str


def notices_of(request: HttpRequest, record: Versioned, page: str, *, besides: int | None = None) -> list[Notice]:
    """What is planned for the record or in force, but for the change `besides`, which the form shows."""
    if not access.sees(request, PLANNED):
        return []
    may = access.may(request, access.CHANGE, page)
    return [notice_of(change, may=may) for change in changes_of(record) if change.pk != besides]


def notice_of(change: PlannedChange, *, may: bool) -> Notice:
    in_force = change.state == State.ACTIVE
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

    @property
    def planned_record(self) -> Any:
        """The record of the page; a page of something that counts as a part of another names that."""
        return self.object  # type: ignore[attr-defined]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        notices = notices_of(self.request, self.planned_record, self.page)  # type: ignore[attr-defined]
        return super().get_context_data(**({"planned": notices} | kwargs))  # type: ignore[misc]


class Plannable(ShowsPlanned):
    """Mixed into the form of a part that can be planned; `part_name` names it among PARTS.

    With the id of a planned change in the address ("?plan=7") the form shows what is planned, and is saved back there.
    """

    part_name = ""
    when: WhenForm | None = None

    @property
    def part(self) -> Part | None:
        return PARTS.get(self.part_name)

    @cached_property
    def replans(self) -> PlannedChange | None:
        """The planned change whose values the form changes; 404 for a foreign one, and one of another part."""
        asked = self.request.GET.get("plan", "")
        if not asked or self.part is None:
            return None
        if not access.sees(self.request, PLANNED):
            raise Http404
        access.require(self.request, access.CHANGE, self.page)
        changes = PlannedChange.for_customer(self.request.customer).filter(part=self.part_name)
        pk = int(asked) if asked.isdecimal() else 0
        return get_object_or_404(changes.select_related("customer__main_office", "planned_by"), pk=pk)

    def asks(self) -> str:
        """Which of the two steps of planning was pressed; a button of the form itself (`do`) stays in the first."""
        sent, is_sent = self.request.POST, self.request.method == "POST"
        if self.replans is not None:
            return PLAN if is_sent and "do" not in sent else ASK
        if self.part is None or not is_sent:
            return ""
        return ASK if "do" in sent and "when-starts_at" in sent else sent.get("planning", "")

    def when_form(self) -> WhenForm:
        sent, change = self.request.POST, self.replans
        names = [name for name in WhenForm.base_fields if f"when-{name}" in sent]
        usual = {"prefix": "when", "request": self.request, "page": PLANNED}
        typed = {} if self.asks() == PLAN else {name: sent[f"when-{name}"] for name in names}
        data = sent if self.asks() == PLAN else None
        if change is None:
            return WhenForm(data, initial=typed, **usual)
        return WhenAgainForm(data, initial=kept_times(change) | {"version": change.version} | typed, **usual)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.replans is None:
            return super().get(request, *args, **kwargs)
        return self.begun() or self.drawn_again()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.asks() and request.FILES:
            words = _("A file cannot be planned. Save it first, or leave it out, then plan the rest.")
            messages.warning(request, words)
            return self.drawn_again()
        if self.replans is not None:
            return self.begun() or self.planned_anew()
        if self.asks() == ASK and "do" not in request.POST:
            return self.drawn_again()
        return super().post(request, *args, **kwargs)

    def begun(self) -> HttpResponse | None:
        """Where a change that has begun can still be ended; None for one that has not."""
        change = self.replans
        if change is None or change.state == State.PLANNED:
            return None
        in_force = _("This planned change is in force already: now only its end can be moved.")
        over = _("This planned change is over, so it cannot be changed any more.")
        messages.warning(self.request, in_force if change.state == State.ACTIVE else over)
        return redirect("centrex:planned-change", pk=change.pk)

    def drawn_again(self, **context: Any) -> HttpResponse:
        """The page with what was typed, or with what is planned; nothing is kept."""
        if self.replans is not None:
            context["form"] = self.form_over_plan()
        else:
            self.object = self.at_hand()
        return self.render_to_response(self.get_context_data(**context))

    def at_hand(self) -> Any:
        """The record of the form, read just now."""
        return None if isinstance(self, AddPage) else self.get_object()

    def form_over_plan(self) -> Any:
        """The form over the record as the plan will have made it, looked at before all of that is taken back."""
        change = self.replans
        with nothing_kept(self.request):
            try:
                put_in_place(user=self.request.user, change=change, confirmed=True, now=timezone.now())
            except Refused as refusal:
                words = _("As it is planned, this could not be done any more. %(why)s") % {"why": refusal.message}
                messages.warning(self.request, words)
            self.object = self.at_hand()
            if self.planned_record.pk != change.record_id:
                raise Http404
            form = self.get_form()
            if form.is_bound:
                form.is_valid()
            return form

    def planned_anew(self) -> HttpResponse:
        form = self.form_over_plan()
        return self.form_valid(form) if form.is_valid() else self.form_invalid(form)

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
                self.when.take_current_version(self.replans)
            return self.form_invalid(form)
        words = _("Planned. %(when)s: %(what)s.") % {"when": span_in_words(change), "what": change_in_words(change)}
        messages.success(self.request, history.with_undo(self.request, words, act, change))
        return redirect(reverse(self.part.address, args=[self.planned_record.pk]))

    def plan(self, form: Any, when: WhenForm) -> PlannedChange:
        """The page's own `save`, for later; the password is looked at first, so that a wrong one is counted."""
        told = {
            "user": self.request.user,
            "act": lambda: self.save(form),
            "labels": form.labels() if hasattr(form, "labels") else {},
            "confirmed": given_again(self.request, form.cleaned_data.get("password") or ""),
            "now": timezone.now(),
        }
        if self.replans is not None:
            starts_at, ends_at = chosen_times(when, self.replans)
            version = when.cleaned_data["version"]
            return change_values(change=self.replans, version=version, starts_at=starts_at, ends_at=ends_at, **told)
        starts_at, ends_at = moments(when.cleaned_data, self.planned_record.customer)
        return plan_change(part=self.part, record=self.planned_record, starts_at=starts_at, ends_at=ends_at, **told)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        offered = self.part is not None and self.may_change and access.sees(self.request, PLANNED)
        if not offered:
            return super().get_context_data(**({"planning": None} | kwargs))
        when = self.when or self.when_form()
        planning = {"asked": bool(self.asks()), "form": when, "replans": self.replans}
        if self.replans is not None:
            planning |= {"span": span_in_words(self.replans), "query": f"?plan={self.replans.pk}"}
            others = notices_of(self.request, self.planned_record, self.page, besides=self.replans.pk)
            back = reverse("centrex:planned-change", args=[self.replans.pk])
            kwargs = {"back": back, "planned": others} | kwargs
        return super().get_context_data(**({"planning": planning} | kwargs))
