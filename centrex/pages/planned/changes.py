"""Planned Changes: all of them in one list; each can be moved, cancelled before it begins, or ended early."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django import forms
from django.apps import apps
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from centrex.models import PlannedChange
from centrex.operations.planned.begin_and_end import end_now
from centrex.operations.planned.parts import PARTS
from centrex.operations.planned.planning import cancel_plan, change_plan
from centrex.pages.planned.when import chosen_times, ends_field, kept_times, starts_field
from centrex.queries.planned import change_in_words, span_in_words
from selfcare import access
from selfcare.crud.forms import ActForm, FilterForm
from selfcare.crud.tables import ActionsColumn, BaseTable, ChoiceColumn, Column, TimeColumn
from selfcare.crud.views import DeletePage, EditPage, ListPage
from selfcare.models import Customer

State = PlannedChange.State
BADGES = {State.FAILED: "bad", State.MISSED: "warn", State.ACTIVE: "good"}


def move(change: PlannedChange) -> list[tuple[str, str, Any]]:
    """The buttons of a row."""
    here = [(reverse("centrex:planned-change", args=[change.pk]), "pencil", _("Change"))]
    if change.state == State.PLANNED:
        return [*here, (reverse("centrex:planned-cancel", args=[change.pk]), "x-lg", _("Cancel"))]
    if change.state == State.ACTIVE:
        return [*here, (reverse("centrex:planned-end", args=[change.pk]), "stop-circle", _("End now"))]
    return []


class WhatColumn(Column):
    """The record, which is linked while it exists, and the part of it."""

    def plain(self, value: Any, record: PlannedChange) -> str:
        return f"{record.record_name}: {PARTS[record.part].label}"

    def draw(self, value: Any, record: PlannedChange) -> SafeString:
        part = PARTS[record.part]
        if not record.is_there:
            gone = format_html('<span class="badge warn">{}</span>', _("deleted"))
            return format_html('{} {}<div class="text-quiet">{}</div>', record.record_name, gone, part.label)
        to = reverse(part.address, args=[record.record_id])
        return format_html('<a href="{}">{}</a><div class="text-quiet">{}</div>', to, record.record_name, part.label)


class WordsColumn(Column):
    def plain(self, value: Any, record: PlannedChange) -> str:
        return change_in_words(record)


class UntilColumn(TimeColumn):
    def draw(self, value: Any, record: PlannedChange) -> SafeString:
        return super().draw(value, record) if value else conditional_escape(__("it stays"))


class StateColumn(ChoiceColumn):
    """How it stands, and why."""

    def draw(self, value: Any, record: PlannedChange) -> SafeString:
        state = super().draw(value, record)
        return format_html('{}<div class="reason">{}</div>', state, record.reason) if record.reason else state


def existing(customer: Customer, kind: str, ids: set[int]) -> set[int]:
    """Those of the customer's records that were not deleted."""
    return set(apps.get_model(kind).for_customer(customer).filter(pk__in=ids).values_list("pk", flat=True))


class PlannedTable(BaseTable):
    """Each change of the page has `is_there`: whether its record still exists."""

    first_sort = "-starts_at"
    record_name = WhatColumn(verbose_name=_("What"))
    changes = WordsColumn(verbose_name=_("Change"), orderable=False)
    starts_at = TimeColumn(verbose_name=_("From"))
    ends_at = UntilColumn(verbose_name=_("Until"), empty_values=())
    state = StateColumn(choices=State.choices, badges=BADGES, verbose_name=_("State"))
    planned_by = Column(verbose_name=_("Planned by"), orderable=False)
    actions = ActionsColumn(changes=move)

    class Meta(BaseTable.Meta):
        model = PlannedChange
        fields = ("record_name", "changes", "starts_at", "ends_at", "state", "planned_by")

    def records(self) -> Iterator[PlannedChange]:
        changes = list(super().records())
        wanted: dict[str, set[int]] = defaultdict(set)
        for change in changes:
            wanted[change.record_type].add(change.record_id)
        there = {kind: existing(changes[0].customer, kind, ids) for kind, ids in wanted.items()}
        for change in changes:
            change.is_there = change.record_id in there[change.record_type]
        return iter(changes)


