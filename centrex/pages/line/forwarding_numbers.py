"""The list of numbers of a line's forwarding, as rows of a form: each with its own ring schedule."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from centrex.models import ForwardNumber, Line, SipProxy
from centrex.models.line_rules import Transport
from centrex.operations.forwarding import LONGEST_RING, MOST_NUMBERS, SHORTEST_RING, Number
from centrex.pages import period
from centrex.pages.order import swapped
from centrex.queries.names import Known
from centrex.routing.dialing.rules import is_e164
from selfcare import formats

USUAL = {"enabled": "on", "ring_seconds": "20", "display": "caller", "transport": "udp", "when": "always"}
KEY = re.compile(r"[0-9]{1,18}|new[0-9]{1,4}")


def carried_out(typed: QueryDict) -> QueryDict:
    """What was typed, with the pressed button (`do`) carried out; Save includes the periods that are still typed."""
    act, _colon, rest = typed.get("do", "save").partition(":")
    key, _colon, place = rest.partition(":")
    data = typed.copy()
    keys = keys_of(data)
    if act in ("up", "down") and key in keys:
        data.setlist("number", swapped(keys, key, -1 if act == "up" else 1))
    elif act == "remove":
        data.setlist("number", [each for each in keys if each != key])
    elif act == "add" and len(keys) < MOST_NUMBERS:
        add(data, keys)
    elif act in period.ACTS and key in keys:
        for each in keys:
            if each != key:
                period.carried_out(data, prefix_of(each))  # their wizards close
        data["open"] = "" if act == "always" or (act == "finish" and finished(data, key)) else key
        period.carried_out(data, prefix_of(key), act, place)
    elif act == "save":
        for each in keys:
            period.carried_out(data, prefix_of(each))
    return data


def add(data: QueryDict, keys: list[str]) -> None:
    """A new row at the end, with what is usual."""
    key = next(f"new{count}" for count in range(1, MOST_NUMBERS + 2) if f"new{count}" not in keys)
    data.setlist("number", [*keys, key])
    for name in [name for name in data if name.startswith(f"{prefix_of(key)}-")]:
        del data[name]  # what is left of a removed row of this key
    for name, value in USUAL.items():
        data[f"{prefix_of(key)}-{name}"] = value


def finished(data: QueryDict, key: str) -> bool:
    """Whether nothing is wrong with the period that is still typed, so that the wizard may close."""
    return period.NewPeriod(data, prefix=prefix_of(key)).is_valid()


def keys_of(data: QueryDict) -> list[str]:
    """The rows in their order: ids of kept ones, "new1" and so on; whatever else was sent is left out."""
    return [key for key in dict.fromkeys(data.getlist("number")) if KEY.fullmatch(key)][:MOST_NUMBERS]


def prefix_of(key: str) -> str:
    return f"number-{key}"


class NumberRow(forms.Form):
    """One number of the list; `period` is its ring schedule."""

    enabled = forms.BooleanField(label=_("Enable Rule"), required=False)
    description = forms.CharField(label=_("Description"), max_length=60, required=False)
    number = forms.CharField(
        label=_("Number"),
        max_length=64,
        help_text=_("As you would dial it from this phone, or an extension. Example: 212 555 0123, or 202"),
    )
    ring_seconds = forms.IntegerField(
        label=_("Ring for"), min_value=SHORTEST_RING, max_value=LONGEST_RING, help_text=_("Seconds.")
    )
    display = forms.ChoiceField(
        label=_("Calling Party Display"),
        choices=ForwardNumber.Display.choices,
        help_text=_("Whom the display of the other phone shows."),
    )
    must_accept = forms.BooleanField(
        label=_("Answer counts after pressing a key"),
        required=False,
        help_text=_("So that the voicemail of a mobile phone does not take the call."),
    )
    proxy = forms.ChoiceField(
        label=_("SIP Proxy"), required=False, help_text=_("The server that the call goes by; usually none.")
    )
    keep_cld = forms.BooleanField(
        label=_("Keep Original CLD"),
        required=False,
        help_text=_("The other system is told the number that was called first, not its own."),
    )
    transport = forms.ChoiceField(label=_("Transport Protocol"), choices=Transport.choices, required=False)

    def __init__(
        self,
        data: QueryDict | None,
        *,
        key: str,
        kept: ForwardNumber | None,
        line: Line,
        proxies: Mapping[str, SipProxy],
        now: datetime,
    ) -> None:
        super().__init__(data, prefix=prefix_of(key), initial=initial_of(kept) if kept else {})
        self.key, self.kept, self.proxies = key, kept, proxies
        self.fields["proxy"].choices = [("", _("None")), *((key, str(each)) for key, each in proxies.items())]
        self.period = period.PeriodForm(
            data, prefix=prefix_of(key), kept=kept.period if kept else "", now=now, zone=line.customer.zone
        )
        self.up, self.down, self.open = f"up:{key}", f"down:{key}", f"open:{key}"
        self.known: Known | None = None  # whose number it is, as long as it is the kept one

    def is_valid(self) -> bool:
        period_valid = self.period.is_valid()
        return super().is_valid() and period_valid

    @property
    def is_as_kept(self) -> bool:
        return self.kept is not None and self["number"].value() == self.initial["number"]

    @property
    def name(self) -> str:
        """What the row is called in an announcement or an error."""
        typed = self["number"].value() or _("New number")
        description = self["description"].value()
        return f"{typed} {description}" if description else str(typed)

    def wanted(self) -> Number:
        """The row as the act takes it."""
        values = self.cleaned_data
        return Number(
            number=values["number"],
            id=self.kept.pk if self.kept else None,
            enabled=values["enabled"],
            description=values["description"],
            ring_seconds=values["ring_seconds"],
            display=values["display"],
            period=self.period.period(),
            must_accept=values["must_accept"],
            proxy=self.proxies.get(values["proxy"]),
            keep_cld=values["keep_cld"],
            transport=values["transport"] or Transport.UDP,
        )


def initial_of(row: ForwardNumber) -> dict[str, Any]:
    """A kept number as the form shows it."""
    names = ("enabled", "description", "ring_seconds", "display", "must_accept", "keep_cld", "transport")
    shown = {name: getattr(row, name) for name in names}
    return shown | {"number": to_type(row.number), "proxy": str(row.proxy_id or "")}


def to_type(number: str) -> str:
    """A kept number such that typing it again means the same whatever the dialing rules: E.164 with its plus."""
    return "+" + formats.phone(number).removeprefix("+") if is_e164(number) else number
