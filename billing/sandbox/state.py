"""Everything the sandbox remembers: objects by kind, its clock, the lock around both, the file they are in.

Objects are plain dictionaries in Stripe's shapes. Names that begin with an underscore are the sandbox's own
notes and never leave it.
"""

import json
import os
import secrets
import string
import threading
import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

from . import errors
from .idempotency import Keys

Object = dict[str, Any]

API_VERSION = "2026-10-28.endive"
ALPHABET = string.ascii_letters + string.digits
# kind of object -> (prefix of its ids, name in messages)
KINDS = {
    "customer": ("cus_", "customer"),
    "payment_method": ("pm_", "PaymentMethod"),
    "payment_intent": ("pi_", "payment_intent"),
    "setup_intent": ("seti_", "setupintent"),
    "checkout.session": ("cs_test_", "checkout.session"),
    "charge": ("ch_", "charge"),
    "refund": ("re_", "refund"),
    "dispute": ("dp_", "dispute"),
    "mandate": ("mandate_", "mandate"),
    "setup_attempt": ("setatt_", "setup_attempt"),
    "pnm_order": ("pnmorder_", "PayNearMe order"),
    "pnm_payment": ("pnmpayment_", "PayNearMe payment"),
    "pnm_callback": ("pnmcallback_", "PayNearMe callback"),
    "event": ("evt_", "event"),
}


# What objects have by now that an older sandbox did not give them, so that its file can still be read.
ADDED: dict[str, Object] = {
    "payment_method": {"_decline": ""},
    "payment_intent": {"_due_at": None, "_mandate": ""},
    "checkout.session": {"_failed": False, "saved_payment_method_options": None},
    "refund": {"failure_reason": None, "_fate": "", "_due_at": None},
}
# How long a bank takes to answer a debit, on the sandbox's clock.
BANK_DAYS = 4


def new_token(length: int = 24) -> str:
    """Letters and digits that nobody guesses."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def public(value: Any) -> Any:
    """A copy without the sandbox's own notes."""
    if isinstance(value, dict):
        return {k: public(v) for k, v in value.items() if not k.startswith("_")}
    if isinstance(value, list):
        return [public(part) for part in value]
    return value


class State:
    """All objects. Whoever reads or writes holds `lock`."""

    def __init__(self, *, public_url: str = "", file: Path | None = None) -> None:
        self.lock = threading.RLock()
        self.public_url = public_url
        self.file = file
        self.listeners: list[Callable[[Object], None]] = []
        self.endpoint_count: Callable[[], int] = lambda: 0
        # id and idempotency key of the API request at work, for the events it causes
        self.request: Object = {"id": None, "idempotency_key": None}
        self.objects: dict[str, dict[str, Object]] = {}
        self.keys = Keys()
        self.offset = 0
        self.bank_days: float = BANK_DAYS
        self.changed = False
        self.clear()
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
            if file.exists():
                self._load(file)

    def clear(self) -> None:
        """Forget every object and put the clock right."""
        self.objects = {kind: {} for kind in KINDS}
        self.keys.clear()
        self.offset = 0
        self.changed = True

    def now(self) -> int:
        """Seconds since 1970 on the sandbox's own clock."""
        return int(time.time()) + self.offset

    def add(self, kind: str, fields: Object) -> Object:
        """Keep a new object under a new id."""
        object_id = KINDS[kind][0] + new_token(40 if kind == "checkout.session" else 24)
        made: Object = {
            "id": object_id,
            "object": kind,
            "created": self.now(),
            "livemode": False,
            **fields,
        }
        self.objects[kind][object_id] = made
        self.changed = True
        return made

    def get(self, kind: str, object_id: str, *, param: str = "id") -> Object:
        """The object of that id; 404 if there is none."""
        found = self.objects[kind].get(object_id)
        if found is None:
            raise errors.missing(KINDS[kind][1], object_id, param=param)
        return found

    def find(self, object_id: str) -> Object | None:
        """The object of that id, of whatever kind."""
        for kind, (prefix, _) in KINDS.items():
            if object_id.startswith(prefix):
                return self.objects[kind].get(object_id)
        return None

    def bank_answers_at(self, *, slow: bool = False) -> int:
        """When a bank that is asked now will answer."""
        return self.now() + int(self.bank_days * 24 * 3600 * (2 if slow else 1))

    def newest(self, kind: str, **where: Any) -> Iterator[Object]:
        """Objects of one kind, newest first, whose fields equal `where`."""
        for thing in reversed(list(self.objects[kind].values())):
            if all(thing.get(name) == value for name, value in where.items()):
                yield thing

    def emit(self, event_type: str, thing: Object) -> Object:
        """Record an event with a photograph of the object, and tell who listens."""
        self.changed = True
        event = self.add(
            "event",
            {
                "api_version": API_VERSION,
                "data": {"object": deepcopy(public(thing))},
                "pending_webhooks": self.endpoint_count(),
                "request": dict(self.request),
                "type": event_type,
            },
        )
        for listener in self.listeners:
            listener(event)
        return event

    def save(self) -> None:
        """Write the file, if there is one and something changed."""
        if self.file is None:
            return
        with self.lock:
            if not self.changed:
                return
            text = json.dumps({"version": 1, "offset": self.offset, "objects": self.objects, "keys": self.keys.dump()})
            self.changed = False
        partial = self.file.with_name(f"{self.file.name}.partial")
        # Written beside and moved, so that a crash never leaves half a file; readable by the owner alone.
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
        partial.replace(self.file)

    def _load(self, file: Path) -> None:
        stored = json.loads(file.read_text(encoding="utf-8"))
        if stored.get("version") != 1:
            raise ValueError(f"{file} was not written by this sandbox")
        self.offset = stored["offset"]
        for kind, things in stored["objects"].items():
            self.objects[kind].update({key: {**ADDED.get(kind, {}), **thing} for key, thing in things.items()})
        self.keys.load(stored["keys"])
        self.changed = False
