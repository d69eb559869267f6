"""Servers for tests. PostgreSQL is started by `tests.settings`; a real Redis only for who asks for it."""

import os
from collections.abc import Iterator

import pytest

from selfcare.celery import app
from selfcare.embedded import redis, var_dir
from tests.tools import require


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
