"""DISA: a line answers a call from outside, and who knows its PIN calls on as if from that line."""

from __future__ import annotations

from centrex.routing.disa import Refusal, cap_of, is_locked
from centrex.routing.engine.calls import Asked, Caller, Decision, RejectCause, Step, Target
from centrex.routing.engine.incoming import to_line, turned_away
from centrex.routing.engine.limits import count_limits
from centrex.routing.features import Disa
from centrex.routing.plan import Line


def answers(line: Line, number: str) -> bool:
    """Whether DISA takes calls to this number of the line."""
    disa = line.feature(Disa)
    return disa.enabled and bool(disa.values.pin_hash) and (not disa.values.numbers or number in disa.values.numbers)


def why_not(asked: Asked, line: Line, caller: str) -> Refusal | None:
    """Why the line does not serve `caller` (E.164, "" when hidden), before and after the PIN; None when it does."""
    disa, call = line.feature(Disa), asked.call
    if not disa.enabled or not disa.values.pin_hash:
        return Refusal.OFF
    if is_locked(disa.values, line.wrong_pins):
        return Refusal.LOCKED
    if disa.values.callers and caller.removeprefix("+") not in disa.values.callers:
        return Refusal.CALLER
    if call.line is not None and len(call.dialled.removeprefix("+")) > disa.values.max_digits:
        return Refusal.TOO_LONG
    cap = cap_of(disa.values)
    return Refusal.CAP if cap is not None and call.spent >= cap else None


def to_disa(asked: Asked, line: Line, *, caller: Caller, number: str) -> Decision:
    """A call from outside to a number that DISA takes: the PIN is asked for, or the fallback rings."""
    refusal = turned_away(asked, line, caller, from_outside=True)
    if refusal is not None:
        return refusal
    values = line.feature(Disa).values
    fallback = asked.plan.line_of_extension(values.fallback)
    reason = why_not(asked, line, "" if caller.hidden else caller.number)
    if reason is not None and fallback is None:
        return asked.refuse(RejectCause.DISA, line.record, reason=reason)
    if reason is not None and fallback is not None:
        asked.note("disa.fallback", fallback.record, number=values.fallback)
        return to_line(asked, fallback, caller=caller, number=values.fallback, from_outside=True)
    asked.note("answered.disa", line.record)
    count_limits(asked, line, "in")
    otherwise = None
    if fallback is not None:
        asked.note("disa.otherwise", fallback.record, number=values.fallback)
        otherwise = Target("line", fallback.account_id, line=fallback.id, caller=caller, called=values.fallback)
    target = Target("feature", "disa", line=line.id, caller=caller, called=number, options=options_of(values))
    return Decision(
        steps=(Step((target,)),), otherwise=otherwise, direction="in", account=line.id, called=number
    )  # fmt: skip


def options_of(values: Disa) -> dict[str, str]:
    """How the service asks: what is heard, how often, and how long it waits."""
    return {
        "tone": values.tone,
        "retries": str(values.retries),
        "digit_seconds": str(values.digit_seconds),
        "max_digits": str(values.max_digits),
        "language": values.language,
    }
