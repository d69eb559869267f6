"""The control calls under `/_sandbox/`: look inside, reset, move the clock, order faults, register webhooks.

Writing calls must say `Content-Type: application/json`, so that no web page can send them across origins.
"""

import json
from collections.abc import Callable
from typing import Any

from . import acts
from .due import catch_up
from .errors import ApiError, invalid
from .faults import Faults, from_json
from .paynearme import control as paynearme
from .paynearme.till import Till
from .replies import Reply, Request
from .state import Object, State, public
from .webhooks import Sender

LONGEST_LEAP = 3650 * 24 * 3600


class Control:
    """Answers `/_sandbox/...` in JSON."""

    def __init__(self, state: State, faults: Faults, sender: Sender, till: Till) -> None:
        self.state = state
        self.till = till
        self.faults = faults
        self.sender = sender

    def answer(self, request: Request) -> Reply:
        """The reply; refusals have Stripe's error shape."""
        try:
            status, body = 200, self._answer(request)
        except ApiError as refusal:
            status, body = refusal.status, refusal.body()
        return Reply(status, json.dumps(body, indent=2).encode(), "application/json")

    def _answer(self, request: Request) -> Object:
        call = request.path.removeprefix("/_sandbox/")
        readers = {
            "health": lambda: {"ok": True},
            "state": self._state,
            "faults": lambda: {"faults": self.faults.shown()},
            "webhooks": self._webhooks,
        }
        writers: dict[str, Callable[[Any], Object]] = {
            "reset": self._reset,
            "faults": self._add_faults,
            "clock": self._clock,
            "webhooks": self._register,
            "paynearme": lambda given: paynearme.configure(self.till, given),
        }
        if request.method == "GET" and call in readers:
            return readers[call]()
        if request.method == "DELETE" and call == "faults":
            self.faults.clear()
            return {"faults": []}
        if request.method == "POST" and call in writers:
            return writers[call](_body(request))
        parts = call.split("/")
        if request.method == "POST" and len(parts) == 3:
            given = _body(request)
            if (parts[0], parts[2]) == ("events", "resend"):
                return self._resend(parts[1])
            if parts[0].startswith("pnm_"):
                return {"done": paynearme.perform(self.till, parts[0], parts[1], parts[2], given)}
            with self.state.lock:
                done = public(acts.perform(self.state, parts[0], parts[1], parts[2], given))
                catch_up(self.state)
            return {"done": done}
        raise ApiError(404, f"No such control call: {request.method} {request.path}")

    def _state(self) -> Object:
        with self.state.lock:
            objects = {kind: public(list(things.values())) for kind, things in self.state.objects.items()}
            return {
                "now": self.state.now(),
                "objects": objects,
                "faults": self.faults.shown(),
                **self._webhooks(),
            }

    def _webhooks(self) -> Object:
        return {
            "endpoints": [
                {"url": endpoint.url, "waiting": endpoint.waiting()}
                for endpoint in list(self.sender.endpoints.values())
            ],
            "paynearme": paynearme.configure(self.till, {}),
            "paynearme_waiting": self.till.queue.waiting(),
            "deliveries": list(self.sender.log),
        }

    def _reset(self, _given: Any) -> Object:
        with self.state.lock:
            self.faults.clear()
            self.state.clear()
            self.sender.clear()
            self.till.queue.clear()
        return {"reset": True}

    def _add_faults(self, given: Any) -> Object:
        rules = [from_json(rule) for rule in (given if isinstance(given, list) else [given])]
        for rule in rules:
            self.faults.add(rule)
        return {"faults": self.faults.shown()}

    def _clock(self, given: Any) -> Object:
        seconds = given.get("advance")
        if not isinstance(seconds, int) or isinstance(seconds, bool) or not 0 <= seconds <= LONGEST_LEAP:
            raise invalid("advance is a whole number of seconds, 0 or more", param="advance")
        with self.state.lock:
            self.state.offset += seconds
            self.state.changed = True
            catch_up(self.state)
            now = self.state.now()
        self.state.keys.prune(now=now)
        return {"now": now, "offset": self.state.offset}

    def _register(self, given: Any) -> Object:
        url, secret = given.get("url"), given.get("secret", "")
        if not isinstance(url, str) or not isinstance(secret, str):
            raise invalid("url and secret are text", param="url")
        self.sender.register(url, secret)
        return self._webhooks()

    def _resend(self, event_id: str) -> Object:
        with self.state.lock:
            event = self.state.get("event", event_id)
        self.sender.resend(event)
        return {"resent": event_id}


def _body(request: Request) -> Any:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise ApiError(415, "Send JSON, with Content-Type: application/json.")
    try:
        given = json.loads(request.body or "{}")
    except ValueError as error:
        raise invalid(f"Not JSON: {error}") from error
    if not isinstance(given, dict) and not (isinstance(given, list) and all(isinstance(g, dict) for g in given)):
        raise invalid("Send a JSON object.")
    if isinstance(given, list) and not request.path.endswith("/faults"):
        raise invalid("Send a JSON object.")
    return given
