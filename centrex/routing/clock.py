"""From what a wall clock shows to the moment that is meant, on the nights when the clock is changed as well."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def moment_of(wall: datetime, zone: ZoneInfo, *, last: bool = False) -> datetime:
    """The moment (UTC) at which a clock in `zone` shows `wall` (without a zone).

    An hour that the clock runs through twice is the first of the two, or with `last` the second. A time that the
    clock skips is as much later as it skips, so that 02:30 in a night without an hour from 02:00 is 03:30 (PEP 495,
    fold 0, does the same).
    """
    first, second = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return second if last and second > first else first


def wall_of(moment: datetime, zone: ZoneInfo) -> datetime:
    """What a clock in `zone` shows at that moment, without the zone."""
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)
