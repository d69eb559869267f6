"""Idempotency keys as Stripe keeps them (https://docs.stripe.com/api/idempotent_requests).

The first answer whose execution began is stored, a 500 as well, and given again to the same request; another
request under the same key is refused; a second one while the first is at work gets a 409. Keys go after 24 h.
"""

import hashlib
import json
import threading
from dataclasses import dataclass
from typing import Any

from .errors import ApiError, invalid

LIFETIME = 24 * 3600
MAX_LENGTH = 255


@dataclass
class Answer:
    """What was answered: HTTP status and JSON body."""

    status: int
    body: bytes


@dataclass
class Record:
    """One key: which request it stands for, since when, and its answer once there is one."""

    request: str
    since: int
    answer: Answer | None = None


def fingerprint(method: str, path: str, params: dict[str, Any]) -> str:
    """What makes two requests the same: a digest, so that no parameter is kept."""
    text = json.dumps([method, path, params], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


class Keys:
    """The keys in use, behind a lock of their own: they are asked before the work takes the state's."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._records: dict[str, Record] = {}

    def begin(self, key: str, request: str, *, now: int) -> Answer | None:
        """Claim the key, or get the stored answer; 400 for another request, 409 while one is at work."""
        if len(key) > MAX_LENGTH:
            raise invalid(f"Idempotency keys may have at most {MAX_LENGTH} characters.")
        with self._lock:
            record = self._records.get(key)
            if record is None or (record.answer and record.since + LIFETIME <= now):
                self._records[key] = Record(request, now)
                return None
            if record.request != request:
                raise ApiError(
                    400,
                    "Keys for idempotent requests can only be used with the same endpoint and the same "
                    f"parameters they were first used with. Use another key than '{key}' for this request.",
                    kind="idempotency_error",
                )
            if record.answer is None:
                raise ApiError(
                    409,
                    f"Another request with the idempotency key '{key}' is still at work.",
                    kind="idempotency_error",
                    code="idempotency_key_in_use",
                )
            return record.answer

    def finish(self, key: str, answer: Answer | None) -> None:
        """Keep the answer, or give the key back if nothing was executed."""
        with self._lock:
            record = self._records.get(key)
            if record is None:
                return
            if answer is None:
                del self._records[key]
            else:
                record.answer = answer

    def prune(self, *, now: int) -> None:
        """Forget what is older than a day."""
        with self._lock:
            old = [k for k, r in self._records.items() if r.answer and r.since + LIFETIME <= now]
            for key in old:
                del self._records[key]

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._records.clear()

    def dump(self) -> dict[str, Any]:
        """The answered keys, as JSON takes them."""
        with self._lock:
            return {
                key: [r.request, r.since, r.answer.status, r.answer.body.decode()]
                for key, r in self._records.items()
                if r.answer is not None
            }

    def load(self, stored: dict[str, Any]) -> None:
        """Take back what `dump` gave."""
        with self._lock:
            for key, (request, since, status, body) in stored.items():
                self._records[key] = Record(request, since, Answer(status, body.encode()))
