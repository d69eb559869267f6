"""Whose a number is: lines, external numbers and extensions by what was dialled."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from centrex.models import Did, Extension, Line
from selfcare.models import Customer


@dataclass(frozen=True, slots=True)
class Owner:
    """The customer that a number belongs to, and the line it rings, if one."""

    customer_id: int
    line_id: int | None


def owners_of(numbers: Collection[str]) -> dict[str, Owner]:
    """The owners of those `numbers` (line IDs, E.164 without plus) that any customer has; two queries."""
    dids = Did.objects.filter(number__in=numbers, customer__isnull=False).values_list(
        "number", "customer_id", "line_id"
    )
    lines = Line.objects.filter(account_id__in=numbers).values_list("account_id", "customer_id", "pk")
    return {number: Owner(customer_id, line_id) for number, customer_id, line_id in [*dids, *lines]}


def extensions_of(customer: Customer) -> dict[str, Owner]:
    """Every extension that `customer` can dial, its office's whole number space, by its number."""
    found = Extension.objects.filter(customer=customer.office).values_list("number", "line__customer_id", "line_id")
    return {number: Owner(owner or customer.office.pk, line_id) for number, owner, line_id in found}
