"""Days as the filters of billing take them: where the reader is, and within what the ledger can hold."""

from __future__ import annotations

from datetime import date, datetime, time

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)
OUTSIDE = _("Enter a date between 2000 and 2099.")


def midnight(day: date) -> datetime:
    """When the day begins where the reader is."""
    return datetime.combine(day, time(), tzinfo=timezone.get_current_timezone())


def day_field(label: str | Promise) -> forms.DateField:
    """A day to filter by; other centuries would run over the ends of the calendar."""
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}),
        validators=[MinValueValidator(EARLIEST, OUTSIDE), MaxValueValidator(LATEST, OUTSIDE)],
    )
