"""New costly numbers that are not in use yet."""

from __future__ import annotations

from datetime import datetime

from centrex.models import Line, NewDestination


def cooling_on(line: Line, place: NewDestination.Place, *, now: datetime) -> list[NewDestination]:
    """Those of a line on one of its pages, the last to come into use first."""
    rows = NewDestination.for_customer(line.customer).filter(line=line, place=place, taken_back_at=None)
    return list(rows.filter(counts_from__gt=now).order_by("-counts_from"))


def taken_back_on(line: Line, place: NewDestination.Place) -> set[str]:
    """The numbers of a line that an owner took back by the link of the last notice about them."""
    rows = NewDestination.for_customer(line.customer).filter(line=line, place=place).order_by("pk")
    last = dict(rows.values_list("number", "taken_back_at"))
    return {number for number, taken_back_at in last.items() if taken_back_at is not None}
