"""What the faults in force do to a request before and after it is answered, whichever provider it is for."""

import threading
from collections.abc import Callable

from .faults import Faults
from .replies import RESET, Reply, Request


class Interference:
    """Stands before the APIs. None stands for no answer at all, RESET for a connection torn down."""

    def __init__(self, faults: Faults, stopping: threading.Event) -> None:
        self.faults = faults
        self.stopping = stopping

    def around(self, request: Request, answer: Callable[[str], Reply]) -> Reply | None:
        """The reply; `answer` gets the kind of fault and plays what only it can: 429 and 500."""
        fault = self.faults.for_request(request.method, request.path)
        if fault is None:
            return answer("")
        if fault.kind == "reset_before":
            return RESET
        if fault.kind == "timeout_before":
            self.stopping.wait(fault.seconds)
            return None
        reply = answer(fault.kind)
        if fault.kind == "reset_after":
            return RESET
        if fault.kind == "malformed":
            reply.body = reply.body[: len(reply.body) // 2]
        if fault.kind in ("slow", "timeout_after"):
            self.stopping.wait(fault.seconds)
        return None if fault.kind == "timeout_after" else reply
