"""What is missing for calls for help, and which expensive numbers are about to be used."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from centrex.models import Line, NewDestination
from centrex.queries.emergency import without_address
from centrex.queries.health.finding import Finding, line_link
from centrex.queries.new_destinations import HOMES, waiting_of
from selfcare import formats
from selfcare.errors import Link
from selfcare.models import Customer

Place = NewDestination.Place
SENDS: dict[str, Promise] = {
    Place.FORWARDING: gettext_lazy("Line %(sender)s forwards to %(number)s from %(when)s on."),
    Place.SCREENING: gettext_lazy("Line %(sender)s forwards to %(number)s from %(when)s on."),
    Place.HUNTGROUP: gettext_lazy("Huntgroup %(sender)s sends calls to %(number)s from %(when)s on."),
    Place.ABBREVIATED: gettext_lazy("The abbreviated number %(sender)s dials %(number)s from %(when)s on."),
}


def without_help(customer: Customer) -> Iterator[Finding]:
    """Lines for which no emergency address is in force."""
    for row in without_address(Line.for_customer(customer)).order_by("account_id"):
        words = _("Line %(line)s has no emergency address in force.") % {"line": row}
        yield Finding(words, line_link(row.pk, str(row), "centrex:line-emergency"), (row.pk,), "id_caller_name")


def not_in_use_yet(customer: Customer, now: datetime) -> Iterator[Finding]:
    """New numbers of high risk that calls will be sent to in a while."""
    for row in waiting_of(customer, now=now):
        home, name = HOMES[NewDestination.Place(row.place)], str(row.sender)
        facts = {"sender": name, "number": formats.phone(row.number), "when": formats.moment(row.counts_from)}
        link = Link(name, home.page, home.address, (getattr(row, f"{home.record}_id"),))
        yield Finding(str(SENDS[row.place]) % facts, link, (row.pk,))
