"""Which ledger rows an invoice has: rectangles of time and row number, of which no two valid invoices share a point.

Rows are never marked, and some are booked into a period after its invoice was made. Their ids tell them apart: an
invoice covers the rows of its period up to the last id that there was, and of earlier periods what nobody covers yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Cover:
    """The rows that started in [start, end) and whose id lies in (after, last]."""

    start: datetime
    end: datetime
    after: int
    last: int


def uncovered(covers: Iterable[Cover], *, start: datetime, end: datetime, last: int) -> list[Cover]:
    """What of the rows in [start, end) up to the id `last` no cover has, oldest first, in as few parts as possible."""
    known = [cover for cover in covers if cover.start < end and cover.end > start]
    edges = {start, end} | {edge for cover in known for edge in (cover.start, cover.end) if start < edge < end}
    found: list[Cover] = []
    for first, following in pairwise(sorted(edges)):
        here = [cover for cover in known if cover.start <= first and cover.end >= following]
        found += [Cover(first, following, *gap) for gap in _gaps(here, last)]
    return list(_joined(found))


def _gaps(covers: Sequence[Cover], last: int) -> Iterator[tuple[int, int]]:
    """The spans of ids in (0, last] that none of these covers has."""
    reached = 0
    for cover in sorted(covers, key=lambda cover: cover.after):
        if reached < min(cover.after, last):
            yield reached, min(cover.after, last)
        reached = max(reached, cover.last)
    if reached < last:
        yield reached, last


def _joined(covers: Iterable[Cover]) -> Iterator[Cover]:
    """Neighbours in time with the same ids as one."""
    kept: Cover | None = None
    for cover in sorted(covers, key=lambda cover: (cover.after, cover.last, cover.start)):
        if kept and (kept.after, kept.last, kept.end) == (cover.after, cover.last, cover.start):
            kept = replace(kept, end=cover.end)
            continue
        if kept:
            yield kept
        kept = cover
    if kept:
        yield kept
