"""Ways by which lines send calls on to each other, and circles of them at times that come together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from centrex.models import Line
from centrex.routing.features import Answering
from centrex.routing.nesting import find_circle
from centrex.routing.plan import ALWAYS, Plan, ScreeningRule, TimeFilter
from centrex.routing.plan import Line as PlannedLine
from centrex.routing.schedule import Period, is_active, is_open

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


Ways = Mapping[int, Mapping[int, list[Way]]]  # from which line to which


def ways_in(plan: Plan) -> dict[int, Mapping[int, list[Way]]]:
    """All ways of a plan."""
    return {line.id: ways_of(plan, line) for line in plan.lines.values()}


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


def circle_through(plan: Plan, line: int, ways: Ways, now: datetime) -> list[int]:
    """The lines of a circle from `line` back to it, all of it open at the same half hour of the coming week."""
    near = within_reach(line, ways)
    if not find_circle(line, {one: list(others) for one, others in near.items()}):
        return []
    for step in range(HALF_HOURS):
        moment = now + timedelta(minutes=30 * step)
        graph = {
            one: [
                other for other, found in others.items() if any(way.is_open(plan.lines[one], moment) for way in found)
            ]
            for one, others in near.items()
        }
        circle = find_circle(line, graph)
        if circle:
            return circle
    return []


def within_reach(line: int, ways: Ways) -> Ways:
    """The ways of those lines that a call to `line` may come to."""
    found: dict[int, Mapping[int, list[Way]]] = {}
    ahead = [line]
    while ahead:
        one = ahead.pop()
        if one not in found:
            found[one] = ways.get(one, {})
            ahead += found[one]
    return found
