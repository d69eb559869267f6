"""The demo's planned change: over the coming weekend Grace's calls go to the reception."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone

from centrex.models import Extension, PlannedChange
from centrex.operations.forwarding import Wanted, set_forwarding
from centrex.operations.planned.parts import PARTS
from centrex.operations.planned.planning import plan_change
from centrex.routing.clock import moment_of
from selfcare.demo.people import People

FRIDAY = 4


def plan_weekend(people: People, *, now: datetime) -> PlannedChange:
    """Friday 18:00 until Monday 08:00, by the company's clock; by the act of the page Forwarding."""
    line = Extension.for_customer(people.easycall).get(number="207").line
    zone = people.easycall.zone
    today = now.astimezone(zone).date()
    friday = today + timedelta(days=(FRIDAY - today.weekday()) % 7 or 7)
    with timezone.override(zone):  # as in a request of the company's, so that the history has its times
        return plan_change(
            user=people.alice,
            part=PARTS["forwarding"],
            record=line,
            starts_at=moment_of(datetime.combine(friday, time(18)), zone),
            ends_at=moment_of(datetime.combine(friday + timedelta(days=3), time(8)), zone, last=True),
            act=lambda: set_forwarding(
                user=people.alice,
                line=line,
                version=None,
                wanted=Wanted("simple", to="210"),
                confirmed=False,
                now=now,
            ),
            labels={},
            confirmed=False,
            now=now,
        )
