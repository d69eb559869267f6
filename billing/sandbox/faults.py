"""Faults on demand: rules that make the next requests or webhooks go wrong in a chosen way."""

import threading
import time
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from .errors import invalid

REQUEST_FAULTS = {
    "timeout_before": "nothing is done and no answer comes",
    "timeout_after": "the work is done, but no answer comes",
    "error_before": "500, and nothing was done",
    "error_after": "500, though the work was done",
    "rate_limit": "429, and nothing was done; a storm with `lasting`",
    "reset_before": "the connection is torn down, nothing was done",
    "reset_after": "the connection is torn down, though the work was done",
    "malformed": "the work is done, but the answer is JSON cut in half",
    "slow": "the work is done, and the answer comes after `seconds`",
}
WEBHOOK_FAULTS = {
    "webhook_duplicate": "delivered several times (`copies`)",
    "webhook_shuffle": "held back (`seconds`), then delivered last first",
    "webhook_late": "delivered late (by `seconds`)",
    "webhook_lost": "never delivered, until sent again by hand",
}
ALL_FAULTS = {**REQUEST_FAULTS, **WEBHOOK_FAULTS}


@dataclass
class Fault:
    """One rule. Request faults match method and path, webhook faults the event type; `*` is any text.

    It meets the next `times` matches, or every match for `lasting` seconds.
    """

    kind: str
    times: int = 1
    method: str = "POST"
    path: str = "/v1/*"
    event: str = "*"
    seconds: float = 30.0
    copies: int = 2
    lasting: float = 0.0
    # when a rule that lasts is over, on the machine's monotonic clock
    over: float = field(default=0.0, repr=False)
    # when a shuffled batch is let go, on the machine's monotonic clock
    release: float = field(default=0.0, repr=False)

    def shown(self) -> dict[str, Any]:
        """The rule as JSON."""
        fields = asdict(self)
        del fields["release"], fields["over"]
        return fields


def from_json(given: dict[str, Any]) -> Fault:
    """A rule from the control call's JSON; 400 for what it does not know."""
    types: dict[str, tuple[type, ...]] = {
        "kind": (str,),
        "times": (int,),
        "method": (str,),
        "path": (str,),
        "event": (str,),
        "seconds": (int, float),
        "copies": (int,),
        "lasting": (int, float),
    }
    for name, value in given.items():
        if name not in types or not isinstance(value, types[name]) or isinstance(value, bool):
            raise invalid(f"Not a setting of a fault: {name}={value!r}", param=name)
    fault = Fault(**{"kind": "", **given})
    if fault.kind not in ALL_FAULTS:
        raise invalid(f"Unknown fault; there are {', '.join(ALL_FAULTS)}", param="kind")
    if fault.times < 1 or fault.copies < 1 or not (0 <= fault.seconds <= 3600 and 0 <= fault.lasting <= 3600):
        raise invalid("times and copies are 1 or more, seconds and lasting between 0 and 3600")
    return fault


class Faults:
    """The rules in force; each is used up after its number of times."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[Fault] = []

    def add(self, fault: Fault) -> None:
        with self._lock:
            fault.over = time.monotonic() + fault.lasting if fault.lasting else 0.0
            self._rules.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._rules.clear()

    def shown(self) -> list[dict[str, Any]]:
        """The rules still in force."""
        with self._lock:
            self._drop_what_is_over()
            return [rule.shown() for rule in self._rules]

    def for_request(self, method: str, path: str) -> Fault | None:
        """The fault that meets this request, counted as used."""
        return self._take(
            lambda rule: (
                rule.kind in REQUEST_FAULTS and fnmatchcase(method, rule.method) and fnmatchcase(path, rule.path)
            )
        )

    def for_event(self, event_type: str) -> Fault | None:
        """The fault that meets this event, counted as used."""
        return self._take(lambda rule: rule.kind in WEBHOOK_FAULTS and fnmatchcase(event_type, rule.event))

    def _take(self, matches: Any) -> Fault | None:
        with self._lock:
            self._drop_what_is_over()
            rule = next((rule for rule in self._rules if matches(rule)), None)
            if rule is None:
                return None
            rule.release = rule.release or time.monotonic() + rule.seconds
            if not rule.over:
                rule.times -= 1
            if rule.times == 0:
                self._rules.remove(rule)
            return rule

    def _drop_what_is_over(self) -> None:
        now = time.monotonic()
        self._rules = [rule for rule in self._rules if not rule.over or rule.over > now]
