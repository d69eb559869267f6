"""Whose a number in the log of calls is, in the words of the office: colleagues, lines, huntgroups."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import CharField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Concat, NullIf, Trim

from centrex.models import Did, Extension, Huntgroup, Line
from selfcare.models import Customer


@dataclass(frozen=True, slots=True)
class Known:
    """A number of the customer's own: the short number or "", the name or "", and the line that it rings, if one."""

    short: str
    name: str
    line_id: int | None = None

    def __str__(self) -> str:
        return f"{self.short} {self.name}".strip()


def names_of(customer: Customer | None, numbers: Collection[str] | None) -> dict[str, Known]:
    """Those of `numbers` (E.164 without plus, or short; None: all) that are the customer's, in four queries."""
    found = {
        number: Known(number, name)
        for number, name in Huntgroup.for_customer(customer)
        .filter(_among("number", numbers))
        .values_list("number", "name")
    }
    # Fields, not records: with their lines these would be the dearest part of the log's page.
    dids = Did.for_customer(customer).filter(_among("number", numbers))
    words = ("line__extension__number", "line__extension__name", "line__name")
    for number, city, pk, *rest in dids.values_list("number", "city", "line_id", *words):
        found[number] = of_line(pk, *rest) if pk else Known("", city)
    lines = Line.for_customer(customer).filter(_among("account_id", numbers))
    for number, *rest in lines.values_list("account_id", "pk", "extension__number", "extension__name", "name"):
        found[number] = of_line(*rest)
    either = _among("number", numbers) | _among("line__account_id", numbers)
    extensions = Extension.for_customer(customer).filter(either)
    for number, name, pk, line in extensions.values_list("number", "name", "line_id", "line__account_id"):
        found[number] = Known(number, name, pk)
        if line is not None:
            found[line] = found[number]
    return found


def _among(column: str, numbers: Collection[str] | None) -> Q:
    return Q() if numbers is None else Q(**{f"{column}__in": numbers})


def of_line(pk: int, extension: str | None, extension_name: str | None, name: str) -> Known:
    """A line by its extension, else by its own name."""
    return Known("", name, pk) if extension is None else Known(extension, extension_name or "", pk)


def is_own(customer: Customer | None, column: str) -> Q:
    """Whether the number in `column` is one of the customer's own."""
    own = (
        Line.for_customer(customer).values("account_id"),
        Did.for_customer(customer).values("number"),
        Extension.for_customer(customer).values("number"),
        Extension.for_customer(customer).filter(line__isnull=False).values("line__account_id"),
        Huntgroup.for_customer(customer).values("number"),
    )
    condition = Q()
    for numbers in own:
        condition |= Q(**{f"{column}__in": numbers})
    return condition


def name_of(customer: Customer | None, column: str) -> Coalesce:
    """The same words as of `names_of` for the number in `column`, by the database; empty for a stranger."""
    number = OuterRef(column)
    in_words = Trim(Concat("number", Value(" "), "name"))
    of_its_line = Trim(Concat("line__extension__number", Value(" "), "line__extension__name"))
    of_itself = Trim(Concat("extension__number", Value(" "), "extension__name"))
    extensions = Extension.for_customer(customer)
    ways = (
        extensions.filter(number=number).values_list(in_words),
        extensions.filter(line__account_id=number).values_list(in_words),
        Line.for_customer(customer)
        .filter(account_id=number)
        .values_list(Coalesce(NullIf(of_itself, Value("")), "name")),
        Did.for_customer(customer)
        .filter(number=number)
        .values_list(Coalesce(NullIf(of_its_line, Value("")), "line__name", "city")),
        Huntgroup.for_customer(customer).filter(number=number).values_list(in_words),
    )
    return Coalesce(*(Subquery(way[:1]) for way in ways), Value(""), output_field=CharField())
