"""The filter of Call Logs: from when till when, over which line, with which number, recorded or missed."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.queries.calls import WantedCalls
from billing.queries.xdrs import find_line
from billing.rating.dialled import to_e164
from centrex.queries.lines import only_line
from selfcare.crud.days import SECOND, MomentField, midnight
from selfcare.crud.forms import FilterForm
from selfcare.models import Customer

USUAL = timedelta(days=31)
LONGEST = timedelta(days=400)
SHORTEST_PART = 2
TRUNK_ZERO = re.compile(r"\(0\)")  # as in +44 (0)20: dialled at home only


class CallsFilter(FilterForm):
    """Unbound, it stands for the last 31 days."""

    from_date = MomentField(label=_("From Date"))
    till_date = MomentField(label=_("Till Date"), end=True)
    line = forms.CharField(label=_("Line, extension or DID"), max_length=64)
    number = forms.CharField(
        label=_("Number"), max_length=40, widget=forms.TextInput(attrs={"placeholder": _("e.g. 020 7946")})
    )
    recorded = forms.BooleanField(label=_("Only recorded"))
    missed = forms.BooleanField(label=_("Only missed"))

    def __init__(self, data: Any, *, customer: Customer, now: datetime) -> None:
        self.customer = customer
        self.start, self.end = usual_time(now)
        initial = {"from_date": timezone.localtime(self.start), "till_date": timezone.localtime(self.end) - SECOND}
        super().__init__(data, initial=initial)

    def clean_line(self) -> Any:
        """The line that was meant, if one was."""
        text = self.cleaned_data["line"].strip()
        found = find_line(self.customer, text) if text else None
        if text and found is None:
            raise ValidationError(_("No line of yours has this ID, extension or number."))
        return found

    def clean_number(self) -> str:
        text = self.cleaned_data["number"].strip()
        if text and len(re.sub(r"\D", "", text, flags=re.ASCII)) < SHORTEST_PART:
            raise ValidationError(_("Enter at least two digits of the number."))
        return text

    def clean(self) -> dict[str, Any]:
        if self.errors:
            return self.cleaned_data
        wanted = self.wanted
        if wanted.start >= wanted.end:
            self.add_error("till_date", _("This is before the beginning."))
        elif wanted.end - wanted.start > LONGEST and not wanted.is_whole:
            self.add_error("from_date", _("Search at most 13 months at a time."))
        return self.cleaned_data

    @property
    def wanted(self) -> WantedCalls:
        """What a valid or unbound filter asks for; an empty end is today's, an empty beginning 31 days before it."""
        values = self.cleaned_data if self.is_bound else {}
        end = values.get("till_date") or max(self.end, (values.get("from_date") or self.start) + SECOND)
        number, line = values.get("number") or "", values.get("line") or only_line(self.customer)
        return WantedCalls(
            start=values.get("from_date") or min(self.start, end - USUAL),
            end=end,
            line=line,
            parts=parts_of(number, self.customer),
            numbers=numbers_of_extension(number, self.customer),
            recorded=bool(values.get("recorded")),
            missed=bool(values.get("missed")),
        )


def usual_time(now: datetime) -> tuple[datetime, datetime]:
    """Today and the 30 days before, from midnight to midnight where the reader is."""
    tomorrow = timezone.localtime(now).date() + timedelta(days=1)
    return midnight(tomorrow - USUAL), midnight(tomorrow)


def parts_of(typed: str, customer: Customer) -> tuple[str, ...]:
    """The digits to look for: as E.164 where `typed` is surely a whole number, else without zeros dialled before it."""
    digits = re.sub(r"\D", "", TRUNK_ZERO.sub("", typed), flags=re.ASCII)
    whole = to_e164(f"+{digits}" if typed.startswith("+") else digits, str(customer.country or ""))
    return tuple(filter(None, [whole or digits.lstrip("0") or digits]))


def numbers_of_extension(typed: str, customer: Customer) -> tuple[str, ...]:
    """The number of the line that has the extension `typed`: the switch may have written down either."""
    line = find_line(customer, typed) if typed.isascii() and typed.isdecimal() and len(typed) <= 6 else None
    return (line.account_id,) if line else ()