class PlannedFilter(FilterForm):
    state = forms.ChoiceField(label=_("State"), choices=[("", _("All")), *State.choices])

    def filter(self, rows: QuerySet[PlannedChange]) -> QuerySet[PlannedChange]:
        state = self.cleaned_data["state"]
        return rows.filter(state=state) if state else rows


def seen(request: HttpRequest) -> list[str]:
    """The parts whose pages this user gets to see."""
    return [name for name, part in PARTS.items() if access.sees(request, part.page)]


class List(ListPage):
    page = "centrex:planned"
    title = _("Planned Changes")
    intro = _("Settings that begin, and end, by themselves at a time.")
    model = PlannedChange
    table_class = PlannedTable
    filter_class = PlannedFilter
    empty = _(
        "Nothing is planned. Change a setting of a line, a huntgroup or a menu and choose “Plan for a time…” there."
    )

    def get_queryset(self) -> QuerySet[PlannedChange]:
        return super().get_queryset().filter(part__in=seen(self.request)).select_related("customer", "planned_by")


class OfChange:
    """What the pages of one change share: the rights are those of the page of its record as well."""

    page = "centrex:planned"
    model = PlannedChange

    def get_queryset(self) -> QuerySet[PlannedChange]:
        rows = PlannedChange.for_customer(self.request.customer).filter(part__in=seen(self.request))
        return rows.select_related("customer__main_office", "planned_by")

    def get_object(self, queryset: QuerySet[PlannedChange] | None = None) -> PlannedChange:
        change = super().get_object(queryset)
        if self.request.method == "POST":
            access.require(self.request, access.CHANGE, PARTS[change.part].page)
        return change

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        change = self.object
        words = {"what": f"{change.record_name}, {PARTS[change.part].label}: {change_in_words(change)}"}
        return super().get_context_data(**(words | {"when": span_in_words(change)} | kwargs))


class TimesForm(ActForm):
    starts_at = starts_field()
    ends_at = ends_field()

    class Meta:
        model = PlannedChange
        fields: list[str] = []

    def __init__(self, *args: Any, instance: PlannedChange, **kwargs: Any) -> None:
        kwargs["initial"] = kept_times(instance) | (kwargs.get("initial") or {})
        super().__init__(*args, instance=instance, **kwargs)
        if instance.state == State.ACTIVE:
            self.fields["starts_at"].disabled = True
            self.fields["ends_at"].required = True
        elif instance.state != State.PLANNED:
            for field in self.fields.values():
                field.disabled = True

    def save_times(self) -> PlannedChange:
        """The change with the times that were typed."""
        change = self.instance
        change.starts_at, change.ends_at = chosen_times(self, change)
        return change


class Edit(OfChange, EditPage):
    title = _("Planned change")
    form_class = TimesForm
    template_name = "centrex/planned/change.html"
    always_changes = False

    def save(self, form: TimesForm) -> PlannedChange:
        return change_plan(
            user=self.request.user,
            change=form.save_times(),
            version=form.cleaned_data.get("version"),
            now=timezone.now(),
        )

    def values_url(self) -> str:
        """The form of the settings over what is planned; empty once it has begun, and for who may not change it."""
        change = self.object
        part = PARTS[change.part]
        is_there = existing(change.customer, change.record_type, {change.record_id})
        if change.state != State.PLANNED or not is_there or not access.may_here(self.request, access.CHANGE, part.page):
            return ""
        return f"{reverse(part.address, args=[change.record_id])}?plan={change.pk}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {"is_open": self.object.state in (State.PLANNED, State.ACTIVE), "values_url": self.values_url()}
        return super().get_context_data(**(words | kwargs))


class Cancel(OfChange, DeletePage):
    title = _("Cancel a planned change")
    template_name = "centrex/planned/cancel.html"
    saved = _("Cancelled: “%(record)s”.")

    def save(self, form: Any) -> None:
        cancel_plan(user=self.request.user, change=self.object, version=None)


class End(OfChange, DeletePage):
    title = _("End a change now")
    template_name = "centrex/planned/end.html"
    saved = _("Ended: “%(record)s”.")

    def save(self, form: Any) -> None:
        end_now(user=self.request.user, change=self.object, version=None, now=timezone.now())
