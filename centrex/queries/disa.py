"""What a line's DISA has seen, for its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from centrex.models import DisaGuard, Line
from centrex.routing.disa import is_locked
from centrex.routing.features import Disa


@dataclass(frozen=True, slots=True)
class WrongPin:
    """A wrong PIN: when, and who called, "" when he hid his number."""

    at: datetime
    caller: str


@dataclass(frozen=True, slots=True)
class Seen:
    """How many wrong PINs came in a row, whether that locked it, and the last ones."""

    failures: int
    locked: bool
    recent: tuple[WrongPin, ...]


def seen_of(line: Line, values: Disa) -> Seen:
    """What DISA of the line has seen so far."""
    guard = DisaGuard.for_customer(line.customer).filter(line=line).first() or DisaGuard(line=line)
    recent = tuple(WrongPin(datetime.fromisoformat(each["at"]), each["caller"]) for each in guard.recent)
    return Seen(guard.failures, is_locked(values, guard.failures), recent)
