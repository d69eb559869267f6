"""The two pages that load balancers ask."""

import pytest
from django.db import OperationalError, connection
from django.db.backends.utils import CursorWrapper
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.urls import reverse


def refuse(*args: object, **kwargs: object) -> None:
    raise OperationalError("the database is away")


def test_live_asks_no_one(client: Client) -> None:
    """No database mark: a query would fail this test."""
    answer = client.get(reverse("health-live"))
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok"}
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_ready_when_all_are_there(client: Client, broker: str) -> None:
    answer = client.get(reverse("health-ready"))
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": "ok", "broker": "ok"}


@pytest.mark.django_db
def test_ready_without_a_broker_is_degraded_but_serves(
    client: Client, broker: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("selfcare.celery.app.conf.broker_write_url", f"{broker}.nowhere")
    answer = client.get(reverse("health-ready"))
    assert answer.status_code == 200
    assert answer.json() == {"status": "degraded", "database": "ok", "broker": "down"}


@pytest.mark.django_db
def test_not_ready_without_a_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CursorWrapper, "execute", refuse)
    answer = client.get(reverse("health-ready"))
    assert answer.status_code == 503
    assert answer.json()["status"] == "down"
    assert answer.json()["database"] == "down"
    assert "away" not in answer.content.decode()


@pytest.mark.django_db
def test_not_ready_while_a_migration_is_missing(client: Client) -> None:
    MigrationRecorder(connection).record_unapplied("billing", "0001_initial")
    answer = client.get(reverse("health-ready"))
    assert answer.status_code == 503
    assert answer.json()["database"] == "behind"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["health-live", "health-ready"])
def test_nothing_can_be_posted(client: Client, name: str) -> None:
    assert client.post(reverse(name)).status_code == 405
