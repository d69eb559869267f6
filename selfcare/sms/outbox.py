"""The outbox of text messages: written in the transaction that causes them, handed over by a task, never twice.

A row is marked before it is handed over. Where nobody knows whether the provider has it - the answer never came, or
the worker died meanwhile - it stays so marked and is not sent again: each notice goes by mail as well.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.translation import override

from selfcare.models import Brand, Customer, OutgoingSms
from selfcare.sms.http import ByHttp
from selfcare.sms.limits import DAY, reason_against
from selfcare.sms.smpp import BySmpp
from selfcare.sms.ways import ByLog, NotTaken, Unsure, Way

log = structlog.get_logger(__name__)
LONGEST = 480  # three parts of a message in the alphabet of most languages
MAX_TRIES = 4
DELAYS = (timedelta(minutes=2), timedelta(minutes=5), timedelta(minutes=15))
ONE_AT_A_TIME = 7_736_001  # the number of the lock under which messages are counted
State = OutgoingSms.State


def post(
    *,
    template: str,
    context: dict[str, Any],
    to: str,
    key: str,
    customer: Customer | None,
    language: str = "en",
    now: datetime,
) -> None:
    """Put the message `templates/sms/<template>.txt` into the outbox, once for each `key`; `to` is E.164 with the plus.

    Nothing happens for a number that may have no more (`selfcare.sms.limits`).
    """
    with override(language):
        text = render_to_string(f"sms/{template}.txt", {"brand": Brand.current(), "customer": customer, **context})
    body = " ".join(text.split())[:LONGEST]
    row = OutgoingSms(customer=customer, key=key[:120], to=to, body=body, created_at=now)
    others = OutgoingSms.objects.exclude(state=State.WITHHELD)
    reason = reason_against(row.to, customer=customer, at=now, others=others)
    if reason:
        log.warning("sms_limit", key=key, reason=reason)
        return
    OutgoingSms.objects.bulk_create([row], ignore_conflicts=True)


def send_due(*, now: datetime, limit: int) -> int:
    """Send at most `limit` messages that are due and give how many went out."""
    sent = 0
    with way() as open_way:
        for _round in range(limit):
            message = take(now=now)
            if message is None:
                break
            sent += deliver(message, open_way, now=now)
    return sent


def way() -> Way:
    """The way to the provider of the settings."""
    provider = settings.SMS
    if not provider.url:
        return ByLog()
    return BySmpp(provider) if provider.is_smpp else ByHttp(provider)


def take(*, now: datetime) -> OutgoingSms | None:
    """The message that waits longest, for this worker alone; what may not go out is put aside on the way."""
    while True:
        with transaction.atomic():
            message = _first_due(now)
            if message is None:
                return None
            if message.tries == 0 and not _may_go(message):
                continue
            message.tries += 1
            message.state = State.SENDING
            message.save(update_fields=["tries", "state"])
            return message


def _first_due(now: datetime) -> OutgoingSms | None:
    due = OutgoingSms.objects.filter(Q(next_try_at=None) | Q(next_try_at__lte=now), state=State.WAITING)
    first: OutgoingSms | None = due.select_for_update(skip_locked=True, of=("self",)).order_by("id").first()
    return first


def _may_go(message: OutgoingSms) -> bool:
    """The limits once more, with all that were handed over: two acts at once may both have found room in the outbox."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
    others = OutgoingSms.objects.filter(tries__gt=0, created_at__gt=message.created_at - DAY)
    reason = reason_against(message.to, customer=message.customer, at=message.created_at, others=others)
    if reason:
        message.state, message.last_error = State.WITHHELD, reason
        message.save(update_fields=["state", "last_error"])
        log.warning("sms_withheld", sms=message.pk, reason=reason)
    return not reason


def deliver(message: OutgoingSms, open_way: Way, *, now: datetime) -> bool:
    """Hand the message over and write down what became of it."""
    try:
        open_way.send(message)
    except NotTaken as error:
        is_last = message.tries >= MAX_TRIES
        message.state = State.GIVEN_UP if is_last else State.WAITING
        message.next_try_at = None if is_last else now + DELAYS[message.tries - 1]
        message.last_error = str(error)[:300]
    except Unsure as error:
        message.state, message.last_error = State.UNSURE, str(error)[:300]
    else:
        message.state, message.sent_at, message.next_try_at, message.last_error = State.SENT, now, None, ""
    message.save(update_fields=["state", "sent_at", "next_try_at", "last_error"])
    return message.state == State.SENT
