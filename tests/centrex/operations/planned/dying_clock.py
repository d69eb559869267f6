"""The clock's job in a process that is killed at a chosen moment; run by `test_kill.py`.

Arguments: the database's settings as JSON, where to die, and what time it is.
"""

import json
import os
import signal
import sys
from datetime import datetime

import django


def die(*_args: object, **_kwargs: object) -> None:
    """As `kill -9` would: no handler runs, no transaction is ended politely."""
    os.kill(os.getpid(), signal.SIGKILL)


def main(database: str, place: str, now: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    os.environ["SELFCARE_TEST_DATABASE_URL"] = "postgres://nobody@127.0.0.1:1/none"
    django.setup()
    from django.db import connection  # noqa: PLC0415 - after the settings are chosen
    from django.utils import timezone  # noqa: PLC0415

    from centrex import tasks  # noqa: PLC0415
    from centrex.operations import forwarding  # noqa: PLC0415
    from centrex.operations.planned import begin_and_end  # noqa: PLC0415

    connection.settings_dict.update(json.loads(database))
    moment = datetime.fromisoformat(now)
    timezone.now = lambda: moment
    places = {
        "before the act": (begin_and_end, "written"),
        "in the middle of the act": (forwarding, "noted"),
        "before the state is kept": (begin_and_end, "close"),
    }
    if place in places:
        setattr(*places[place], die)
    tasks.apply_planned_changes()
    die()


if __name__ == "__main__":
    main(*sys.argv[1:])
