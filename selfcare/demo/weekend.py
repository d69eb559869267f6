"""The demo's planned changes: over a weekend Grace's calls go to the reception, and a rule of Alice's is off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta

from django.utils import timezone

from centrex.models import Extension, Line, PlannedChange
from centrex.operations.forwarding import Wanted, set_forwarding
from centrex.operations.planned.parts import PARTS
from centrex.operations.planned.planning import plan_change
from centrex.operations.screening import arrange_rules
from centrex.routing.clock import moment_of
from selfcare.demo.people import People

FRIDAY = 4


def plan_weekend(people: People, *, now: datetime) -> None:
    """Friday 18:00 until Monday 08:00, by the company's clock; done by the acts of the two pages."""
    grace = Extension.for_customer(people.easycall).get(number="207").line
    wanted = Wanted("simple", to="210")
    act = {"user": people.alice, "line": grace, "version": None, "confirmed": False, "now": now}
    planned(people, "forwarding", grace, lambda: set_forwarding(**act, wanted=wanted), now=now)
    alice = Extension.for_customer(people.easycall).get(number="201").line
    planned(people, "screening", alice, lambda: without_last_rule(people, alice, now=now), now=now)


def without_last_rule(people: People, line: Line, *, now: datetime) -> None:
    """The last of the line's rules is off."""
    order = list(line.screening_rules.order_by("position").values_list("pk", flat=True))
    arrange_rules(user=people.alice, line=line, version=None, order=order, enabled=set(order[:-1]), now=now)


def planned(people: People, part: str, line: Line, act: Callable[[], object], *, now: datetime) -> PlannedChange:
    zone = people.easycall.zone
    today = now.astimezone(zone).date()
    friday = today + timedelta(days=(FRIDAY - today.weekday()) % 7 or 7)
    with timezone.override(zone):  # as in a request of the company's, so that the history has its times
        return plan_change(
            user=people.alice,
            part=PARTS[part],
            record=line,
            starts_at=moment_of(datetime.combine(friday, time(18)), zone),
            ends_at=moment_of(datetime.combine(friday + timedelta(days=3), time(8)), zone, last=True),
            act=act,
            labels={},
            confirmed=False,
            now=now,
        )
