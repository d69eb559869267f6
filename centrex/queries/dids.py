"""The stock of external numbers as one customer may buy from it, and what he has chosen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet
from django_countries import countries as all_countries

from centrex.models import Did, Line
from selfcare.models import Customer


@dataclass(frozen=True, slots=True)
class Place:
    """A country (ISO 3166 code) or a city with so many numbers that the customer may buy."""

    code: str
    name: str
    free: int


def for_sale(customer: Customer | None, *, now: datetime) -> QuerySet[Did]:
    """The numbers that `customer` may buy; what others have reserved or own is not among them."""
    numbers: QuerySet[Did] = Did.objects.offered_to(customer, now=now)
    return numbers


def countries(customer: Customer | None, *, now: datetime) -> list[Place]:
    """The countries with numbers for `customer`, by name; one query."""
    counted = _counted(for_sale(customer, now=now), "country")
    return sorted((Place(code, all_countries.name(code), free) for code, free in counted), key=lambda place: place.name)


def cities(customer: Customer | None, country: str, *, now: datetime) -> list[Place]:
    """The cities of a country with numbers for `customer`, by name; a number without a city has the empty name."""
    counted = _counted(for_sale(customer, now=now).filter(country=country), "city")
    return sorted((Place(city, city, free) for city, free in counted), key=lambda place: place.name)


def reserved(customer: Customer | None, *, now: datetime) -> QuerySet[Did]:
    """What `customer` has reserved and may still buy, the first to run out first."""
    numbers: QuerySet[Did] = Did.objects.reserved_by(customer, now=now)
    return numbers.order_by("reserved_until", "number")


def chosen(customer: Customer, did_id: int) -> Did | None:
    """A number that was reserved for `customer`, even if the time is over, as long as nobody else has it."""
    did: Did | None = Did.objects.filter(pk=did_id, reserved_for=customer).first()
    return did


def numbers_of(line: Line) -> QuerySet[Did]:
    """The external numbers that ring `line`."""
    numbers: QuerySet[Did] = Did.objects.filter(line=line)
    return numbers.order_by("number")


def unassigned(customer: Customer | None) -> QuerySet[Did]:
    """The external numbers of `customer` that ring no line."""
    numbers: QuerySet[Did] = Did.for_customer(customer).filter(line=None)
    return numbers.order_by("number")


def _counted(numbers: QuerySet[Did], field: str) -> Iterable[tuple[Any, int]]:
    return numbers.order_by().values_list(field).annotate(free=Count("pk"))
