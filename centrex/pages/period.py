"""The period wizard: times of a week, put together row by row, as a part of any form.

A form keeps a schedule under a prefix: `when` (always, or at times), the periods included so far (a hidden text each),
and the fields of the period that is being made. Its buttons are sent as `do`, such as "include:PREFIX"; `carried_out`
does what they say to what was typed, and the page is drawn again. So all of it works without JavaScript. A text that
the wizard's rows cannot show is edited as it is.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.dates import MONTHS, WEEKDAYS_ABBR
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from centrex.queries.period_words import State, in_words, mistake_in_words, row_in_words, state_of
from centrex.routing.schedule import PeriodError, Row, parse, rows_of, write
from centrex.routing.schedule.rows import MIDNIGHT
from selfcare import formats

ALWAYS, TIMES = "always", "times"
LONGEST = 2000
CLOCK = re.compile(r"([01]?[0-9]|2[0-4])(?:[:.h]?([0-5][0-9]))?")
DAYS = [(value, WEEKDAYS_ABBR[(value + 5) % 7]) for value in (2, 3, 4, 5, 6, 7, 1)]  # from Monday; 1 is Sunday
ACTS = frozenset({"include", "drop", "months", "always", "finish", "open", "anew"})


class ClockField(forms.Field):
    """A time of day, 24 hours, as minutes since midnight: 20:00, 8.30, 2000, 24:00; None when empty."""

    def __init__(self, *, example: str, **kwargs: Any) -> None:
        attrs = {"placeholder": example, "class": "form-control clock", "autocomplete": "off", "maxlength": 5}
        super().__init__(required=False, widget=forms.TextInput(attrs=attrs), **kwargs)

    def to_python(self, value: Any) -> Any:
        typed = str(value or "").strip()
        if not typed:
            return None
        match = CLOCK.fullmatch(typed)
        minutes = int(match[1]) * 60 + int(match[2] or 0) if match else MIDNIGHT + 1
        if minutes > MIDNIGHT:
            raise ValidationError(_("Enter a time of 24 hours, such as 08:30 or 20:00."))
        return minutes


def ticks(label: Any, choices: list[tuple[int, Any]]) -> forms.TypedMultipleChoiceField:
    """A choice of several by ticks."""
    return forms.TypedMultipleChoiceField(
        label=label, choices=choices, coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )


class NewPeriod(forms.Form):
    """The period that is being made; nothing of it counts before it is included."""

    start = ClockField(label=_("Start Time"), example="20:00")
    end = ClockField(label=_("End Time"), example="08:00")
    weekdays = ticks(_("Days of week"), DAYS)
    months = ticks(_("Months"), list(MONTHS.items()))
    monthdays = ticks(_("Days of month"), [(day, str(day)) for day in range(1, 32)])

    @property
    def clocks(self) -> list[Any]:
        return [self["start"], self["end"]]

    @property
    def groups(self) -> list[Any]:
        return [self["weekdays"], self["months"], self["monthdays"]]

    @property
    def is_typed(self) -> bool:
        return any(self.data.getlist(self.add_prefix(name)) not in ([], [""]) for name in self.fields)

    def clean(self) -> dict[str, Any]:
        """One time without the other leaves open what is meant."""
        values = super().clean() or self.cleaned_data
        for name, other in (("start", "end"), ("end", "start")):
            is_missing = name not in self.errors and values.get(name) is None
            if is_missing and values.get(other) is not None:
                self.add_error(name, _("Enter this time as well, or leave both empty for the whole day."))
        return values

    def row(self) -> Row:
        """The period as it was typed; without times it is of whole days."""
        values = self.cleaned_data
        start, end = values["start"] or 0, values["end"]
        names = ("weekdays", "months", "monthdays")
        sets = {name: frozenset(values[name]) for name in names}
        if len(sets["months"]) == len(MONTHS):
            sets["months"] = frozenset()
        # Midnight as an end is the end of the day, whichever way it was typed.
        return Row(start=start % MIDNIGHT, end=end or MIDNIGHT, **sets)


def carried_out(data: QueryDict, prefix: str, act: str = "finish", place: str = "") -> None:
    """Do to what was typed what a button of the wizard says; "finish", also a form's Save, includes what is left."""
    periods, when = f"{prefix}-period", f"{prefix}-when"
    kept = data.getlist(periods)
    if act in ("include", "finish"):
        new = NewPeriod(data, prefix=prefix)
        if new.is_typed and new.is_valid():
            data.setlist(periods, [*kept, write([new.row()])])
            for name in new.fields:
                data.setlist(new.add_prefix(name), [])
            data[when] = TIMES
    elif act == "drop":
        data.setlist(periods, [each for index, each in enumerate(kept) if str(index) != place])
    elif act == "months":
        data.setlist(f"{prefix}-months", [str(month) for month in MONTHS])
    elif act == "always":
        data[when] = ALWAYS
    elif act == "open":
        data[when] = TIMES
    elif act == "anew":
        data.setlist(f"{prefix}-text", [])


