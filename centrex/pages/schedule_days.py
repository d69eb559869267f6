"""The special days of hours: the customer closes a day, gives it other hours, or imports a list of days."""

from __future__ import annotations

from datetime import time
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from centrex.models import Schedule, ScheduleDay
from centrex.operations.schedules import delete_day, import_days, save_day
from centrex.pages.company_form import shown_with
from centrex.queries.schedules import days_of_customer
from centrex.sheets.days import MAX_DAYS, MAX_FILE, Mistake, NamedDay, NoDays, read_days
from selfcare import formats
from selfcare.crud.days import day_field
from selfcare.crud.forms import ActForm
from selfcare.crud.views import AddPage, DeletePage, EditPage

CLOSED, OPEN = "closed", "open"
MISTAKES: dict[Mistake, Promise] = {
    Mistake.TOO_LARGE: _("The file is too large. It may have at most 256 KB."),
    Mistake.UNREADABLE: _("This file cannot be read. Choose a calendar (.ics) or a table with date and name (.csv)."),
    Mistake.EMPTY: _("There is no day in this file."),
    Mistake.NO_DATE: _("Line %(line)s, “%(text)s”: this is no date. Write 2026-12-25."),
    Mistake.WITH_TIME: _("Line %(line)s, “%(text)s”: this is a time of day. Only whole days can be imported."),
    Mistake.REPEATS: _(
        "Line %(line)s, “%(text)s” repeats in a way that cannot be imported. It may repeat each week, month or year."
    ),
    Mistake.TOO_LONG: _("Line %(line)s, “%(text)s” is longer than a month."),
    Mistake.TOO_MANY: _("There are more than %(most)s days in this file."),
}


class DayForm(ActForm):
    """A closed day, or one with hours of its own."""

    day = day_field(_("Day"))
    kind = forms.ChoiceField(label=_("On this day"), choices=[(CLOSED, _("Closed")), (OPEN, _("Other hours"))])

    class Meta:
        model = ScheduleDay
        fields = ("day", "name", "start", "end")
        labels = {"name": _("Name"), "start": _("Open from"), "end": _("Open until")}
        help_texts = {
            "name": _("Such as “Company outing”. May stay empty."),
            "end": _("00:00 is the end of the day."),
        }
        widgets = {name: forms.TimeInput(attrs={"type": "time"}, format="%H:%M") for name in ("start", "end")}

    field_order = ("day", "name", "kind", "start", "end")

    def __init__(self, *args: Any, instance: ScheduleDay, **kwargs: Any) -> None:
        kind = OPEN if instance.start is not None else CLOSED
        kwargs["initial"] = {"kind": kind} | (kwargs.get("initial") or {})
        super().__init__(*args, instance=instance, **kwargs)
        self.helper.layout = None
        self.switched = shown_with("kind", "start", "end", value=OPEN)

    def clean(self) -> dict[str, Any]:
        """Hours count with "Other hours" only, and then there must be some."""
        values = super().clean() or self.cleaned_data
        if values.get("kind") != OPEN:
            for name in ("start", "end"):
                self._errors.pop(name, None)
                values[name] = None
            return values
        start, end = values.get("start"), values.get("end")
        for name, given in (("start", start), ("end", end)):
            if given is None and name not in self._errors:
                self.add_error(name, _("Enter a time such as 09:00."))
        if start is not None and end is not None and end != time() and end <= start:
            self.add_error("end", _("This is before the beginning."))
        return values


class OfSchedule:
    """Mixed into the pages of special days: back to their schedule."""

    page = "centrex:filters"

    @property
    def schedule(self) -> Schedule:
        schedule: Schedule = self.object.schedule  # type: ignore[attr-defined]
        return schedule

    def get_success_url(self) -> str:
        return reverse("centrex:schedule", args=[self.schedule.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {"intro": str(self.schedule), "back": self.get_success_url()}
        return super().get_context_data(**(words | kwargs))  # type: ignore[misc]


class DayPage(OfSchedule):
    """What the pages of one day share."""

    model = ScheduleDay
    form_class = DayForm
    template_name = "centrex/schedule/day.html"

    def get_queryset(self) -> QuerySet[ScheduleDay]:
        return days_of_customer(self.request.customer)  # type: ignore[attr-defined]

    def save(self, form: DayForm) -> ScheduleDay:
        return save_day(user=self.request.user, day=form.instance)  # type: ignore[attr-defined]


class Add(DayPage, AddPage):
    """The address names the schedule that the day is added to."""

    title = _("Add special day")

    def get_object(self, queryset: QuerySet[Schedule] | None = None) -> Schedule:
        return get_object_or_404(Schedule.for_customer(self.request.customer), pk=self.kwargs["pk"])

    @cached_property
    def schedule(self) -> Schedule:
        return self.get_object()

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": ScheduleDay(schedule=self.schedule)}


class Edit(DayPage, EditPage):
    title = _("Edit special day")


class Delete(OfSchedule, DeletePage):
    title = _("Delete special day")
    model = ScheduleDay

    def get_queryset(self) -> QuerySet[ScheduleDay]:
        return days_of_customer(self.request.customer)

    def save(self, form: Any) -> None:
        delete_day(user=self.request.user, day=self.object)


class ImportForm(ActForm):
    """A file whose days are all taken or none."""

    file = forms.FileField(
        label=_("Calendar or table"),
        widget=forms.FileInput(attrs={"accept": ".ics,.csv,.txt,.xlsx"}),
        help_text=_(
            "A calendar (.ics) with whole days, which may repeat (two years ahead are taken), or a table (.csv) with a"
            " date such as 2026-12-25 and a name in each"
            " line. At most 500 days and 256 KB."
        ),
    )

    class Meta:
        model = Schedule
        fields: ClassVar[list[str]] = []

    def clean_file(self) -> list[NamedDay]:
        file = self.cleaned_data["file"]
        try:
            return read_days(file.read(MAX_FILE + 1), today=timezone.localdate())
        except NoDays as error:
            facts = {"line": error.place or 0, "text": error.found, "most": MAX_DAYS}
            raise ValidationError(MISTAKES[error.mistake] % facts) from error


class Import(OfSchedule, EditPage):
    """All days of a file at once, closed."""

    title = _("Import holidays")
    model = Schedule
    form_class = ImportForm
    save_label = _("Import")
    saved = _("The days of the file are in “%(record)s”.")

    @property
    def schedule(self) -> Schedule:
        return self.object

    def save(self, form: ImportForm) -> Schedule:
        days, version = form.cleaned_data["file"], form.cleaned_data.get("version")
        new = import_days(user=self.request.user, schedule=self.object, version=version, days=days)
        said = ngettext("%(number)s day was added.", "%(number)s days were added.", new)
        messages.info(self.request, said % {"number": formats.number(new)})
        if len(days) > new:
            known = ngettext(
                "%(number)s day was in the list already and stays as it is.",
                "%(number)s days were in the list already and stay as they are.",
                len(days) - new,
            )
            messages.info(self.request, known % {"number": formats.number(len(days) - new)})
        return self.object
