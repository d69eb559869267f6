"""What is recorded and what is heard on hold, once somebody answers."""

from __future__ import annotations

from dataclasses import replace

from centrex.routing.engine.calls import Asked, Media
from centrex.routing.features import Music, Recording
from centrex.routing.plan import Line


def media_of(line: Line, way: str) -> Media:
    """What a line records of calls of this way ("incoming", "outgoing", "redirected"), and its music."""
    recording, music = line.feature(Recording), line.feature(Music)
    return Media(
        record=recording.enabled and bool(getattr(recording.values, way)),
        on_demand=recording.enabled and recording.values.start_stop,
        announce=recording.enabled and recording.values.announce,
        music=music.values.sound if music.enabled else None,
        in_silence=not music.enabled,
    )


def both(answers: Media, other: Media) -> Media:
    """What counts for two who take part: either may record, and then says so; the music is of who answers."""
    return replace(
        answers,
        record=answers.record or other.record,
        on_demand=answers.on_demand or other.on_demand,
        announce=any(each.announce for each in (answers, other) if each.record or each.on_demand),
    )


def media_at(asked: Asked, line: Line, way: str) -> Media:
    """What counts once `line`, or what it forwards to, answers: its own, and what the colleague who calls records."""
    own = media_of(line, way)
    caller = asked.plan.lines.get(asked.call.line) if asked.call.line is not None else None
    return both(own, media_of(caller, "outgoing")) if caller is not None else own
