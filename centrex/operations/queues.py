"""Call queues: add, change, delete. Only the main office does it, as with the huntgroups that they stand before."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from centrex.models import CallQueue, Sound
from centrex.operations.numbers import locked_office
from selfcare.errors import Refused
from selfcare.models import AuditEvent, Customer, User
from selfcare.models.audit import differences

FIELDS = ("huntgroup", "max_waiting", "call_seconds", "max_connected", "music")


@transaction.atomic
def add_queue(*, user: User, queue: CallQueue) -> CallQueue:
    """Save a new queue; Refused when its huntgroup has one already."""
    office = locked_office(queue.customer)
    refuse_unfit(office, queue)
    queue.save()
    blank = CallQueue(customer=office, huntgroup=queue.huntgroup)  # the record's name says which group it is
    AuditEvent.write(user=user, action="add", record=queue, changes=differences(blank, queue, FIELDS))
    return queue


@transaction.atomic
def edit_queue(*, user: User, queue: CallQueue, version: int | None) -> CallQueue:
    """Save a changed queue; Outdated when somebody saved it since `version`, Refused as for adding."""
    office = locked_office(queue.customer)
    old = CallQueue.locked(queue.pk, queue.version if version is None else version)
    changes = differences(old, queue, FIELDS)
    if not changes:
        return queue
    refuse_unfit(office, queue)
    queue.version = old.version + 1
    queue.save()
    AuditEvent.write(user=user, action="edit", record=queue, changes=changes)
    return queue


@transaction.atomic
def delete_queue(*, user: User, queue: CallQueue) -> None:
    """Delete a queue: callers of its huntgroup no longer wait in line."""
    locked_office(queue.customer)
    current = CallQueue.locked(queue.pk, None)
    AuditEvent.write(user=user, action="delete", record=current)
    current.delete()


def refuse_unfit(office: Customer, queue: CallQueue) -> None:
    """Refused for a huntgroup or a music that is not the office's, and for a group that has a queue."""
    group, music = queue.huntgroup, queue.music
    if group.customer_id != office.pk:
        raise Refused(_("This is not one of your huntgroups."), field="huntgroup")
    if CallQueue.objects.filter(huntgroup=group).exclude(pk=queue.pk).exists():
        raise Refused(_("Huntgroup %(group)s has a call queue already.") % {"group": group}, field="huntgroup")
    if music is not None and (music.customer_id != office.pk or music.purpose != Sound.Purpose.MUSIC):
        raise Refused(_("Choose one of your own pieces of music."), field="music")
