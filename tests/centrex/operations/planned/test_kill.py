"""kill -9 between any two steps of the clock's job: the next one does it all, and once."""

import json
import signal
import subprocess
import sys

import pytest
from django.db import connection

from centrex.models import Line
from centrex.operations.planned.begin_and_end import apply_due
from centrex.queries.planned import forwarding_state
from selfcare.models import AuditEvent
from tests.centrex.operations.planned.conftest import FRIDAY, MONDAY

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PLACES = ["before the act", "in the middle of the act", "before the state is kept"]
AFTER = "after the state is kept"


def killed(place, now) -> None:
    needed = ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")
    database = json.dumps({name: connection.settings_dict[name] for name in needed})
    command = [sys.executable, "-m", "tests.centrex.operations.planned.dying_clock", database, place, now.isoformat()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)  # noqa: S603
    assert done.returncode == -signal.SIGKILL, done.stderr


def mode(line: Line) -> str:
    return forwarding_state(Line.objects.get(pk=line.pk))["mode"]


@pytest.mark.parametrize("place", [*PLACES, AFTER])
def test_killed_at_the_beginning_and_at_the_end(forwarding_planned, line, place):
    for moment, old, new, times in ((FRIDAY, "none", "simple", 1), (MONDAY, "simple", "none", 2)):
        killed(place, moment)
        assert mode(line) == (new if place == AFTER else old)
        assert apply_due(now=moment) == (0 if place == AFTER else 1)
        assert mode(line) == new
        assert AuditEvent.objects.of(line).count() == times
    forwarding_planned.refresh_from_db()
    assert forwarding_planned.state == "done"
