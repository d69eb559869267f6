"""A process of the portal that is killed at a chosen moment; run by `test_kill.py`.

Arguments: the database's settings as JSON, the sandbox's address, what to do, where to die, and an id.
"""

import json
import os
import signal
import sys
from uuid import UUID

import django


def die(*_args: object, **_kwargs: object) -> None:
    """As `kill -9` would: no handler runs, no transaction is ended politely."""
    os.kill(os.getpid(), signal.SIGKILL)


def main(database: str, address: str, act: str, place: str, key: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    os.environ["SELFCARE_TEST_DATABASE_URL"] = "postgres://nobody@127.0.0.1:1/none"
    django.setup()
    from django.conf import settings  # noqa: PLC0415 - after the settings are chosen
    from django.db import connection  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from billing.gateways.stripe import Stripe  # noqa: PLC0415
    from billing.models import Payment, Refund  # noqa: PLC0415
    from billing.operations import provider_events, refunds  # noqa: PLC0415
    from billing.operations.payments import check_payment, open_session, sessions, settle  # noqa: PLC0415
    from billing.operations.refunds import asking  # noqa: PLC0415
    from billing.operations.refunds import settle as refund_settle  # noqa: PLC0415

    connection.settings_dict.update(json.loads(database))
    settings.STRIPE_API_BASE = address
    places = {
        "before the call": (Stripe, "open_page"),
        "before the answer is kept": (sessions, "apply_provider_state"),
        "before the booking": (settle, "_book"),
        "before the allocation": (settle, "allocate"),
        "before the mail": (settle, "_tell_payer"),
        "before the event is done": (provider_events, "_done"),
        "before the refund is asked": (Stripe, "refund"),
        "before the refund's answer is kept": (asking, "apply_refund"),
        "before the refund moves": (refund_settle, "_move"),
    }
    if place in places:
        setattr(*places[place], die)
    now = timezone.now()
    if act == "open":
        open_session(payment=Payment.objects.get(pk=UUID(key)), now=now)
    elif act == "refund":
        refunds.ask_refund(refund=Refund.objects.get(pk=UUID(key)), now=now)
    elif act == "check":
        check_payment(payment_id=UUID(key), now=now)
    else:
        provider_events.process_event(event_id=int(key), now=now)
    die()


if __name__ == "__main__":
    main(*sys.argv[1:])
