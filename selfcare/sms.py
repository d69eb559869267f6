"""The way out for every text message: a row in the outbox, and a provider that takes it over HTTP.

Without a provider (`SMS_URL`) the messages are written to the log, as in a trial. Notices go by mail as well, so a
message that cannot be sent is given up early.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import requests
import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.translation import override

from selfcare.models import Brand, Customer, OutgoingSms

log = structlog.get_logger(__name__)
LONGEST = 480  # three parts of a message in the alphabet of most languages
MAX_TRIES = 4
WAIT = timedelta(minutes=2)
TIMEOUT = 10  # seconds
# Nobody may have us send more to one number, whatever he presses: such messages are paid for.
MOST_AN_HOUR, MOST_A_DAY = 3, 10


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

    Nothing happens for a number that has had MOST_AN_HOUR or MOST_A_DAY.
    """
    sent = OutgoingSms.objects.filter(to=to)
    in_an_hour = sent.filter(created_at__gt=now - timedelta(hours=1)).count()
    in_a_day = sent.filter(created_at__gt=now - timedelta(days=1)).count()
    if in_an_hour >= MOST_AN_HOUR or in_a_day >= MOST_A_DAY:
        log.warning("sms_limit", key=key)
        return
    with override(language):
        text = render_to_string(f"sms/{template}.txt", {"brand": Brand.current(), "customer": customer, **context})
    body = " ".join(text.split())[:LONGEST]
    row = OutgoingSms(customer=customer, key=key[:120], to=to, body=body, created_at=now)
    OutgoingSms.objects.bulk_create([row], ignore_conflicts=True)


def send_due(*, now: datetime, limit: int) -> int:
    """Send at most `limit` messages that are due and give how many went out."""
    sent = 0
    for _round in range(limit):
        message = take(now=now)
        if message is None:
            break
        sent += deliver(message, now=now)
    return sent


@transaction.atomic
def take(*, now: datetime) -> OutgoingSms | None:
    """The message that waits longest, for this worker alone until it is tried again."""
    waiting = OutgoingSms.objects.filter(sent_at=None, tries__lt=MAX_TRIES)
    due = waiting.filter(Q(next_try_at=None) | Q(next_try_at__lte=now)).order_by("id")
    message: OutgoingSms | None = due.select_for_update(skip_locked=True).first()
    if message is not None:
        message.tries += 1
        message.next_try_at = now + WAIT
        message.save(update_fields=["tries", "next_try_at"])
    return message


def deliver(message: OutgoingSms, *, now: datetime) -> bool:
    """Hand the message to the provider, or else to the log, and write down whether it was taken."""
    try:
        (by_http if settings.SMS_URL else by_log)(message)
    except requests.RequestException as error:
        message.last_error = type(error).__name__  # its text may name the address with the secret in it
        message.save(update_fields=["last_error"])
        return False
    message.sent_at, message.next_try_at, message.last_error = now, None, ""
    message.save(update_fields=["sent_at", "next_try_at", "last_error"])
    return True


def by_log(message: OutgoingSms) -> None:
    """What a trial has in place of a provider."""
    log.info("sms", to=str(message.to), body=message.body)


def by_http(message: OutgoingSms) -> None:
    """One POST of JSON with a bearer token; the provider sees the same `id` when a message is sent again."""
    answer = requests.post(
        settings.SMS_URL,
        json={"to": message.to.as_e164, "text": message.body, "id": str(message.pk)},
        headers={"Authorization": f"Bearer {settings.SMS_TOKEN}"},
        timeout=TIMEOUT,
        allow_redirects=False,
    )
    answer.raise_for_status()
