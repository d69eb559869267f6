"""Measuring: two ways in turn, memory, and the pages that a query touches."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value against its target; `above` says on which side of it is good."""

    name: str
    value: float
    unit: str
    target: float
    above: bool = True

    @property
    def ok(self) -> bool:
        return self.value >= self.target if self.above else self.value <= self.target


def seconds(act: Callable[[], Any]) -> float:
    begun = perf_counter()
    act()
    return perf_counter() - begun


def in_turn(ours: Callable[[], Any], other: Callable[[], Any], *, rounds: int = ROUNDS) -> float:
    """How many times as fast `ours` is: the median over rounds in which both have their turn."""
    ours(), other()  # both warm
    return statistics.median(seconds(other) / seconds(ours) for _ in range(rounds))


def buffers(act: Callable[[], Any]) -> int:
    """The pages of 8 kB that the queries of `act` touch, in memory or on disk."""
    with CaptureQueriesContext(connection) as queries:
        act()
    return sum(_touched(query["sql"]) for query in queries.captured_queries if query["sql"].startswith("SELECT"))


def memory_growth(act: Callable[[], Any]) -> float:
    """By how many MB this process was larger at its peak in `act` than before (Linux only, elsewhere 0)."""
    status, reset = Path("/proc/self/status"), Path("/proc/self/clear_refs")
    if not reset.exists():
        return 0.0
    reset.write_text("5")
    before = _peak(status)
    act()
    return (_peak(status) - before) / 1024


def report(figures: list[Figure], path: Path) -> str:
    """The figures as a table of text; the same go into `path` as JSON."""
    path.write_text(json.dumps([_entry(figure) for figure in figures], indent=2) + "\n")
    lines = [f"{'':4} {'measured':>10}  {'target':>10}  what"]
    for figure in figures:
        sign = "≥" if figure.above else "≤"
        mark = "ok" if figure.ok else "MISS"
        lines.append(f"{mark:4} {figure.value:>10.2f}  {sign}{figure.target:>9.2f}  {figure.name} ({figure.unit})")
    return "\n".join(lines)


def _entry(figure: Figure) -> dict[str, Any]:
    return {
        "name": figure.name,
        **{k: v for k, v in asdict(figure).items() if k not in {"name", "above"}},
        "ok": figure.ok,
    }


def _touched(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {sql}")
        plan = cursor.fetchone()[0]
    found = (plan if isinstance(plan, list) else json.loads(plan))[0]["Plan"]
    return int(found["Shared Hit Blocks"] + found["Shared Read Blocks"])


def _peak(status: Path) -> int:
    return int(next(line for line in status.read_text().splitlines() if line.startswith("VmHWM")).split()[1])
