"""Calls into the ledger, with external ids, totals and balances, beside ways in that keep none of that."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import connection

from billing.models import Xdr
from billing.operations.ledger import CELLS, COLUMNS, COPY, LedgerRow, make_missing_months, post_rows
from billing.queries.checks import differences
from tests.bench.cluster import run
from tests.bench.data import BATCH, NOW, World, in_empty_database
from tests.bench.measure import ROUNDS, Figure, at_least, at_most, in_turn, seconds

PLAIN = "bench_plain"
SPEED = "times the speed"
WAITING = 1 + ROUNDS  # batches that `in_turn` uses up
ONE_CALL = """
\\set customer random({first}, {last})
INSERT INTO {table} (started_at, customer_id, service_id, amount, charged_quantity, country, destination, external_id)
VALUES ('2026-11-02 12:00Z', :customer, 1, 0.1, 60, 'DE', 'Area 001', 'single:' || gen_random_uuid());
"""
TRANSACTIONS_A_SECOND = re.compile(r"^tps = ([\d.]+)", re.MULTILINE)


def booking(world: World) -> Iterator[Figure]:
    """I1 to I3 and Q4 of the goals."""
    world.step = min(world.step, timedelta(days=1) / BATCH)  # all batches below within what may be booked
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {PLAIN} (LIKE billing_xdr INCLUDING ALL)")
    by_copy = in_turn(fresh(world, book), fresh(world, copy_plainly))
    yield at_least("I1", "Booking 10,000 calls with totals and ids, of COPY without", by_copy, SPEED, 0.2)
    with plain_model():
        by_orm = in_turn(fresh(world, book), fresh(world, create_plainly))
    yield at_least("I1", "The same, of bulk_create without", by_orm, SPEED, 3)
    present = [into_empty(world) / seconds(fresh(world, book, batches=1)) for _round in range(1 + ROUNDS)][1:]
    yield at_least("I3", "The same, of a ledger that was empty", present, SPEED, 0.8)
    wrong = after_odd_batches(world)
    yield at_most("Q4", "Sums that are not what the rows say", [wrong], "sums", 0)
    yield at_least("I2", "A single insert with totals, of one without", list(singles(world)), SPEED, 0.7)


def book(rows: list[LedgerRow]) -> None:
    post_rows(rows, now=NOW)


def fresh(world: World, act: Callable[[list[LedgerRow]], Any], *, batches: int = WAITING) -> Callable[[], Any]:
    """The act on calls that are new each time; they are made beforehand."""
    waiting = [world.calls(BATCH) for _turn in range(batches)]
    return lambda: act(waiting.pop())


def copy_plainly(rows: list[LedgerRow]) -> None:
    buffer = StringIO()
    csv.writer(buffer).writerows(map(CELLS, rows))
    buffer.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert(COPY.replace("billing_xdr", PLAIN, 1), buffer)


def create_plainly(rows: list[LedgerRow]) -> None:
    Xdr._default_manager.bulk_create(map(as_model, rows), batch_size=1000)


def as_model(row: LedgerRow) -> Xdr:
    return Xdr(**{name: getattr(row, name) for name in COLUMNS} | {"pieces": None})


@contextmanager
def plain_model() -> Iterator[None]:
    """The model over the bare table, for what the ORM writes; the ledger's own way in names its table itself."""
    Xdr._meta.db_table = PLAIN
    try:
        yield
    finally:
        Xdr._meta.db_table = "billing_xdr"


def into_empty(world: World) -> float:
    """What the next batch takes where the ledger has nothing else but the batches before it."""
    with in_empty_database():
        make_missing_months([world.moment])
        return seconds(fresh(world, book, batches=1))


def after_odd_batches(world: World) -> int:
    """Calls that come twice, in one batch or in two, or in another order: how many sums are wrong in the end."""
    first, second = world.calls(1000), world.calls(1000)
    for batch in (first, first[::-1], [*second, *second], world.random.sample([*first, *second], 1500)):
        book(batch)
    return sum(1 for _difference in differences())


def singles(world: World) -> Iterator[float]:
    """Transactions a second of one connection that books call by call."""
    with TemporaryDirectory() as folder:
        scripts = {}
        for table in ("billing_xdr", PLAIN):
            scripts[table] = Path(folder, table)
            scripts[table].write_text(ONE_CALL.format(table=table, first=min(world.others), last=max(world.others)))
        for _round in range(ROUNDS):
            plain = speed(world, scripts[PLAIN])
            yield speed(world, scripts["billing_xdr"]) / plain


def speed(world: World, script: Path) -> float:
    said = run(world.cluster, "pgbench", "--no-vacuum", "--time", "2", "--file", str(script))
    found = TRANSACTIONS_A_SECOND.search(said)
    if found is None:
        raise RuntimeError(said)
    return float(found[1])
