"""What can be done with a ticket. Each act is one transaction: row, conversation, activity and mail, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import structlog
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from selfcare.errors import Refused
from selfcare.models import AuditEvent, Customer, User
from tickets.backends import Backend, Step
from tickets.backends.local import LocalBackend
from tickets.models import Attachment, Category, Message, Ticket, attachment_path
from tickets.uploads import Upload

BACKEND: Backend = LocalBackend()
Status = Ticket.Status
STAFF_MAY_SET = (Status.OPEN, Status.STALLED, Status.RESOLVED, Status.REJECTED)
log = structlog.get_logger(__name__)


@transaction.atomic
def open_ticket(
    *,
    customer: Customer,
    user: User,
    subject: str,
    category: Category,
    text: str,
    priority: int = Ticket.Priority.NORMAL,
    about: str = "",
    files: Sequence[Upload] = (),
    now: datetime,
) -> Ticket:
    """Report `text` for `customer`; Refused when a file cannot be stored."""
    ticket = Ticket.objects.create(
        customer=customer,
        subject=" ".join(subject.split()),
        category=category,
        priority=priority,
        requestor=user,
        about=about,
        created_at=now,
        updated_at=now,
    )
    message = say(ticket, user, text, now=now)
    AuditEvent.write(user=user, action="add", record=ticket)
    BACKEND.tell(Step.OPENED, ticket, by=user, key=f"ticket-message:{message.pk}", message=message)
    attach(message, files)
    return ticket


@transaction.atomic
def reply(*, ticket: Ticket, user: User, text: str, files: Sequence[Upload] = (), now: datetime) -> Message:
    """The customer's answer: a closed ticket opens again, and one that waited for him waits no more."""
    ticket = locked(ticket)
    message = say(ticket, user, text, now=now)
    move(ticket, ticket.status if ticket.status == Status.NEW else Status.OPEN, user, action="reply", now=now)
    BACKEND.tell(Step.REPLIED, ticket, by=user, key=f"ticket-message:{message.pk}", message=message)
    attach(message, files)
    return message


@transaction.atomic
def close(*, ticket: Ticket, user: User, now: datetime) -> Ticket:
    """The customer needs no more help; Refused when the ticket is closed already."""
    ticket = locked(ticket)
    if ticket.is_closed:
        raise Refused(_("This ticket is closed already."))
    move(ticket, Status.RESOLVED, user, action="close", now=now)
    BACKEND.tell(Step.CLOSED, ticket, by=user, key=f"ticket-closed:{ticket.pk}:{now.isoformat()}")
    return ticket


@transaction.atomic
def reopen(*, ticket: Ticket, user: User, now: datetime) -> Ticket:
    """The matter is not settled; Refused when the ticket is open."""
    ticket = locked(ticket)
    if not ticket.is_closed:
        raise Refused(_("This ticket is open already."))
    move(ticket, Status.OPEN, user, action="reopen", now=now)
    BACKEND.tell(Step.REOPENED, ticket, by=user, key=f"ticket-reopened:{ticket.pk}:{now.isoformat()}")
    return ticket


@transaction.atomic
def staff_reply(
    *,
    ticket: Ticket,
    staff: User,
    text: str,
    status: str = Status.STALLED,
    files: Sequence[Upload] = (),
    now: datetime,
) -> Message:
    """The answer of the telephone company; afterwards the ticket waits for the customer, or is in `status`."""
    ticket = locked(ticket)
    refuse_unless_settable(status)
    message = say(ticket, staff, text, from_staff=True, now=now)
    move(ticket, status, staff, action="answer", now=now)
    BACKEND.tell(Step.ANSWERED, ticket, by=staff, key=f"ticket-message:{message.pk}", message=message)
    attach(message, files)
    return message


@transaction.atomic
def comment_internally(*, ticket: Ticket, staff: User, text: str, now: datetime) -> Message:
    """A note among staff. The ticket's row, the activity that the customer reads, and his mail know nothing of it."""
    return say(ticket, staff, text, from_staff=True, internal=True, now=now)


@transaction.atomic
def set_status(*, ticket: Ticket, staff: User, status: str, now: datetime) -> Ticket:
    """Staff move the ticket without a word; closing and opening it again is told by mail, other moves are not."""
    ticket = locked(ticket)
    refuse_unless_settable(status)
    if status == ticket.status:
        return ticket
    was_closed = ticket.is_closed
    move(ticket, status, staff, action="status", now=now)
    if ticket.is_closed != was_closed:
        step = Step.CLOSED if ticket.is_closed else Step.REOPENED
        BACKEND.tell(step, ticket, by=staff, key=f"ticket-{step}:{ticket.pk}:{now.isoformat()}")
    return ticket


def locked(ticket: Ticket) -> Ticket:
    """The ticket as it is now, kept for this transaction, so that two acts follow each other."""
    rows = Ticket.objects.select_for_update(of=("self",)).select_related("customer", "requestor")
    return rows.get(pk=ticket.pk)


def refuse_unless_settable(status: str) -> None:
    """Refused for a status that a ticket cannot return to."""
    if status not in STAFF_MAY_SET:
        raise Refused(_("A ticket cannot be set to this status."), field="status")


def say(
    ticket: Ticket, author: User, text: str, *, now: datetime, from_staff: bool = False, internal: bool = False
) -> Message:
    """Add to the conversation; the author's name is copied, for he may leave."""
    return Message.objects.create(
        ticket=ticket,
        author=author,
        author_name=str(author)[:150],
        from_staff=from_staff,
        internal=internal,
        text=text,
        created_at=now,
    )


def move(ticket: Ticket, status: str, by: User, *, action: str, now: datetime) -> None:
    """Put the ticket into `status` and write down what the customer may know of it."""
    before = ticket.get_status_display()
    changes = {str(_("Status")): [before, str(Status(status).label)]} if status != ticket.status else {}
    ticket.status, ticket.updated_at = status, now
    ticket.save(update_fields=["status", "updated_at"])
    AuditEvent.write(user=by, action=action, record=ticket, changes=changes)


def attach(message: Message, files: Sequence[Upload]) -> None:
    """Store the files, last in the act; when one cannot be stored none stays on the disk, and the act is refused."""
    paths: list[str] = []
    try:
        for upload in files:
            attachment = Attachment(
                message=message, name=upload.name, content_type=upload.content_type, size=upload.size
            )
            paths.append(attachment_path(attachment, upload.name))
            attachment.file.name = default_storage.save(paths[-1], upload.content)
            attachment.save()
    except OSError as error:
        log.exception("attachment_not_stored", ticket=message.ticket_id)
        forget(paths)
        raise Refused(
            _("The files could not be stored just now. Send your text without them, or choose them again later."),
            field="files",
        ) from error
    except Exception:
        forget(paths)
        raise


def forget(paths: list[str]) -> None:
    """Remove what was stored, half-written files too."""
    for path in paths:
        default_storage.delete(path)
