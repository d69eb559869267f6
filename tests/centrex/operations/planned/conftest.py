"""A weekend: Friday 18:00 until Monday 08:00 in New York."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from centrex.models import Extension, Line, PlannedChange
from centrex.operations.features import save_feature
from centrex.operations.forwarding import Wanted, set_forwarding
from centrex.operations.planned.parts import PARTS
from centrex.operations.planned.planning import plan_change
from centrex.routing.features import Answering
from tests.factories import ExtensionFactory, LineFactory

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
FRIDAY, MONDAY = datetime(2026, 11, 27, 23, tzinfo=UTC), datetime(2026, 11, 30, 13, tzinfo=UTC)


@pytest.fixture
def line(easycall) -> Line:
    return LineFactory(customer=easycall)


@pytest.fixture
def stand_in(easycall) -> Extension:
    return ExtensionFactory(customer=easycall, number="205", line=LineFactory(customer=easycall))


@pytest.fixture
def forward(alice, stand_in) -> Callable[..., None]:
    """Alice's act of the page Forwarding."""

    def done(line: Line, to: str = "205", mode: str = "simple", *, confirmed: bool = False) -> None:
        wanted = Wanted(mode, to=to)
        fresh = Line.objects.get(pk=line.pk)
        set_forwarding(user=alice, line=fresh, version=None, wanted=wanted, confirmed=confirmed, now=NOW)

    return done


@pytest.fixture
def answer(alice) -> Callable[..., None]:
    """Alice's act of the page Incoming Calls."""

    def done(line: Line, **values: Any) -> None:
        labels = {"ring_seconds": "Ring for, sec"}
        fresh = Line.objects.get(pk=line.pk)
        save_feature(user=alice, line=fresh, version=None, values=Answering(**values), enabled=True, labels=labels)

    return done


@pytest.fixture
def plan(alice) -> Callable[..., PlannedChange]:
    def planned(part: str, record: Any, act: Callable[[], object], **times: Any) -> PlannedChange:
        usual = {"starts_at": FRIDAY, "ends_at": MONDAY, "labels": {}, "confirmed": False, "now": NOW}
        return plan_change(user=alice, part=PARTS[part], record=record, act=act, **(usual | times))

    return planned


@pytest.fixture
def forwarding_planned(plan, forward, line) -> PlannedChange:
    return plan("forwarding", line, lambda: forward(line))
