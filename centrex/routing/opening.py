"""When a huntgroup answers, and what it does with calls at other times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from centrex.routing.plan import TimeFilter


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """When a group answers, by the clock of `zone`, and what it does else: "hang_up", "group", "extension", ...

    `group`, `extension` and `line` are ids, None for what is gone; `line` has the voicemail, or calls `number` outside,
    if that is a new one of high risk not before `counts_from`.
    """

    times: TimeFilter
    zone: ZoneInfo
    action: str = "hang_up"
    group: int | None = None
    extension: int | None = None
    line: int | None = None
    number: str = ""
    counts_from: datetime | None = None