class PeriodForm(forms.Form):
    """A schedule as a part of a form; `kept` is the text as it is stored, `.period()` the text to be stored."""

    when = forms.ChoiceField(choices=[(ALWAYS, _("Always")), (TIMES, _("Only at the following time interval"))])
    text = forms.CharField(
        label=_("Time periods in their own notation"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control", "spellcheck": "false"}),
        help_text=_("This schedule says more than the wizard can show. Example: wd{mo-fr} hr{8-16}, wd{sa} hr{9-11}"),
    )

    def __init__(self, data: QueryDict | None, *, prefix: str, kept: str, now: datetime, zone: ZoneInfo) -> None:
        rows = rows_of(kept)
        initial = {"when": TIMES if kept else ALWAYS, "text": "" if rows is not None else kept}
        super().__init__(data, prefix=prefix, initial=initial)
        self.kept, self.now, self.zone = kept, now, zone
        if data is None:
            self.periods = [write([row]) for row in rows or []] if kept else []
            self.advanced = rows is None
        else:
            self.periods = [each for each in data.getlist(f"{prefix}-period") if is_period(each)]
            self.advanced = bool(data.get(f"{prefix}-text"))
        self.new = (
            NewPeriod(data, prefix=prefix) if data is not None and self.made_now(data) else NewPeriod(prefix=prefix)
        )
        self.fields["when"].widget.attrs["class"] = "form-select"

    def made_now(self, data: QueryDict) -> bool:
        """Whether something stands in the fields of a new period."""
        return NewPeriod(data, prefix=self.prefix).is_typed

    def is_valid(self) -> bool:
        new_valid = not self.new.is_bound or self.new.is_valid() or self.data.get(self.add_prefix("when")) == ALWAYS
        return super().is_valid() and new_valid

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("when") != TIMES:
            return values
        if self.advanced:
            self.refuse_mistake(values.get("text", ""))
        elif not self.periods:
            self.add_error("when", _("Include at least one period, or choose Always."))
        elif len(self.included) > LONGEST:
            self.add_error("when", _("These are too many periods."))
        return values

    def refuse_mistake(self, text: str) -> None:
        """Say where the mistake in the notation is."""
        try:
            parse(text)
        except PeriodError as mistake:
            self.add_error("text", mistake_in_words(text, mistake))

    def period(self) -> str:
        """The schedule as it is stored; empty is always."""
        if self.cleaned_data["when"] == ALWAYS:
            return ""
        return str(self.cleaned_data["text"]) if self.advanced else self.included

    @property
    def included(self) -> str:
        """The included periods in one text."""
        return write(row for text in self.periods for row in rows_of(text) or [])

    @property
    def rows(self) -> list[tuple[str, str]]:
        """The included periods: each with its text and in words."""
        return [(text, "; ".join(row_in_words(row) for row in rows_of(text) or [])) for text in self.periods]

    @cached_property
    def shown(self) -> str | None:
        """The schedule as it stands in the form; None while there is a mistake in it."""
        if self.is_bound:
            return self.period() if self.is_valid() else None
        return self.kept

    @property
    def words(self) -> str:
        """The schedule in a sentence."""
        return in_words(self.shown) if self.shown is not None else ""

    @property
    def state(self) -> State | None:
        """How the schedule stands now."""
        return state_of(self.shown, now=self.now, zone=self.zone) if self.shown is not None else None

    @property
    def next_change(self) -> str:
        """When that changes, by the clock of the zone."""
        with timezone.override(self.zone):
            return formats.moment(self.state.change) if self.state else ""


def is_period(text: str) -> bool:
    """Whether a hidden text is what the wizard wrote; what somebody else put there is left out."""
    try:
        return len(text) <= LONGEST and bool(rows_of(text))
    except PeriodError:
        return False
