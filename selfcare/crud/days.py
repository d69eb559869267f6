"""Days and times as filters take them: where the reader is, and within what the ledger can hold."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
SECOND = timedelta(seconds=1)
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


class MomentField(forms.Field):
    """A date, or a date and time in the reader's zone; `end` means the end of what was typed, exclusive."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "step": 1}, format="%Y-%m-%dT%H:%M:%S")

    def __init__(self, *, end: bool = False, **kwargs: Any) -> None:
        self.end = end
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """What was typed, in the only form that a browser's picker shows."""
        if not isinstance(value, str):
            return value
        text = value.strip()
        return f"{text}T{'23:59:59' if self.end else '00:00:00'}" if DAY.fullmatch(text) else text.replace(" ", "T", 1)

    def to_python(self, value: str | None) -> datetime | None:
        text = (value or "").strip()
        if not text:
            return None
        try:
            day = parse_date(text)
            moment = datetime.combine(day, time()) if day else parse_datetime(text)
        except ValueError as error:
            raise ValidationError(_("This date does not exist.")) from error
        if moment is None or moment.tzinfo is not None:
            raise ValidationError(_("Enter a date and time such as 2026-03-31 23:59:59."))
        if not EARLIEST <= moment.date() <= LATEST:
            raise ValidationError(OUTSIDE)
        if self.end:
            moment += timedelta(days=1) if day else SECOND
        # In the hour that comes twice a range takes in both: it begins with the first and ends with the second.
        return moment.replace(tzinfo=timezone.get_current_timezone(), fold=int(self.end))


def month_of(day: date) -> tuple[datetime, datetime]:
    """The month that holds `day`, from midnight to midnight where the reader is."""
    first = day.replace(day=1)
    return midnight(first), midnight((first + timedelta(days=31)).replace(day=1))


def months_later(moment: datetime, count: int) -> datetime:
    """The same day and time of a later month where the reader is; the month's last day where it has no such day."""
    local = timezone.localtime(moment)
    year, month = divmod(local.year * 12 + local.month - 1 + count, 12)
    day = min(local.day, monthrange(year, month + 1)[1])
    return local.replace(year=year, month=month + 1, day=day)


def span_query(start: datetime, end: datetime) -> dict[str, str]:
    """[start, end) as the form's two fields; the second one is the last second inside."""
    pattern = "%Y-%m-%dT%H:%M:%S"
    return {
        "from_date": timezone.localtime(start).strftime(pattern),
        "till_date": timezone.localtime(end - SECOND).strftime(pattern),
    }
