"""The filter of Transactions: from when till when, which service, whose, and whether failed ones count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing.queries.xdrs import Wanted, find_line, last_invoice_period, services
from centrex.models import Line
from selfcare.crud.days import SECOND, MomentField, midnight, month_of, months_later, span_query
from selfcare.crud.forms import FilterForm
from selfcare.models import Customer

ALL, CUSTOMER_ONLY, LINE = "all", "customer", "line"
MOST_MONTHS = 13


def the_line(customer: Customer, typed: str) -> Line:
    """The customer's line with this ID, extension or number; ValidationError where there is none."""
    text = typed.strip()
    found = find_line(customer, text) if text else None
    if found is None:
        raise ValidationError(_("No line of yours has this ID, extension or number.") if text else _("Which line?"))
    return found


@dataclass(frozen=True, slots=True)
class Preset:
    """A link that fills in a usual time."""

    label: Promise
    query: str


class TransactionsFilter(FilterForm):
    """Unbound, it stands for this month."""

    from_date = MomentField(label=_("From Date"))
    till_date = MomentField(label=_("Till Date"), end=True)
    service = forms.TypedChoiceField(label=_("Service"), coerce=int, empty_value=None)
    show = forms.ChoiceField(
        label=_("Show records for"),
        choices=[(ALL, _("Customer and credit accounts")), (CUSTOMER_ONLY, _("Customer only")), (LINE, _("One line"))],
    )
    line = forms.CharField(label=_("Line, extension or number"), max_length=64)
    failed = forms.BooleanField(label=_("Show Failed Transactions"))

    def __init__(self, data: Any, *, customer: Customer, now: datetime) -> None:
        self.customer, self.now = customer, now
        start, end = month_of(timezone.localtime(now).date())
        initial = {"from_date": timezone.localtime(start), "till_date": timezone.localtime(end) - SECOND}
        super().__init__(data, initial=initial)
        self.fields["service"].choices = lambda: [("", _("All")), *((one.pk, one.name) for one in services())]

    def clean_line(self) -> Any:
        """The line that was meant, if the choice before it is one line."""
        if self.cleaned_data.get("show") != LINE:
            return None
        return the_line(self.customer, self.cleaned_data["line"])

    def clean(self) -> dict[str, Any]:
        if {"from_date", "till_date"} & set(self.errors):
            return self.cleaned_data
        start, end = self.span
        if start >= end:
            self.add_error("till_date", _("This is before the beginning."))
        elif end > months_later(start, MOST_MONTHS):
            words = _("This is more than %(months)s months after the beginning. Choose a shorter time.")
            self.add_error("till_date", words % {"months": MOST_MONTHS})
        return self.cleaned_data

    @property
    def span(self) -> tuple[datetime, datetime]:
        """[from, till); without a beginning the month of the end, without an end up to the end of this month."""
        values = self.cleaned_data if self.is_bound else {}
        start, end = values.get("from_date"), values.get("till_date")
        if start is None:
            start, _end = month_of(timezone.localtime(end - SECOND if end else self.now).date())
        if end is None:
            _start, end = month_of(timezone.localtime(max(start, self.now)).date())
        return start, end

    @property
    def wanted(self) -> Wanted:
        """What a valid or unbound filter asks for."""
        values = self.cleaned_data if self.is_bound else {}
        start, end = self.span
        return Wanted(
            start=start,
            end=end,
            service_id=values.get("service"),
            customer_only=values.get("show") == CUSTOMER_ONLY,
            line=values.get("line"),
            failed=bool(values.get("failed")),
        )

    def query(self, **changes: Any) -> str:
        """The address' query that stands for this filter, with `changes`; the service is in the path of the details."""
        wanted = self.wanted
        show = LINE if wanted.line else CUSTOMER_ONLY if wanted.customer_only else ALL
        values = span_query(wanted.start, wanted.end) | {"show": show}
        if wanted.line:
            values["line"] = wanted.line.account_id
        if wanted.failed:
            values["failed"] = "on"
        return urlencode(values | changes)

    def presets(self) -> list[Preset]:
        """Today, this month, last month, the last invoice's period if there is one; the rest of the filter stays."""
        today = timezone.localtime(self.now).date()
        first = today.replace(day=1)
        spans = [
            (_("Today"), (midnight(today), midnight(today + timedelta(days=1)))),
            (_("This month"), month_of(today)),
            (_("Last month"), month_of(first - timedelta(days=1))),
            (_("Last invoice period"), last_invoice_period(self.customer)),
        ]
        kept = {"service": self.wanted.service_id} if self.is_bound and self.wanted.service_id else {}
        return [Preset(label, self.query(**span_query(*span), **kept)) for label, span in spans if span]

    def words(self) -> str:
        """The filter in a sentence's part: whose transactions, and with failed ones or not."""
        wanted = self.wanted
        whose = gettext("customer only") if wanted.customer_only else str(wanted.line) if wanted.line else ""
        failed = gettext("with failed transactions") if wanted.failed else ""
        return ", ".join(part for part in (whose, failed) if part)
