"""Where a call goes: one pure function for the SIP switch, the page "What happens if", and the tests."""

from centrex.routing.engine.calls import Call, Decision, LimitOf, Rate, RejectCause, Step, Target, Trace
from centrex.routing.engine.decide import decide
from centrex.routing.engine.keys import Answer, Heard, Position, dial_extension, enter, key_in, press

__all__ = [
    "Answer",
    "Call",
    "Decision",
    "Heard",
    "LimitOf",
    "Position",
    "Rate",
    "RejectCause",
    "Step",
    "Target",
    "Trace",
    "decide",
    "dial_extension",
    "enter",
    "key_in",
    "press",
]
