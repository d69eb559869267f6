"""The CSV download of the customer with most calls, through gunicorn, beside psql's own COPY of the same query."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import timezone

from billing.queries.records import record_columns
from billing.queries.xdrs import Wanted, transactions
from selfcare import export
from selfcare.crud.days import span_query
from tests.bench.cluster import NAME
from tests.bench.data import NOW, SPAN, World
from tests.bench.measure import Figure, Memory, at_least, at_most, in_turn
from tests.bench.served import PART, Site, served

ZONE = ZoneInfo("Europe/Berlin")
IN_ZONE = os.environ | {"PGTZ": str(ZONE)}  # times are written by PostgreSQL, in its session's zone
PARTS = 10  # Python writes this part of the rows only: it would take too long
ROUNDS = 9
CHANCE = 1  # MB that a process grows by or not, whatever it does
STILL_COPYING = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'COPY%' AND state <> 'idle'"
SPEED = "times the speed"
RATE = "times the requests a second"


def exports(world: World) -> Iterator[Figure]:
    """E1 to E7 of the goals; E4 needs another product and is not measured here."""
    wanted = Wanted(start=NOW - SPAN, end=NOW, failed=True)
    total = transactions(world.whale, wanted).count()
    whole, part = address(SPAN), address(SPAN / PARTS)
    copy = copy_of(world, wanted)
    yield from memory(world, whole, part)
    with served(world.user, workers=1) as site:
        if site.get(whole).partition(b"\n")[2] != psql(world, copy):
            raise RuntimeError("the download and psql's COPY differ")
        by_psql = in_turn(lambda: site.drain(whole), lambda: psql_to_nowhere(world, copy), rounds=ROUNDS)
        yield at_least("E1", f"CSV of {total} rows through gunicorn, of psql's COPY", by_psql, SPEED, 0.95)
        zipped = in_turn(lambda: zip_it(site, whole), lambda: psql_to_nowhere(world, copy))
        yield at_least("E3", "The same, gzipped at level 1 by whoever reads it", zipped, SPEED, 0.6)
        beside = list(neighbour(site, whole))
        yield at_least("E5", "A neighbour's page while downloads run in its process, of idle", beside, RATE, 0.5)
        going_on = list(left_over(site, whole))
        yield at_most("E6", "COPYs that go on a second after the reader left", going_on, "queries", 0)
        rows = f"/bench/row-by-row/?rows={total // PARTS}"
        by_rows = [PARTS * one for one in in_turn(lambda: site.drain(whole), lambda: site.drain(rows), rounds=3)]
        yield at_least("E7", "The same CSV, of model objects through csv.writer line by line", by_rows, SPEED, 20)


def address(span: timedelta) -> str:
    """The download of so long a time, up to the newest call."""
    with timezone.override(ZONE):  # an address has the user's times
        asked = span_query(NOW - span, NOW) | {"failed": "on", "format": "csv"}
    return f"/billing/transactions/?{urlencode(asked)}"


def copy_of(world: World, wanted: Wanted) -> str:
    """The statement that the download runs."""
    rows, columns = record_columns(transactions(world.whale, wanted), world.whale, ZONE, export.defused_column)
    sql, params = rows.values_list(*columns.values()).query.sql_with_params()
    return f"COPY ({connection.ops.compose_sql(sql, params)}) TO STDOUT (FORMAT csv)"


def psql_command(world: World, copy: str) -> list[str]:
    where = ["--host", str(world.cluster.socket_dir), "--username", "postgres", "--dbname", NAME]
    return [str(world.cluster.programs / "psql"), *where, "--no-psqlrc", "--command", copy]


def psql(world: World, copy: str) -> bytes:
    return subprocess.run(psql_command(world, copy), check=True, env=IN_ZONE, stdout=subprocess.PIPE).stdout  # noqa: S603


def psql_to_nowhere(world: World, copy: str) -> None:
    subprocess.run(psql_command(world, copy), check=True, env=IN_ZONE, stdout=subprocess.DEVNULL)  # noqa: S603


def zip_it(site: Site, path: str) -> None:
    """As a server in front would do it: in a process of its own, which reads from the portal."""
    with site.asked(path) as door:
        subprocess.run(["gzip", "-1"], check=True, stdin=door, stdout=subprocess.DEVNULL)  # noqa: S607


def memory(world: World, whole: str, part: str) -> Iterator[Figure]:
    """What a fresh worker that has shown one page grows by, for all rows at once and for as many in ten downloads."""
    grown = {}
    for path, times in ((part, PARTS), (whole, 1)):
        with served(world.user, workers=1) as site:
            site.get("/billing/transactions/")
            (worker,) = site.workers
            used = Memory(worker)
            if not used.known:
                return
            for _turn in range(times):
                site.drain(path)
            grown[path] = used.growth
    yield at_most("E2", "What that download takes in the worker", [grown[whole]], "MB", 16)
    by_size = max(grown[whole], CHANCE) / max(grown[part], CHANCE)
    yield at_most(
        "E2", f"The same, of {PARTS} downloads of 1/{PARTS} of the rows each", [by_size], "times the memory", 1.3
    )


def neighbour(site: Site, path: str) -> Iterator[float]:
    """The rate of a small page while a download follows another, beside its rate in peace."""
    for _round in range(5):
        idle = site.rate("/bench/last-call/", connections=2, seconds=1.5)
        with running(lambda: site.drain(path)):
            yield site.rate("/bench/last-call/", connections=2, seconds=1.5) / idle


@contextmanager
def running(act: Callable[[], object]) -> Iterator[None]:
    """Do `act` again and again meanwhile."""
    enough = Event()

    def again() -> None:
        while not enough.is_set():
            act()

    thread = Thread(target=again)
    thread.start()
    try:
        yield
    finally:
        enough.set()
        thread.join()


def left_over(site: Site, path: str) -> Iterator[int]:
    """A reader who goes in the middle: the rows are coming, and the database waits for him."""
    for _round in range(3):
        with site.asked(path) as door:
            door.recv(PART, socket.MSG_WAITALL)
        time.sleep(1)
        with connection.cursor() as cursor:
            cursor.execute(STILL_COPYING)
            yield cursor.fetchone()[0]
