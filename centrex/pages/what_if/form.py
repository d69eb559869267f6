"""The call to try: who calls, what is dialled, and when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from centrex.models import Line
from centrex.pages.typed_number import without_separators
from centrex.routing.engine import Call
from selfcare import formats
from selfcare.models import Customer

OUTSIDE, HIDDEN = "outside", "hidden"
LONGEST_DIALLED = 64
TYPED = "%Y-%m-%dT%H:%M"  # as browsers send a date with a time


class WhatIfForm(forms.Form):
    """Bound to the address, so that a call that was tried can be kept as a link.

    In the panel of a page its fields are sent with that page's own form: `of_form` is the id of it.
    """

    caller = forms.ChoiceField(label=_("Who calls"))
    number = forms.CharField(
        label=_("The caller's number"),
        required=False,
        max_length=20,
        help_text=_("With the country code, such as +1 212 555 0150."),
    )
    dialled = forms.CharField(
        label=_("Dialled number"),
        max_length=LONGEST_DIALLED,
        help_text=_("As the caller dials it, such as 201; from outside your number with its country code."),
    )
    at = forms.DateTimeField(
        label=_("When"),
        required=False,
        input_formats=[TYPED, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=TYPED),
        help_text=_("Empty: now."),
    )

    def __init__(
        self,
        data: Any,
        *,
        customer: Customer,
        now: datetime,
        usual: Mapping[str, Any] | None = None,
        prefix: str | None = None,
        of_form: str = "",
    ) -> None:
        is_sent = bool(data) and (f"{prefix}-dialled" if prefix else "dialled") in data
        initial = {"at": now, "caller": first(data)} | dict(usual or {})
        auto_id = "id_%s" if usual is None or prefix else "id_try-%s"
        super().__init__(data if is_sent else None, initial=initial, prefix=prefix, auto_id=auto_id)
        self.now = now
        lines = Line.for_customer(customer).select_related("extension").order_by("account_id")
        self.fields["caller"].choices = [
            (gettext("From outside"), [(OUTSIDE, gettext("A number outside")), (HIDDEN, gettext("A hidden number"))]),
            (gettext("Your phone lines"), [(str(line.pk), caller_words(line)) for line in lines]),
        ]
        for name, field in self.fields.items():
            field.widget.attrs |= {"class": "form-select" if name == "caller" else "form-control"}
            if of_form:
                field.widget.attrs["form"] = of_form
        for name in ("number", "dialled"):
            self.fields[name].widget.attrs |= {"inputmode": "tel", "autocomplete": "off"}

    def clean_dialled(self) -> str:
        """What a phone sends: a person puts spaces and hyphens between the digits, a phone does not."""
        return without_separators(self.cleaned_data["dialled"])

    def clean_number(self) -> str:
        """Digits alone; the number counts for a caller from outside only."""
        return "".join(char for char in self.cleaned_data["number"] if char.isdigit())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("caller") == OUTSIDE and not cleaned.get("number") and "number" not in self.errors:
            self.add_error("number", _("Enter the number that calls, or choose a hidden number."))
        return cleaned

    @property
    def call(self) -> Call:
        """The call as the engine takes it."""
        caller, dialled = self.cleaned_data["caller"], self.cleaned_data["dialled"]
        if caller == HIDDEN:
            return Call(digits_of(dialled))
        if caller == OUTSIDE:
            return Call(digits_of(dialled), caller=self.cleaned_data["number"])
        return Call(dialled, line=int(caller))

    @property
    def moment(self) -> datetime:
        """When the call is made, UTC."""
        return self.cleaned_data["at"] or self.now


def first(data: Any) -> str:
    """The caller that the address names before anything was dialled."""
    return (data or {}).get("caller", "")


def caller_words(line: Line) -> str:
    """A line by its extension, else by its own number."""
    extension = getattr(line, "extension", None)
    return str(extension) if extension else f"{formats.phone(line.account_id)} {line.name}".strip()


def digits_of(dialled: str) -> str:
    """What a call from outside is for: the network has taken everything but the digits away."""
    return "".join(char for char in dialled if char.isdigit())
