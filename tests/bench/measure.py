"""Measuring: two ways in turn, memory, and the pages that a query touches."""

from __future__ import annotations

import json
import os
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured, once or in several rounds, against its goal; `above` says on which side of it is good.

    `id` is the goal's, or empty where the portal has a limit of its own. The median counts.
    """

    id: str
    name: str
    values: Sequence[float]
    unit: str
    goal: float
    above: bool

    @property
    def value(self) -> float:
        return statistics.median(self.values)

    @property
    def met(self) -> bool:
        return self.value >= self.goal if self.above else self.value <= self.goal


def at_least(id: str, name: str, values: Sequence[float], unit: str, goal: float) -> Figure:
    return Figure(id, name, values, unit, goal, above=True)


def at_most(id: str, name: str, values: Sequence[float], unit: str, goal: float) -> Figure:
    return Figure(id, name, values, unit, goal, above=False)


def seconds(act: Callable[[], Any]) -> float:
    begun = perf_counter()
    act()
    return perf_counter() - begun


def cpu_seconds(act: Callable[[], Any]) -> float:
    """What `act` keeps this process busy, without what it waits for."""
    begun = process_time()
    act()
    return process_time() - begun


def in_turn(
    ours: Callable[[], Any],
    other: Callable[[], Any],
    *,
    rounds: int = ROUNDS,
    taken: Callable[[Callable[[], Any]], float] = seconds,
) -> list[float]:
    """How many times as fast `ours` is, in rounds in which both have their turn, the first by rotation."""
    ours(), other()  # both warm
    ratios = []
    for number in range(rounds):
        if number % 2:
            ours_took, other_took = taken(ours), taken(other)
        else:
            other_took, ours_took = taken(other), taken(ours)
        ratios.append(other_took / ours_took)
    return ratios


def times_as_long(ours: Callable[[], Any], other: Callable[[], Any], **how: Any) -> list[float]:
    """How many times as long `ours` takes."""
    return [1 / ratio for ratio in in_turn(ours, other, **how)]


def statements(act: Callable[[], Any]) -> list[str]:
    """The questions that `act` asks of the database."""
    with CaptureQueriesContext(connection) as queries:
        act()
    return [query["sql"] for query in queries.captured_queries if query["sql"].startswith("SELECT")]


def buffers(act: Callable[[], Any]) -> int:
    """The pages of 8 kB that the queries of `act` touch, in memory or on disk."""
    return sum(map(_touched, statements(act)))


class Memory:
    """The peak of a process' memory since this was made; Linux only, elsewhere `known` is false."""

    def __init__(self, pid: int | None = None) -> None:
        self.folder = Path("/proc", str(pid or os.getpid()))
        self.known = (self.folder / "clear_refs").exists()
        if self.known:
            (self.folder / "clear_refs").write_text("5")
        self.before = self._peak()

    @property
    def growth(self) -> float:
        """In MB."""
        return (self._peak() - self.before) / 1024

    def _peak(self) -> int:
        if not self.known:
            return 0
        lines = (self.folder / "status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM")).split()[1])


def _touched(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {sql}")
        plan = cursor.fetchone()[0]
    found = (plan if isinstance(plan, list) else json.loads(plan))[0]["Plan"]
    return int(found["Shared Hit Blocks"] + found["Shared Read Blocks"])
