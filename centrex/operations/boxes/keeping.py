"""Order among the messages of a box: heard, marked, starred, deleted, and gone with their mail."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from centrex.models import BoxMessage
from centrex.operations.sounds.keeping import forget
from selfcare import formats
from selfcare.errors import Refused
from selfcare.models import AuditEvent, Customer, User

BATCH = 200


def mark_heard(message: BoxMessage) -> None:
    """A new message that somebody opens is seen; an answered one stays answered."""
    new = BoxMessage.objects.filter(pk=message.pk, status=BoxMessage.Status.NEW)
    new.update(status=BoxMessage.Status.SEEN)


@transaction.atomic
def mark_messages(*, customer: Customer, ids: Collection[int], status: str) -> int:
    """Give these messages a status (BoxMessage.Status), and say how many; Refused when one is gone."""
    return BoxMessage.objects.filter(pk__in=[each.pk for each in locked(customer, ids)]).update(status=status)


@transaction.atomic
def star_message(*, customer: Customer, pk: int) -> BoxMessage:
    """Star a message, or take its star away; Refused when it is gone."""
    (message,) = locked(customer, [pk])
    message.starred = not message.starred
    message.save(update_fields=["starred"])
    return message


@transaction.atomic
def delete_messages(*, user: User, customer: Customer, ids: Collection[int]) -> int:
    """Delete these messages for good and say how many; Refused when one is gone already."""
    messages = locked(customer, ids)
    label = str(BoxMessage._meta.get_field("received_at").verbose_name)
    for message in messages:
        was = {label: [formats.moment(message.received_at), ""]}
        AuditEvent.write(user=user, action="delete", record=message, changes=was)
        drop(message)
    return len(messages)


def remove_forwarded() -> int:
    """Let those messages go whose mail was sent, and say how many; while it is not, they stay in the box."""
    count = 0
    sent = BoxMessage.objects.filter(leaves_with__sent_at__isnull=False).order_by("pk")
    for pk in list(sent.values_list("pk", flat=True)[:BATCH]):
        count += remove_sent(pk)
    return count


@transaction.atomic
def remove_sent(pk: int) -> int:
    """Delete one message that went out with its mail, unless somebody is about to do the same."""
    rows = BoxMessage.objects.select_for_update(skip_locked=True, of=("self",))
    message = rows.filter(pk=pk, leaves_with__sent_at__isnull=False).first()
    if message is None:
        return 0
    drop(message)
    return 1


def locked(customer: Customer, ids: Collection[int]) -> list[BoxMessage]:
    """The customer's messages with these ids, for this transaction alone; Refused when one is gone."""
    rows = BoxMessage.for_customer(customer).select_for_update(of=("self",)).filter(pk__in=ids)
    found = list(rows.select_related("line").order_by("pk"))
    if len(found) < len(set(ids)):
        raise Refused(_("Somebody deleted one of these messages meanwhile. Choose again."))
    return found


def drop(message: BoxMessage) -> None:
    """Delete the row, and its files once that is certain."""
    files = [(file.storage, file.name) for file in (message.file, message.tiff) if file.name]
    message.delete()
    transaction.on_commit(lambda: forget(files))
