"""The number space as it would be when all rows of a file are carried out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache

from django.utils.translation import gettext as _

from centrex.models import DialCode
from centrex.operations import numbers
from centrex.queries.numbers import emergency_numbers_of, meaning_of
from centrex.routing.prefix_free import Codes
from selfcare.models import Customer


class NumberSpace:
    """The office's codes without those that are `freed`, and with those that rows (by their number) want."""

    def __init__(self, office: Customer, *, freed: Collection[str], wanted: Mapping[int, str]) -> None:
        taken = DialCode.objects.filter(customer=office).exclude(code__in=freed)
        self.taken = {code.code: code for code in taken}
        self.wanted: dict[str, list[int]] = {}
        for place, code in wanted.items():
            self.wanted.setdefault(code, []).append(place)
        self.emergency = emergency_numbers_of(office)
        self.codes = Codes([*self.taken, *(code for code in wanted.values() if code)])
        self.meaning = cache(lambda code: meaning_of(office, self.taken[code]))

    def why_not(self, place: int, code: str) -> str | None:
        """Why the row `place` cannot have `code`, in one sentence."""
        clash = self.codes.clash(code) if code else None
        if clash is None:
            return numbers.why_no_emergency(code, self.emergency) if code else None
        if clash in self.taken:
            return numbers.why_not(code, clash, self.meaning(clash), kind=self.taken[clash].kind)
        other = next(each for each in self.wanted[clash] if each != place)
        meaning = _("row %(row)s of this file") % {"row": other}
        return numbers.why_not(code, clash, meaning, kind=DialCode.Kind.EXTENSION)
