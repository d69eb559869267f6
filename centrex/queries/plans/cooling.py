"""New numbers of high risk of a plan that no call is sent to before a moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models.functions import JSONObject

from centrex.models import NewDestination
from selfcare.models import Customer

Place = NewDestination.Place
WAITING = JSONObject(
    place="place", line="line", huntgroup="huntgroup", number="number", counts_from="counts_from"
)  # what `cooling_of` reads of each, as one value


@dataclass(frozen=True, slots=True)
class Cooling:
    """From when on each number counts: those of lines and huntgroups by id, and what abbreviated numbers stand for."""

    lines: dict[int, dict[str, datetime]] = field(default_factory=lambda: defaultdict(dict))
    groups: dict[int, dict[str, datetime]] = field(default_factory=lambda: defaultdict(dict))
    codes: dict[str, datetime] = field(default_factory=dict)


def cooling_of(offices: Iterable[Customer]) -> Cooling:
    """The numbers that wait, of offices that `offices_of` has read; the last word about a number counts."""
    found = Cooling()
    for row in (row for office in offices for row in office.cooling):  # type: ignore[attr-defined]  # by offices_of
        counts_from = datetime.fromisoformat(row["counts_from"])
        match row["place"]:
            case Place.ABBREVIATED:
                found.codes[row["number"]] = counts_from
            case Place.HUNTGROUP:
                found.groups[row["huntgroup"]][row["number"]] = counts_from
            case _:
                found.lines[row["line"]][row["number"]] = counts_from
    return found
