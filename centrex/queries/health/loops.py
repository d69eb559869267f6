"""Calls that go round in a circle: by forwarding and by screening rules, at times that come together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from django.utils.translation import gettext as _

from centrex.models import Line
from centrex.queries.health.finding import Finding, line_link
from centrex.routing.features import Answering
from centrex.routing.nesting import find_circle
from centrex.routing.plan import ALWAYS, Plan, ScreeningRule, TimeFilter
from centrex.routing.plan import Line as PlannedLine
from centrex.routing.schedule import Period, is_active, is_open
from selfcare import formats
from selfcare.models import Customer

DIALS = (Line.Forwarding.FOLLOW_ME, Line.Forwarding.ADVANCED, Line.Forwarding.SIMPLE)
HALF_HOURS = 7 * 24 * 2  # a week: what holds at no half hour of it is no circle that anybody would meet


@dataclass(frozen=True, slots=True)
class Way:
    """A line sends calls on to another one while its rule's times and the number's own period hold."""

    page: str
    period: Period = ALWAYS
    times: TimeFilter | None = None

    def is_open(self, line: PlannedLine, moment: datetime) -> bool:
        local = moment.astimezone(line.zone)
        in_times = self.times is None or is_open(self.times.period, self.times.days, local)
        return in_times and is_active(self.period, local)


def circles(customer: Customer, plan: Plan, now: datetime) -> Iterator[Finding]:
    """Each circle once, from the first of the customer's own lines in it."""
    ways = {line.id: ways_of(plan, line) for line in plan.lines.values()}
    week = [now + timedelta(minutes=30 * step) for step in range(HALF_HOURS)]
    leads = {
        line: [other for other in found if ways_open(plan, line, found[other], week)] for line, found in ways.items()
    }
    told: set[frozenset[int]] = set()
    for line in plan.lines.values():
        circle = find_circle(line.id, leads) if line.customer == customer.pk else []
        if not circle or frozenset(circle) in told or not meet(plan, circle, ways, week):
            continue
        told.add(frozenset(circle))
        names = " → ".join(plan.lines[each].extension or formats.phone(plan.lines[each].account_id) for each in circle)
        words = _("Calls are forwarded in a circle: %(names)s.") % {"names": names}
        page = ways[circle[0]][circle[1]][0].page
        yield Finding(words, line_link(line.id, names, page), tuple(circle), "id_forwarding")


def ways_of(plan: Plan, line: PlannedLine) -> dict[int, list[Way]]:
    """The lines that a line sends calls on to, each with the ways there."""
    found: dict[int, list[Way]] = defaultdict(list)
    rules = [rule for rule in line.screening if rule.enabled]
    for rule in rules:
        other = plan.line_at(rule.action.number) if rule.action.number else None
        if other is not None:
            found[other.id].append(Way("centrex:line-screening", times=rule.times))
    if line.forwarding.mode in DIALS:
        for entry in line.forwarding.numbers:
            other = plan.line_at(entry.number) if entry.enabled else None
            if other is not None:
                found[other.id] += [
                    Way("centrex:line-forwarding", entry.period, times) for times in forwards(line, rules)
                ]
    return found


def forwards(line: PlannedLine, rules: Iterable[ScreeningRule]) -> Iterator[TimeFilter | None]:
    """When the line forwards: by default, or by the rules that say so."""
    if line.feature(Answering).values.forward:
        yield None
    yield from (rule.times for rule in rules if rule.action.forward)


def ways_open(plan: Plan, line: int, ways: Iterable[Way], week: Iterable[datetime]) -> bool:
    """Whether one of the ways from a line is open at one of the moments."""
    return any(way.is_open(plan.lines[line], moment) for way in ways for moment in week)


def meet(plan: Plan, circle: list[int], ways: dict[int, dict[int, list[Way]]], week: Iterable[datetime]) -> bool:
    """Whether all of a circle is open at the same moment."""
    return any(
        all(ways_open(plan, one, ways[one][other], (moment,)) for one, other in pairwise(circle)) for moment in week
    )
