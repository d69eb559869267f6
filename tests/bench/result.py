"""What came out: a table for the terminal, and the same as JSON."""

from __future__ import annotations

import json
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.bench.measure import Figure

HEAD = f"{'goal':4}  {'':6}  {'measured':>9}  {'rounds':>15}  {'wanted':>8}  what"


def table(figures: Sequence[Figure]) -> str:
    """A line for each figure: the goal's id, met or missed, the median, the lowest and highest round, the goal."""
    return "\n".join([HEAD, *map(line, figures), summary(figures)])


def line(figure: Figure) -> str:
    sign = "≥" if figure.above else "≤"
    spread = f"{min(figure.values):.2f} – {max(figure.values):.2f}" if len(figure.values) > 1 else ""
    return (
        f"{figure.id:4}  {'met' if figure.met else 'MISSED':6}  {figure.value:>9.2f}  {spread:>15}"
        f"  {f'{sign} {figure.goal:g}':>8}  {figure.name} ({figure.unit})"
    )


def summary(figures: Sequence[Figure]) -> str:
    met = sum(figure.met for figure in figures)
    return f"{met} of {len(figures)} met"


def write(figures: Sequence[Figure], path: Path, *, rows: int, took: float, broken: Sequence[str]) -> None:
    """The figures with the machine and the size of the run; `broken` names the subjects that ended in an error."""
    content = {
        "rows": rows,
        "minutes": round(took / 60, 1),
        "machine": f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}",
        "broken": list(broken),
        "figures": [entry(figure) for figure in figures],
    }
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def entry(figure: Figure) -> dict[str, Any]:
    return {
        "id": figure.id,
        "name": figure.name,
        "unit": figure.unit,
        "measured": round(figure.value, 4),
        "rounds": [round(value, 4) for value in figure.values],
        "goal": figure.goal,
        "wanted": "at least" if figure.above else "at most",
        "met": figure.met,
    }
