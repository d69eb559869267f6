"""From when until when: two times by the clock of the customer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centrex.models import PlannedChange
from centrex.routing.clock import moment_of, wall_of
from selfcare.crud.forms import PortalForm, linked
from selfcare.errors import Refused
from selfcare.models import Customer

TYPED = "%Y-%m-%dT%H:%M"  # as browsers send a date with a time


class WallClockField(forms.DateTimeField):
    """A day and a time as a clock on the wall shows them; which moment that is, the zone says."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local", "class": "form-control"}, format=TYPED)
        formats = [TYPED, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
        messages = {"invalid": _("Enter a day and a time such as 2026-11-27 18:00.")}
        super().__init__(widget=widget, input_formats=formats, error_messages=messages, **kwargs)

    def to_python(self, value: Any) -> datetime | None:
        with timezone.override(UTC):  # where every time exists once
            typed = super().to_python(value)
        return typed.replace(tzinfo=None) if typed is not None else None


def starts_field() -> WallClockField:
    return WallClockField(label=_("From"), help_text=_("Such as Friday at 18:00, by your company's clock."))


def ends_field() -> WallClockField:
    return WallClockField(
        label=_("Until"),
        required=False,
        help_text=_("Then everything goes back to what it was. Empty: the change stays."),
    )


def moments(values: dict[str, Any], customer: Customer) -> tuple[datetime, datetime | None]:
    """What was typed as moments; an hour that the clock runs through twice counts from its first to its last."""
    zone, end = customer.zone, values["ends_at"]
    return moment_of(values["starts_at"], zone), moment_of(end, zone, last=True) if end is not None else None


def shown(moment: datetime | None, customer: Customer) -> datetime | None:
    """A kept moment as the form shows it."""
    return wall_of(moment, customer.zone) if moment is not None else None


def kept_times(change: PlannedChange) -> dict[str, datetime | None]:
    """The times of a planned change as a form shows them."""
    return {name: shown(getattr(change, name), change.customer) for name in ("starts_at", "ends_at")}


def chosen_times(form: forms.Form, change: PlannedChange) -> tuple[datetime, datetime | None]:
    """The times that the form gives a change; one that was not touched keeps its moment to the second."""
    starts_at, ends_at = moments(form.cleaned_data, change.customer)
    return (
        starts_at if "starts_at" in form.changed_data else change.starts_at,
        ends_at if "ends_at" in form.changed_data else change.ends_at,
    )


class WhenForm(PortalForm, forms.Form):
    """Stands below a form that is planned instead of saved."""

    starts_at = starts_field()
    ends_at = ends_field()

    def refuse(self, refusal: Refused) -> None:
        self.add_error(refusal.field, linked(self.request, refusal))

    def take_current_version(self, change: PlannedChange | None) -> None:
        """Nothing is kept yet that could be outdated."""


class WhenAgainForm(WhenForm):
    """Stands below a form that is saved back into a plan, which had this version when it was looked at."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def take_current_version(self, change: PlannedChange | None) -> None:
        """After a refusal as outdated: let the next Save, made in knowledge of the change, go through."""
        current = PlannedChange.for_customer(change.customer).values_list("version", flat=True).get(pk=change.pk)
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = current
