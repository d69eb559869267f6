"""What a company's pages show besides its settings: how many of each thing there are, and examples of dialling."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from centrex.models import AbbreviatedNumber, Did, Extension, Huntgroup, Line
from selfcare.models import Customer


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of each thing a customer has; free lines have no extension."""

    lines: int
    free_lines: int
    extensions: int
    huntgroups: int
    external_numbers: int
    abbreviated: int


def counts_of(customer: Customer) -> Counts:
    """What `customer` has; abbreviated numbers are those of his office."""
    lines = Line.for_customer(customer)
    return Counts(
        lines=lines.count(),
        free_lines=lines.filter(extension=None).count(),
        extensions=Extension.for_customer(customer).count(),
        huntgroups=Huntgroup.for_customer(customer).count(),
        external_numbers=Did.for_customer(customer).count(),
        abbreviated=AbbreviatedNumber.for_customer(customer.office).count(),
    )


@dataclass(frozen=True, slots=True)
class PickupExamples:
    """Who could pick up a call: huntgroups that allow it, those that do not, an extension with its primary group."""

    groups: list[Huntgroup]
    refusing: list[Huntgroup]
    extension: Extension | None


def pickup_examples(customer: Customer) -> PickupExamples:
    """Up to three huntgroups of each kind that `customer` has, and one member whose primary group allows pickup."""
    filled = Huntgroup.for_customer(customer).filter(members__isnull=False).distinct().order_by("number")
    allows = Q(primary_group__pickup_allowed=True)
    members = Extension.for_customer(customer).filter(allows).select_related("primary_group").order_by("number")
    return PickupExamples(
        groups=list(filled.filter(pickup_allowed=True)[:3]),
        refusing=list(filled.filter(pickup_allowed=False)[:3]),
        extension=members.first(),
    )


def extension_to_park_at(customer: Customer) -> Extension | None:
    """An extension of `customer` for an example of parking, if there is one."""
    extension: Extension | None = Extension.for_customer(customer).order_by("number").first()
    return extension
