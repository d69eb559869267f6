"""What a drawing of calls is made of."""

from __future__ import annotations

from dataclasses import dataclass

from centrex.routing.plan import Record


@dataclass(frozen=True, slots=True)
class Box:
    """Something that the call meets; `record` is what a click opens. `kind` is for the look."""

    kind: str
    title: str
    detail: str = ""
    record: Record | None = None
