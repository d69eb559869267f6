"""What a caller in a queue hears on coming in, and again each minute: his place, and how long he will about wait."""

from __future__ import annotations

from dataclasses import dataclass

MINUTE = 60


@dataclass(frozen=True, slots=True)
class Announcement:
    """The place in the line, from 1, and whole minutes to wait.

    `minutes` 0: less than a minute, or next; None: nobody is there to answer, so no time is said.
    """

    place: int
    minutes: int | None


def announcement(*, place: int, call_seconds: int, connected: int) -> Announcement:
    """What the caller at `place` hears: average call duration / calls connected at a time * callers ahead.

    Rounded up to whole minutes, so that nobody waits longer than was said if calls are as long as usual; less than a
    minute is said as that. `connected` below 1 gives no time.
    """
    if connected < 1:
        return Announcement(place, None)
    ahead = place - 1
    if call_seconds * ahead < MINUTE * connected:
        return Announcement(place, 0)
    return Announcement(place, -(-call_seconds * ahead // (MINUTE * connected)))


def announcements(*, places: int, call_seconds: int, connected: int) -> list[Announcement]:
    """What the callers at places 1 to `places` hear."""
    return [announcement(place=place, call_seconds=call_seconds, connected=connected) for place in range(1, places + 1)]
