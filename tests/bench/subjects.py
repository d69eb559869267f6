"""The run: fill the ledger, measure one subject after the other, tell what came out."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Iterator
from time import perf_counter

from django.db import connections

from selfcare.embedded import BASE_DIR
from selfcare.embedded.postgres import Cluster
from tests.bench import result
from tests.bench.booking import booking
from tests.bench.data import World, fill
from tests.bench.drawing import drawing
from tests.bench.exports import exports
from tests.bench.measure import Figure
from tests.bench.pages import pages
from tests.bench.reports import reports
from tests.bench.routing import routing
from tests.bench.sheet import sheets

# Booking comes last but for what needs no calls: it makes the ledger larger.
SUBJECTS: tuple[Callable[[World], Iterator[Figure]], ...] = (
    exports, pages, drawing, reports, booking, sheets, routing,
)  # fmt: skip


def run(cluster: Cluster, *, rows: int, only: str | None, strict: bool) -> int:
    """Measure, print, write bench.json; gives the exit code: 1 where the program broke, or where `strict` a goal
    was missed."""
    begun, figures, broken = perf_counter(), [], []
    try:
        say(f"filling the ledger with {rows} calls ...")
        world = fill(cluster, rows)
        for subject in SUBJECTS:
            name = subject.__name__
            if only and name not in only.split(","):
                continue
            say(f"{minutes(begun)} {name} ...")
            try:
                figures += subject(world)
            except Exception:  # the others can be measured all the same
                traceback.print_exc()
                broken.append(name)
    finally:
        connections.close_all()
    took = perf_counter() - begun
    result.write(figures, BASE_DIR / "bench.json", rows=rows, took=took, broken=broken)
    print(result.table(figures))  # noqa: T201
    print(f"{rows} calls, {minutes(begun)} minutes; broken: {', '.join(broken) or 'nothing'}")  # noqa: T201
    return int(bool(broken) or (strict and not all(figure.met for figure in figures)))


def minutes(begun: float) -> str:
    whole, rest = divmod(int(perf_counter() - begun), 60)
    return f"{whole}:{rest:02}"


def say(words: str) -> None:
    """Beside the table, which may be kept."""
    print(words, file=sys.stderr, flush=True)  # noqa: T201
