"""Phone lines as other records see them, and how they do."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, Q, QuerySet, Value
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from centrex.models import Line
from selfcare import formats
from selfcare.models import Customer


def lines_of_office(office: Customer) -> QuerySet[Line]:
    """The lines of the main office and of all its branch offices, each with its owner."""
    lines: QuerySet[Line] = Line.objects.filter(Q(customer=office) | Q(customer__main_office=office))
    return lines.select_related("customer")


def first_line(customer: Customer | None) -> Line | None:
    """A line to show something with: the first that has an extension, else the first."""
    line: Line | None = Line.for_customer(customer).order_by("extension__number", "account_id").first()
    return line


def two_colleagues(customer: Customer) -> tuple[Line | None, str]:
    """A line to call from, and the extension of another one; empty where there is none."""
    line = first_line(customer)
    others = Line.for_customer(customer).exclude(extension=None).exclude(pk=line.pk if line else None)
    number: str | None = others.order_by("extension__number").values_list("extension__number", flat=True).first()
    return line, number or ""


def only_line(customer: Customer) -> Line | None:
    """The only line that this request's user sees; None where he sees them all."""
    line: Line | None = None if customer.only_line is None else Line.for_customer(customer).first()
    return line


def lines_to_assign(office: Customer, extension: int | None) -> QuerySet[Line]:
    """The lines that have no extension yet, and the one that `extension` (an id) has."""
    free = Q(extension=None)
    return lines_of_office(office).filter(free if extension is None else free | Q(extension=extension))


def with_state(lines: QuerySet[Line], *, now: datetime) -> QuerySet[Line]:
    """The lines with `idle`, the time since their last call (None: never used), and `registered`, whether they are now.

    Put in order by `idle`, a line that was never used counts as idle for the longest time.
    """
    idle = ExpressionWrapper(Value(now, DateTimeField()) - F("last_used_at"), DurationField())
    # A null is neither true nor false to the database; a line that never registered is not registered.
    registered = Q(registered_until__isnull=False, registered_until__gt=now)
    return lines.annotate(idle=idle, registered=registered)


def idle_in_words(idle: timedelta | None) -> str:
    """How long a line was not used, in whole days: "never used" for None."""
    if idle is None:
        return _("Never used")
    if idle.days < 1:
        return _("Under a day")
    return ngettext("%(number)s day", "%(number)s days", idle.days) % {"number": formats.number(idle.days)}
