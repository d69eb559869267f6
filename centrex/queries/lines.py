"""Phone lines as other records see them."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from centrex.models import Line
from selfcare.models import Customer


def lines_of_office(office: Customer) -> QuerySet[Line]:
    """The lines of the main office and of all its branch offices, each with its owner."""
    lines: QuerySet[Line] = Line.objects.filter(Q(customer=office) | Q(customer__main_office=office))
    return lines.select_related("customer")


def lines_to_assign(office: Customer, extension: int | None) -> QuerySet[Line]:
    """The lines that have no extension yet, and the one that `extension` (an id) has."""
    free = Q(extension=None)
    return lines_of_office(office).filter(free if extension is None else free | Q(extension=extension))
