"""Where a call goes: one pure function for the SIP switch, the page "What happens if", and the tests."""

from centrex.routing.engine.calls import Call, Decision, LimitOf, Rate, RejectCause, Step, Target, Trace
from centrex.routing.engine.decide import decide

__all__ = ["Call", "Decision", "LimitOf", "Rate", "RejectCause", "Step", "Target", "Trace", "decide"]
