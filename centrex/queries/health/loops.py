"""Calls that go round in a circle: by forwarding and by screening rules, at times that come together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from centrex.queries.health.finding import Finding, line_link
from centrex.queries.loops import circle_through, ways_in
from centrex.routing.plan import Plan
from selfcare import formats
from selfcare.models import Customer


def circles(customer: Customer, plan: Plan, now: datetime) -> Iterator[Finding]:
    """Each circle once, from the first of the customer's own lines in it."""
    ways = ways_in(plan)
    told: set[frozenset[int]] = set()
    for line in plan.lines.values():
        circle = circle_through(plan, line.id, ways, now) if line.customer == customer.pk else []
        if not circle or frozenset(circle) in told:
            continue
        told.add(frozenset(circle))
        names = " → ".join(plan.lines[each].extension or formats.phone(plan.lines[each].account_id) for each in circle)
        words = _("Calls are forwarded in a circle: %(names)s.") % {"names": names}
        page = ways[circle[0]][circle[1]][0].page
        yield Finding(words, line_link(line.id, names, page), tuple(circle), "id_forwarding")
