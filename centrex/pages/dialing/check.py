"""The panel "Check yourself": what the system would dial for some numbers, by rules that need not be saved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from centrex.queries.codes import CODES
from centrex.queries.dialing_words import in_words
from centrex.queries.trace_words import sentence
from centrex.routing.codes import Asked, Service, service_of
from centrex.routing.dialing.dial import Internal, dial
from centrex.routing.dialing.reverse import reverse
from centrex.routing.dialing.rules import DialingRules, Dialled, Outcome
from centrex.routing.dialing.samples import ALL, Sample
from centrex.routing.engine import Trace
from selfcare import formats

PREFIX = "check"
LONGEST_TYPED = 80
FOR_ONE_CALL = (Service.HIDE_CLI, Service.SHOW_CLI)


@dataclass(frozen=True, slots=True)
class Answer:
    """What becomes of one number: in words, whether it leads anywhere, why, and how people here dial it."""

    typed: str
    result: str
    is_good: bool
    why: str
    dialled_here: str


class CheckForm(forms.Form):
    """The numbers to check; none of them is ever saved."""

    local = forms.CharField(label=gettext_lazy("A local number"))
    long_distance = forms.CharField(label=gettext_lazy("A long-distance number"))
    international = forms.CharField(label=gettext_lazy("An international number"))
    other = forms.CharField(label=gettext_lazy("Any other number"))

    def __init__(self, data: Mapping[str, str] | None, *, rules: DialingRules) -> None:
        typed = data if data and any(name.startswith(f"{PREFIX}-") for name in data) else None
        super().__init__(typed, prefix=PREFIX, initial=numbers_to_begin_with(rules))
        for field in self.fields.values():
            field.required = False
            field.widget.attrs |= {"class": "form-control", "inputmode": "tel", "autocomplete": "off"}

    @property
    def numbers(self) -> list[str]:
        """What is in the fields, from top to bottom, empty ones left out."""
        values = (self[name].value() for name in self.fields)
        return [value.strip()[:LONGEST_TYPED] for value in values if value and value.strip()]


def numbers_to_begin_with(rules: DialingRules) -> dict[str, str]:
    """Numbers that people of the rules' country would try, dialled as they are used to."""
    if not rules.enabled:
        return {"international": "12125550150"}
    sample: Sample | None = max(
        (sample for sample in ALL if sample.rules.country_code == rules.country_code),
        key=lambda sample: likeness(sample.rules, rules),
        default=None,
    )
    if sample is None:
        return {"international": "+12125550150"}
    numbers = {
        "local": next_door(rules, sample),
        "long_distance": sample.long_distance,
        "international": sample.international,
    }
    return {name: rules.outside + number for name, number in numbers.items() if number}


def next_door(rules: DialingRules, sample: Sample) -> str:
    """The sample's local number, with the office's own area code where that is always dialled."""
    if not rules.area_codes or not sample.local:
        return ""
    number = sample.local.removeprefix(sample.rules.area_codes[0]) if sample.rules.always_area else sample.local
    return rules.area_codes[0] + number if rules.always_area else number


def likeness(one: DialingRules, other: DialingRules) -> tuple[bool, bool]:
    """How much two offices of a country have in common; the greater, the more."""
    return (not set(one.area_codes).isdisjoint(other.area_codes), one.always_area == other.always_area)


def answers(
    rules: DialingRules, numbers: Iterable[str], internal: Internal, codes: Mapping[Service, str]
) -> list[Answer]:
    """What becomes of each number; `codes` are the service codes in use, which come before everything else."""
    return [
        answer(rules, number, internal)
        if (asked := service_of(number, codes)) is None
        else answer_to_code(rules, number, asked, internal)
        for number in numbers
    ]


def answer_to_code(rules: DialingRules, number: str, asked: Asked, internal: Internal) -> Answer:
    """What a service code does with the digits behind it; those behind a code for one call are an ordinary number."""
    why = sentence(Trace(f"called.service.{asked.service}", None, {"rest": asked.rest}), rules)
    if asked.service in FOR_ONE_CALL:
        return replace(answer(rules, asked.rest, internal), typed=number, why=why)
    facts = {"code": CODES[asked.service].words, "rest": formats.phone(asked.rest)}
    words = _("%(code)s, then %(rest)s") if asked.rest else _("%(code)s")
    return Answer(typed=number, result=words % facts, is_good=True, why=why, dialled_here="")


def answer(rules: DialingRules, number: str, internal: Internal) -> Answer:
    """What becomes of one number."""
    meant = dial(rules, number, internal)
    here = reverse(rules, meant.result, internal) if meant.outcome is Outcome.E164 else ""
    words = RESULTS[meant.outcome]
    return Answer(
        typed=number,
        result=words(meant),
        is_good=meant.outcome is not Outcome.INVALID,
        why=in_words(rules, meant),
        dialled_here=here,
    )


def unchanged(meant: Dialled) -> str:
    return _("%(number)s, unchanged") % {"number": meant.result}


def inside(meant: Dialled) -> str:
    return _("%(number)s, inside") % {"number": formats.phone(meant.result)}


RESULTS: dict[Outcome, Callable[[Dialled], str]] = {
    Outcome.E164: lambda meant: formats.phone(f"+{meant.result}"),
    Outcome.INTERNAL: inside,
    Outcome.UNCHANGED: unchanged,
    Outcome.INVALID: lambda meant: _("not recognised"),
}
