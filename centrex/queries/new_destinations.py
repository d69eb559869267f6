"""New costly numbers that are not in use yet, and those that were taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from centrex.models import Huntgroup, Line, NewDestination
from selfcare.models import Customer

Place = NewDestination.Place


@dataclass(frozen=True, slots=True)
class Home:
    """Where a place is changed: the `page` whose rights hold, the url name, which record it is about, the notice."""

    page: str
    address: str
    record: str
    notice: str = "forwarding_abroad"


HOMES = {
    Place.FORWARDING: Home("centrex:lines", "centrex:line-forwarding", "line"),
    Place.SCREENING: Home("centrex:lines", "centrex:line-screening", "line"),
    Place.HUNTGROUP: Home("centrex:huntgroups", "centrex:huntgroup-hours", "huntgroup"),
    Place.ABBREVIATED: Home("centrex:abbreviated", "centrex:abbreviated-edit", "abbreviated", "abbreviated_abroad"),
}


def address_of(row: NewDestination) -> str:
    """The path of the form in which the number stands."""
    home = HOMES[Place(row.place)]
    return reverse(home.address, args=[getattr(row, f"{home.record}_id")])


def waiting_of(customer: Customer, *, now: datetime) -> list[NewDestination]:
    """Those of a customer, the last word about a number of each sender."""
    rows = NewDestination.for_customer(customer).filter(taken_back_at=None).waiting(now).order_by("made_at")
    found = rows.select_related("line", "huntgroup", "abbreviated")
    return list({(row.place, row.sender, row.number): row for row in found}.values())


def cooling_on(line: Line, place: NewDestination.Place, *, now: datetime) -> list[NewDestination]:
    """Those of a line on one of its pages, the last to come into use first."""
    rows = NewDestination.for_customer(line.customer).filter(line=line, place=place, taken_back_at=None)
    return list(rows.waiting(now).order_by("-counts_from"))


def cooling_of_group(group: Huntgroup, *, now: datetime) -> list[NewDestination]:
    """Those that a huntgroup sends calls to outside its opening hours."""
    rows = NewDestination.for_customer(group.customer).filter(huntgroup=group, number=group.closed_number)
    return list(rows.filter(taken_back_at=None).waiting(now).order_by("-counts_from")[:1])


def cooling_codes(office: Customer, *, now: datetime) -> list[NewDestination]:
    """Those that abbreviated numbers of a main office stand for."""
    rows = NewDestination.for_customer(office).filter(place=Place.ABBREVIATED, taken_back_at=None)
    return list(rows.waiting(now).order_by("-counts_from"))


def taken_back_on(line: Line, place: NewDestination.Place) -> set[str]:
    """The numbers of a line that an owner took back by the link of the last notice about them."""
    rows = NewDestination.for_customer(line.customer).filter(line=line, place=place).order_by("pk")
    last = dict(rows.values_list("number", "taken_back_at"))
    return {number for number, taken_back_at in last.items() if taken_back_at is not None}
