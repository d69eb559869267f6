"""A worker of auto-pay that is killed at a chosen moment; run by `test_kill.py`.

Arguments: the database's settings as JSON, the sandbox's address, the place to die at, the time, and an event's id.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

import django

from tests.billing.payments.dying import die


def on_call(number: int, call: Callable[..., Any]) -> Callable[..., Any]:
    """As `call`, until it is called for that time: then the process dies instead."""
    calls: list[None] = []

    def counted(*args: Any, **kwargs: Any) -> Any:
        calls.append(None)
        if len(calls) == number:
            die()
        return call(*args, **kwargs)

    return counted


def die_after_sending(ending: str) -> None:
    """Die when a request to an address that ends so has left, before any of its answer was read."""
    from urllib3.connection import HTTPConnection  # noqa: PLC0415

    send, read = HTTPConnection.request, HTTPConnection.getresponse

    def request(self: Any, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        self.is_the_last = method == "POST" and url.endswith(ending)
        return send(self, method, url, *args, **kwargs)

    def getresponse(self: Any) -> Any:
        if self.is_the_last:
            die()
        return read(self)

    HTTPConnection.request, HTTPConnection.getresponse = request, getresponse  # type: ignore[method-assign]


def main(database: str, address: str, place: str, now: str, event: str = "") -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    os.environ["SELFCARE_TEST_DATABASE_URL"] = "postgres://nobody@127.0.0.1:1/none"
    django.setup()
    from django.conf import settings  # noqa: PLC0415 - after the settings are chosen
    from django.db import connection  # noqa: PLC0415

    from billing.operations import provider_events  # noqa: PLC0415
    from billing.operations.autopay import trying  # noqa: PLC0415
    from billing.operations.payments import charging, settle  # noqa: PLC0415
    from tests.billing.payments.autopay.charged import turn  # noqa: PLC0415

    connection.settings_dict.update(json.loads(database))
    settings.STRIPE_API_BASE = address
    places: dict[str, tuple[Any, str, int]] = {
        "K1 before the payment is written down": (trying, "begin_payment", 1),
        "K2 after it": (trying, "charge_stored", 1),
        "K4 the answer is not kept": (charging, "apply_provider_state", 1),
        "K5 the provider's id is kept": (charging, "still_wanted", 1),
        "K7 confirmed, not kept": (charging, "apply_provider_state", 2),
        "K8 booked, not looked at": (trying, "judge", 1),
        "K9 before the receipt": (settle, "_tell_payer", 1),
        "K10 the notice is stored": (provider_events, "_question", 1),
        "K11 the notice is processed": (provider_events, "_done", 1),
    }
    if place in places:
        module, name, number = places[place]
        setattr(module, name, on_call(number, getattr(module, name)))
    else:
        die_after_sending("/confirm" if place.startswith("K6") else "/v1/payment_intents")
    if event:
        provider_events.process_event(event_id=int(event), now=datetime.fromisoformat(now))
    else:
        turn(datetime.fromisoformat(now))
    die()


if __name__ == "__main__":
    main(*sys.argv[1:])
