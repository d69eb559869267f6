"""Abbreviated numbers as their pages show them: with the line that each one dials."""

from __future__ import annotations

from django.db.models import OuterRef, QuerySet, Subquery

from centrex.models import AbbreviatedNumber
from centrex.queries.lines import lines_of_office
from selfcare.models import Customer

OFFERED_LINES = 500


def with_lines(office: Customer) -> QuerySet[AbbreviatedNumber]:
    """The office's abbreviated numbers; `line_id`, `line_name` and `line_owner` are those of the line dialled."""
    line = lines_of_office(office).filter(account_id=OuterRef("target"))
    numbers: QuerySet[AbbreviatedNumber] = AbbreviatedNumber.for_customer(office)
    return numbers.annotate(
        line_id=Subquery(line.values("pk")[:1]),
        line_name=Subquery(line.values("name")[:1]),
        line_owner=Subquery(line.values("customer")[:1]),
    )


def lines_to_offer(office: Customer) -> list[tuple[str, str]]:
    """The office's lines as (ID, extension and name), for a list to choose from; no more than a browser likes."""
    lines = lines_of_office(office).select_related("extension").order_by("extension__number", "account_id")
    return [
        (line.account_id, " ".join(filter(None, [str(getattr(line, "extension", "")), line.name])))
        for line in lines[:OFFERED_LINES]
    ]
