"""Voicemail and fax boxes: what the feature server is told about one, and who hears its own messages."""

from __future__ import annotations

from centrex.routing.codes import Service
from centrex.routing.engine.calls import Asked, Box, Caller, Decision, Step, Target
from centrex.routing.features import Fax, Voicemail
from centrex.routing.plan import Line, Plan


def box_of(line: Line, sound: int | None) -> Box:
    """The box as callers meet it; without the sound of its greeting (an id) it greets in the standard way."""
    values = line.feature(Voicemail).values
    return Box(
        greeting=values.greeting if sound is not None else "standard",
        ask_pin=bool(values.pin_hash),
        auto_play=values.auto_play,
        announce_time=values.announce_time,
        takes_fax=line.feature(Fax).enabled,
    )


def own_box(asked: Asked, line: Line, number: str) -> Decision:
    """A line that calls its own number listens to its messages; such a call is never recorded."""
    asked.note("voicemail.own", line.record)
    target = Target("feature", "mailbox", line=line.id, called=number, box=box_of(line, None))
    return Decision(steps=(Step((target,)),), account=line.id, called=number)


def fax_target(line: Line, caller: Caller, number: str) -> Target:
    """The fax tone at once; what comes lies in the line's box."""
    return Target("feature", "fax", line=line.id, caller=caller, called=number, box=Box(takes_fax=True))


def record_codes(plan: Plan, decision: Decision) -> tuple[str, ...]:
    """What people dial during the call to begin and to end a recording; none where nobody may, or without codes."""
    targets = [target for step in decision.steps for target in step.targets]
    may = decision.record_on_demand or any(target.media.on_demand for target in targets)
    if not may or Service.RECORD_START not in plan.codes:
        return ()
    return plan.codes[Service.RECORD_START], plan.codes[Service.RECORD_STOP]
