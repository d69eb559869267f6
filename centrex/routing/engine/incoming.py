"""Calls to a line: who is turned away, which rule counts, and ring, forward, voicemail in this order."""

from __future__ import annotations

from centrex.routing.engine.answering import answered
from centrex.routing.engine.boxes import own_box
from centrex.routing.engine.calls import Asked, Caller, Decision, RejectCause
from centrex.routing.engine.limits import count_limits
from centrex.routing.engine.matching import screened
from centrex.routing.engine.media import media_at, media_of
from centrex.routing.engine.phones import ringing
from centrex.routing.features import Voicemail
from centrex.routing.plan import Line
from centrex.routing.screening import is_blocked


def to_line(asked: Asked, line: Line, *, caller: Caller, number: str, from_outside: bool = False) -> Decision:
    """A call to a line that was reached as `number` (an extension or an external number)."""
    refusal = turned_away(asked, line, caller, from_outside=from_outside)
    if refusal is not None:
        return refusal
    if asked.call.line == line.id and not asked.call.hops and line.feature(Voicemail).enabled:
        return own_box(asked, line, number)
    count_limits(asked, line, "in", internal=not from_outside)
    company = asked.plan.company_of(line)
    if asked.is_internal and company.distinctive_ring:
        asked.note("ring.distinctive", company.record)
    action = screened(asked, line, caller, number)
    if action.reject:
        return asked.refuse(RejectCause.SCREENED, line.record)
    steps, otherwise = answered(asked, line, action, caller, number, ring=lambda: ringing(asked, line, caller, number))
    if not steps and otherwise is None:
        return asked.refuse(RejectCause.NO_ANSWER, line.record)
    media = media_at(asked, line, "incoming")
    return Decision(
        steps=steps,
        otherwise=otherwise,
        direction="in" if from_outside else "internal",
        account=line.id,
        called=number,
        record_call=media.record,
        record_redirected=media_of(line, "redirected").record,
        record_on_demand=media.on_demand,
        announce_recording=media.announce,
        music=media.music,
        hold_in_silence=media.in_silence,
    )


def turned_away(asked: Asked, line: Line, caller: Caller, *, from_outside: bool) -> Decision | None:
    """The refusal of a call that nothing of the line may answer."""
    company = asked.plan.company_of(line)
    if not company.active:
        return asked.refuse(RejectCause.SUSPENDED, company.record)
    if line.blocked:
        return asked.refuse(RejectCause.LINE_BLOCKED, line.record)
    if from_outside and is_blocked("" if caller.hidden else caller.number, company.blocked_callers):
        return asked.refuse(RejectCause.BLOCKED_CALLER, company.record, number=caller.number)
    return None
