"""My Profile, Activity: who changed what and when, on any page, and Undo."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from selfcare.crud import history
from selfcare.crud.forms import FilterForm
from selfcare.crud.tables import BaseTable, Column, TimeColumn
from selfcare.crud.views import ListPage
from selfcare.models import AuditEvent

COMPANY = "company"


class WhatColumn(Column):
    """The act and its record, which is linked while it exists."""

    def plain(self, value: Any, record: AuditEvent) -> str:
        kind = history.kind_in_words(record.record_type)
        return f"{history.act_in_words(record)}: {kind} {record.record_name}".strip()

    def draw(self, value: Any, record: AuditEvent) -> SafeString:
        entry, kind = record.entry, history.kind_in_words(record.record_type)
        name = format_html('<a href="{}">{}</a>', entry.to, record.record_name) if entry.to else record.record_name
        return format_html('{}<div><span class="text-quiet">{}</span> {}</div>', entry.act, kind, name)


class ChangesColumn(Column):
    """Each value before and after."""

    def plain(self, value: Any, record: AuditEvent) -> str:
        return history.changes_in_words(record)

    def draw(self, value: Any, record: AuditEvent) -> SafeString:
        return record.entry.changes


class UndoColumn(Column):
    """Undo, for who may change the record; or that it was undone."""

    def draw(self, value: Any, record: AuditEvent) -> SafeString:
        if record.is_undone:
            return format_html('<span class="badge">{}</span>', _("Undone"))
        if not record.entry.undo:
            return SafeString("")
        label = _("Undo: %(act)s %(record)s") % {"act": record.entry.act, "record": record.record_name}
        link = '<a class="btn btn-sm btn-outline-secondary" href="{}" aria-label="{}">{}</a>'
        return format_html(link, record.entry.undo, label, _("Undo"))


class ActivityTable(BaseTable):
    first_sort, css = "-at", "stacked"
    at = TimeColumn(verbose_name=_("When"), order_by=("at", "pk"))
    who = Column(verbose_name=_("Who"), orderable=False)
    what = WhatColumn(verbose_name=_("What"), accessor="record_name", orderable=False)
    changes = ChangesColumn(verbose_name=_("Changes"), orderable=False)
    undo = UndoColumn(verbose_name="", accessor="pk", orderable=False, always=True)

    class Meta(BaseTable.Meta):
        model = AuditEvent
        fields = ("at", "who", "what", "changes")

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        self.asked = request
        super().__init__(*args, request=request, **kwargs)

    def records(self) -> Iterator[AuditEvent]:
        """The events of the page, each with its `entry`; what they link to is looked up for all at once."""
        for entry in history.entries(self.asked, super().records()):
            entry.event.entry = entry
            yield entry.event


class ActivityFilter(FilterForm):
    start = forms.DateField(label=_("From"), widget=forms.DateInput({"type": "date"}))
    end = forms.DateField(label=_("To"), widget=forms.DateInput({"type": "date"}))
    person = forms.ChoiceField(label=_("Who"))
    kind = forms.ChoiceField(label=_("Kind"))
    text = forms.CharField(label=_("Text"), max_length=60)
    record = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(str(user.pk), str(user)) for user in request.customer.users.order_by("username")]
        kinds = sorted((history.kind_in_words(kind), kind) for kind in history.kinds_seen(request))
        self.fields["person"].choices = [("", _("Everybody")), *people, (COMPANY, _("Your telephone company"))]
        self.fields["kind"].choices = [("", _("Everything")), *((kind, words) for words, kind in kinds)]

    def filter(self, events: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
        asked = self.cleaned_data
        which = Q()
        if asked["start"]:
            which &= Q(at__gte=midnight(asked["start"]))
        if asked["end"]:
            which &= Q(at__lt=midnight(asked["end"] + timedelta(days=1)))
        if asked["person"]:
            which &= (
                Q(user__customer=None, user__isnull=False) if asked["person"] == COMPANY else Q(user=asked["person"])
            )
        for name, field in (("kind", "record_type"), ("record", "record_id")):
            if asked[name]:
                which &= Q(**{field: asked[name]})
        if asked["text"]:
            which &= Q(record_name__icontains=asked["text"]) | Q(changes__icontains=asked["text"])
        return events.filter(which)


def midnight(day: date) -> datetime:
    """When the day begins for the reader."""
    return datetime.combine(day, time(), tzinfo=timezone.get_current_timezone())


class List(ListPage):
    page = "profile:activity"
    title = _("Activity")
    intro = _("Who changed what and when, on every page that you may see. Many changes can be undone here.")
    model = AuditEvent
    table_class = ActivityTable
    empty = _("Nothing was changed yet. Every change by you and your colleagues will be listed here.")

    def filter_class(self, asked: Any) -> ActivityFilter:
        return ActivityFilter(asked, request=self.request)

    def asked(self, request: HttpRequest) -> Any:
        return request.GET if any(request.GET.get(name) for name in ActivityFilter.base_fields) else None

    def get_queryset(self) -> QuerySet[AuditEvent]:
        return history.seen(self.request)
