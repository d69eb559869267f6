"""Servers for tests. PostgreSQL is started by `tests.settings`; a real Redis only for who asks for it."""

import os
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.db import OperationalError, connection

from selfcare.celery import app
from selfcare.embedded import redis, var_dir
from tests.tools import require

LEFT_OVER = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@pytest.fixture(scope="session", autouse=True)
def _nobody_left_in_the_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Before the test database is dropped, shows threads of a live server out that outlived their browser."""
    yield
    with django_db_blocker.unblock():
        connection.close()  # the last test may have left one that is broken
        connection.settings_dict["OPTIONS"]["options"] = ""  # the drop may take longer than a page may ask
        # A courtesy only: whatever a test wanted to prove is proven by now, and the drop has its own error.
        with suppress(OperationalError), connection.cursor() as cursor:
            cursor.execute(LEFT_OVER)


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """A Redis of this test process alone; its address for Celery."""
    require("redis")
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    with redis.running(var_dir() / f"redis-{worker}") as address:
        yield address


@pytest.fixture
def broker(redis_server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The portal's tasks go through a real Redis, for this test; its address."""
    monkeypatch.setattr(app.conf, "broker_url", redis_server)
    monkeypatch.setattr(app.conf, "broker_write_url", redis_server)
    monkeypatch.setattr(app.conf, "broker_read_url", redis_server)
    return redis_server


@pytest.fixture
def eager_tasks() -> Iterator[None]:
    """A task runs where it is asked for, and its error is the caller's."""
    app.conf.task_always_eager = app.conf.task_eager_propagates = True
    yield
    app.conf.task_always_eager = app.conf.task_eager_propagates = False
