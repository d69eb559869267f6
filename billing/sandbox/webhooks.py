"""The sender of signed webhooks: a thread for each address, which tries again until it is taken.

Signature: `Stripe-Signature: t=<unix>,v1=<hex>`, HMAC-SHA256 of `<unix>.<body>` under the endpoint's secret.
"""

import hashlib
import heapq
import hmac
import itertools
import json
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from .errors import invalid
from .faults import Faults
from .posting import exchange
from .state import Object, public

# Seconds before each further try: a day's patience of the real service, scaled for a demonstration.
DELAYS: tuple[float, ...] = (1, 2, 5, 15, 60)
DEFAULT_SECRET = "whsec_sandbox"  # noqa: S105 - a development secret, printed at start
REMEMBERED = 200


def signature(payload: bytes, secret: str, *, timestamp: int) -> str:
    """The header's value for this body at this time."""
    signed = str(timestamp).encode() + b"." + payload
    return f"t={timestamp},v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"


def post(url: str, event: Object, secret: str) -> int:
    """Send an event once, signed; the HTTP status, or 0 when nobody answered."""
    payload = json.dumps(public(event), indent=2).encode()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Stripe/1.0 (payment sandbox)",
        "Stripe-Signature": signature(payload, secret, timestamp=int(time.time())),
    }
    return exchange(url, payload, headers)[0]


class Endpoint:
    """One receiver and its queue: `deliver` sends once and tells the HTTP status; anything but 2xx is tried again."""

    def __init__(self, url: str, deliver: Callable[[Object], int], delays: Sequence[float], log: deque[Object]) -> None:
        self.url = url
        self._deliver = deliver
        self._delays = delays
        self._log = log
        self._queue: list[tuple[float, int, int, Object]] = []
        self._numbers = itertools.count(1)
        self._wake = threading.Condition()
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name=f"webhooks to {url}", daemon=True)
        self._thread.start()

    def put(self, event: Object, *, at: float = 0.0, last_first: bool = False, tries: int = 0) -> None:
        """Queue an event, due at a monotonic time; `last_first` turns a batch due together around."""
        number = next(self._numbers)
        with self._wake:
            heapq.heappush(self._queue, (at, -number if last_first else number, tries, event))
            self._wake.notify()

    def clear(self) -> None:
        """Drop what waits."""
        with self._wake:
            self._queue.clear()

    def stop(self) -> None:
        """End the thread once it has done what it is at."""
        with self._wake:
            self._stopped = True
            self._wake.notify()

    def waiting(self) -> int:
        """How many deliveries are still to come."""
        with self._wake:
            return len(self._queue)

    def _next(self) -> tuple[int, Object] | None:
        with self._wake:
            while not self._stopped:
                wait = self._queue[0][0] - time.monotonic() if self._queue else None
                if wait is not None and wait <= 0:
                    _, _, tries, event = heapq.heappop(self._queue)
                    return tries, event
                self._wake.wait(wait)
        return None

    def _run(self) -> None:
        while (due := self._next()) is not None:
            tries, event = due
            status = self._deliver(event)
            self._log.append(
                {
                    "event": event["id"],
                    "type": event["type"],
                    "url": self.url,
                    "status": status,
                    "try": tries + 1,
                }
            )
            if 200 <= status < 300:
                event["pending_webhooks"] = max(0, event["pending_webhooks"] - 1)
            else:
                delay = self._delays[min(tries, len(self._delays) - 1)]
                self.put(event, at=time.monotonic() + delay, tries=tries + 1)


class Merchant(Endpoint):
    """An address that Stripe's events go to, signed with its secret."""

    def __init__(self, url: str, secret: str, delays: Sequence[float], log: deque[Object]) -> None:
        if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
            raise invalid(f"Not an http(s) address: {url}", param="url")
        self.secret = secret
        super().__init__(url, lambda event: post(self.url, event, self.secret), delays, log)


class Sender:
    """All addresses; hands each event to every one of them, through the faults."""

    def __init__(self, faults: Faults, *, secret: str = DEFAULT_SECRET, delays: Sequence[float] = DELAYS) -> None:
        self.faults = faults
        self.secret = secret
        self.delays = delays
        self.endpoints: dict[str, Merchant] = {}
        self.log: deque[Object] = deque(maxlen=REMEMBERED)

    def register(self, url: str, secret: str = "") -> Merchant:
        """Send to this address from now on; a known one keeps its queue and gets the new secret."""
        known = self.endpoints.get(url)
        if known is not None:
            known.secret = secret or known.secret
            return known
        endpoint = Merchant(url, secret or self.secret, self.delays, self.log)
        self.endpoints[url] = endpoint
        return endpoint

    def send(self, event: Object) -> None:
        """Queue an event as it happens, for every address; the rules in force may meet it."""
        self.through_faults(event, self.resend)

    def through_faults(self, event: Object, queue: Callable[..., None]) -> None:
        """Hand an event to `queue`, lost, doubled, late or shuffled as the rules in force have it."""
        fault = self.faults.for_event(event["type"])
        if fault is None:
            queue(event)
        elif fault.kind == "webhook_lost":
            self.log.append({"event": event["id"], "type": event["type"], "lost": True})
        elif fault.kind == "webhook_duplicate":
            for _ in range(fault.copies):
                queue(event)
        elif fault.kind == "webhook_late":
            queue(event, at=time.monotonic() + fault.seconds)
        else:
            queue(event, at=fault.release, last_first=True)

    def resend(self, event: Object, **when: Any) -> None:
        """Queue an event for every address, faults or no faults."""
        for endpoint in list(self.endpoints.values()):
            endpoint.put(event, **when)

    def clear(self) -> None:
        """Drop what waits and what was noted; the addresses stay."""
        for endpoint in list(self.endpoints.values()):
            endpoint.clear()
        self.log.clear()

    def stop(self) -> None:
        for endpoint in list(self.endpoints.values()):
            endpoint.stop()
