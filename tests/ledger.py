"""The ledger between tests: its tables are not managed by Django, so that a flush would leave their rows."""

from contextlib import contextmanager
from importlib import import_module

import pytest
from django.db import connection

from billing.models import Service

SERVICES = import_module("billing.migrations.0003_ledger").SERVICES


@pytest.fixture(autouse=True)
def clean_ledger(request):
    """Before a test the services are there, though a flush took them; after real commits the ledger is emptied."""
    marker = request.node.get_closest_marker("django_db")
    commits = bool(marker and marker.kwargs.get("transaction")) or "transactional_db" in request.fixturenames
    if not (marker or {"db", "transactional_db"} & set(request.fixturenames)):
        yield
        return
    request.getfixturevalue("transactional_db" if commits else "db")
    if not Service.objects.exists():
        Service.objects.bulk_create(Service(id=pk, name=name, unit=unit) for pk, name, unit in SERVICES)
    yield
    if commits:
        empty_ledger()


@contextmanager
def without_guards():
    """The database lets its owner do what it refuses to everybody: no trigger runs."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            yield cursor
        finally:
            cursor.execute("SET session_replication_role = origin")


def empty_ledger():
    """Throw all rows, sums, balances and external ids away."""
    with without_guards() as cursor:
        cursor.execute("TRUNCATE billing_xdr, billing_xdrday, billing_callplace, billing_xdrkey")
        cursor.execute("UPDATE billing_account SET balance = 0")
