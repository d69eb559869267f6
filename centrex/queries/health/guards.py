"""What is missing for calls for help, and which expensive numbers are about to be used."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from centrex.models import Line
from centrex.queries.emergency import without_address
from centrex.queries.health.finding import Finding, line_link
from centrex.routing.plan import Plan
from selfcare import formats
from selfcare.models import Customer


def without_help(customer: Customer) -> Iterator[Finding]:
    """Lines for which no emergency address is in force."""
    for row in without_address(Line.for_customer(customer)).order_by("account_id"):
        words = _("Line %(line)s has no emergency address in force.") % {"line": row}
        yield Finding(words, line_link(row.pk, str(row), "centrex:line-emergency"), (row.pk,), "id_caller_name")


def not_in_use_yet(customer: Customer, plan: Plan, now: datetime) -> Iterator[Finding]:
    """New numbers of high risk that forwarding uses in a while."""
    for line in plan.lines.values():
        for number, starts in line.cooling.items():
            if line.customer == customer.pk and starts > now:
                facts = {"line": line.record.name, "number": formats.phone(number), "when": formats.moment(starts)}
                words = _("Line %(line)s forwards to %(number)s from %(when)s on.") % facts
                yield Finding(words, line_link(line.id, line.record.name, "centrex:line-forwarding"), (line.id,))
