"""The way out for every mail: a row in the outbox, written in the transaction that causes the mail."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.translation import override

from selfcare.models import Brand, Customer, MailAttachment, OutgoingMail

MAX_TRIES = 10
DELAYS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
)
LATER = timedelta(days=1)
# For how long a mail belongs to the worker that took it; longer than any one sending can last.
LEASE = timedelta(minutes=15)
# What a mail server, the network, or an address that cannot be written into a header ends in.
FAILURES = (SMTPException, OSError, ValueError)


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that goes with a mail; `name` is what the reader's computer calls it."""

    name: str
    content_type: str
    data: bytes


def post(
    *,
    template: str,
    context: dict[str, Any],
    to: Iterable[str],
    key: str,
    customer: Customer | None = None,
    language: str = "en",
    attached: Sequence[Attached] = (),
) -> None:
    """Put the mail `templates/emails/<template>/` into the outbox, once for each `key`.

    The folder has `subject.txt` and `body.txt`. Sending, and trying again, is a task's business.
    """
    recipients = [address for address in to if address]
    if not recipients:
        return
    with override(language):
        context = {"brand": Brand.current(), "customer": customer, **context}
        subject = render_to_string(f"emails/{template}/subject.txt", context)
        body = render_to_string(f"emails/{template}/body.txt", context).strip() + "\n"
    put(to=recipients, subject=subject, body=body, key=key, customer=customer, attached=attached)


def put(
    *,
    to: list[str],
    subject: str,
    body: str,
    key: str,
    customer: Customer | None = None,
    attached: Sequence[Attached] = (),
) -> None:
    """Put a finished text into the outbox, once for each `key`; a subject of several lines becomes one."""
    bcc = [customer.bcc] if customer and customer.bcc else []
    subject = " ".join(subject.split())[:200]
    OutgoingMail.objects.bulk_create(
        [OutgoingMail(customer=customer, key=key[:120], to=to, bcc=bcc, subject=subject, body=body)],
        ignore_conflicts=True,
    )
    if attached:
        keep_attached(OutgoingMail.objects.get(key=key[:120]), attached)


def keep_attached(mail: OutgoingMail, attached: Sequence[Attached]) -> None:
    """Keep copies of the files until the mail is sent; the same mail put twice has them once."""
    if mail.sent_at is not None or mail.attachments.exists():
        return
    for each in attached:
        kept = MailAttachment(mail=mail, name=each.name, content_type=each.content_type)
        kept.file.save("", ContentFile(each.data))


def send_due(*, now: datetime, limit: int) -> int:
    """Send at most `limit` mails that are due and give how many went out.

    A mail server that does not answer ends the round: only the mail in hand has used up a try.
    """
    sent = 0
    with_server = get_connection()
    try:
        for _round in range(limit):
            mail = take(now=now)
            if mail is None:
                break
            try:
                with_server.open()
            except FAILURES as error:
                put_back(mail, error, now=now)
                break
            sent += deliver(mail, with_server, now=now)
    finally:
        with_server.close()
    return sent


@transaction.atomic
def take(*, now: datetime) -> OutgoingMail | None:
    """The mail that waits longest, for this worker alone until LEASE is over.

    The row lock lasts for this short transaction only, so that a slow mail server holds none open. A worker that
    dies while sending leaves the mail to the next one, which repeats it under the same Message-ID at worst.
    """
    waiting = OutgoingMail.objects.filter(sent_at=None, tries__lt=MAX_TRIES)
    due = waiting.filter(Q(next_try_at=None) | Q(next_try_at__lte=now)).order_by("id")
    mail = due.select_for_update(skip_locked=True).first()
    if mail is not None:
        mail.tries += 1
        mail.next_try_at = now + LEASE
        mail.save(update_fields=["tries", "next_try_at"])
    return mail


def deliver(mail: OutgoingMail, with_server: Any, *, now: datetime) -> bool:
    """Hand `mail` to the mail server and write down whether it was taken."""
    try:
        message(mail, with_server).send()
    except FAILURES as error:
        with_server.close()  # whatever is left of the conversation must not meet the next mail
        put_back(mail, error, now=now)
        return False
    mail.sent_at, mail.next_try_at, mail.last_error = now, None, ""
    mail.save(update_fields=["sent_at", "next_try_at", "last_error"])
    drop_attached(mail)
    return True


@transaction.atomic
def drop_attached(mail: OutgoingMail) -> None:
    """Let the copies of a sent mail's files go: the reader has them now."""
    for kept in mail.attachments.all():
        transaction.on_commit(partial(kept.file.storage.delete, str(kept.file.name)), robust=True)
        kept.delete()


def message(mail: OutgoingMail, with_server: Any = None) -> EmailMessage:
    """The mail as it goes out: its Message-ID follows from the row, and answering machines keep quiet (RFC 3834)."""
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
    headers = {
        "Message-ID": f"<{mail.pk}.{mail.created_at:%Y%m%d%H%M%S}@{host}>",
        "Auto-Submitted": "auto-generated",
    }
    email = EmailMessage(
        subject=mail.subject, body=mail.body, to=mail.to, bcc=mail.bcc, headers=headers, connection=with_server
    )
    for kept in mail.attachments.all():
        with kept.file.open("rb") as file:
            email.attach(kept.name, file.read(), kept.content_type)
    return email


def put_back(mail: OutgoingMail, error: Exception, *, now: datetime) -> None:
    """Try again later, each time after a longer while; after MAX_TRIES the row stays until staff send it again."""
    delay = DELAYS[mail.tries - 1] if mail.tries <= len(DELAYS) else LATER
    mail.next_try_at = now + delay
    mail.last_error = f"{type(error).__name__}: {error}"[:300]
    mail.save(update_fields=["next_try_at", "last_error"])
