"""What a load balancer asks: is this process alive, and can it serve customers?

Open to anyone and therefore short: one word for each neighbour, no versions, names or error texts.
"""

from functools import cache

from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from selfcare.celery import app

OK, DOWN, BEHIND, DEGRADED = "ok", "down", "behind", "degraded"
BROKER_SECONDS = 1
IMPATIENT = {"socket_connect_timeout": BROKER_SECONDS, "socket_timeout": BROKER_SECONDS, "max_retries": 0}


@never_cache
@login_not_required
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """200 as long as this process answers; asks no one else."""
    return JsonResponse({"status": OK})


@never_cache
@login_not_required
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 when pages can be served, else 503.

    Without Redis pages work and only later work waits (`"degraded"`); with a database that is missing
    or behind the code (`"behind"`: migrations to be applied) they do not.
    """
    database, broker = database_state(), broker_state()
    if database != OK:
        return JsonResponse({"status": DOWN, "database": database, "broker": broker}, status=503)
    return JsonResponse({"status": OK if broker == OK else DEGRADED, "database": database, "broker": broker})


def database_state() -> str:
    try:
        applied = MigrationRecorder(connection).applied_migrations()
    except Error:
        return DOWN
    return OK if migrations_of_the_code() <= applied.keys() else BEHIND


@cache
def migrations_of_the_code() -> frozenset[tuple[str, str]]:
    """Every migration as (app, name); they cannot change while this process lives."""
    return frozenset(MigrationLoader(None).disk_migrations)


def broker_state() -> str:
    try:
        with app.connection_for_write(connect_timeout=BROKER_SECONDS, transport_options=IMPATIENT) as broker:
            broker.ensure_connection(max_retries=1, timeout=BROKER_SECONDS)
    except OperationalError:
        return DOWN
    return OK
