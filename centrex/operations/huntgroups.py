"""Huntgroups: add, change, delete. Only the main office does it; who is in a group: `membership`."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from centrex.models import CallQueue, DialCode, Extension, Huntgroup
from centrex.operations import membership, numbers, queues
from centrex.operations.extensions import refuse_foreign_branch
from centrex.queries.huntgroups import menus_leading_to
from selfcare.errors import Refused
from selfcare.models import AuditEvent, User
from selfcare.models.audit import differences
from selfcare.models.history import one_act

FIELDS = ("number", "name", "branch_office", "sequence", "caller_id", "pickup_allowed")


@transaction.atomic
def add_huntgroup(*, user: User, huntgroup: Huntgroup) -> Huntgroup:
    """Save a new huntgroup, still empty; Refused at the number or the branch office."""
    office = numbers.locked_office(huntgroup.customer)
    refuse_foreign_branch(office, huntgroup)
    numbers.claim(office=office, code=huntgroup.number, kind=DialCode.Kind.HUNTGROUP)
    huntgroup.save()
    changes = differences(Huntgroup(customer=office), huntgroup, FIELDS)
    AuditEvent.write(user=user, action="add", record=huntgroup, changes=changes)
    return huntgroup


@transaction.atomic
def edit_huntgroup(*, user: User, huntgroup: Huntgroup, version: int | None) -> Huntgroup:
    """Save a changed huntgroup; Outdated when somebody saved it since `version`, Refused as for adding."""
    office = numbers.locked_office(huntgroup.customer)
    old = Huntgroup.locked(huntgroup.pk, huntgroup.version if version is None else version)
    changes = differences(old, huntgroup, FIELDS)
    if not changes:
        return huntgroup
    refuse_foreign_branch(office, huntgroup)
    numbers.move(office=office, old=old.number, new=huntgroup.number)
    huntgroup.version = old.version + 1
    huntgroup.save()
    AuditEvent.write(user=user, action="edit", record=huntgroup, changes=changes)
    return huntgroup


@transaction.atomic
@one_act
def delete_huntgroup(*, user: User, huntgroup: Huntgroup) -> None:
    """Delete a huntgroup with its queue: its number is free again; what points at it no longer does.

    Refused while a menu of an auto attendant leads to it: only a person can say where its callers go then.
    """
    office = numbers.locked_office(huntgroup.customer)
    current = Huntgroup.locked(huntgroup.pk, None)
    for choice in menus_leading_to(current):
        facts = {"menu": choice.menu, "line": choice.menu.line}
        raise Refused(_("The menu “%(menu)s” of line %(line)s still leads to this huntgroup.") % facts)
    for extension in Extension.objects.filter(primary_group=current).select_related("primary_group"):
        membership.set_primary(user=user, extension=extension, group=None)
    membership.leave_outer_groups(user=user, group=current)
    for queue in CallQueue.objects.filter(huntgroup=current):
        queues.delete_queue(user=user, queue=queue)
    numbers.release(office=office, code=current.number)
    AuditEvent.write(user=user, action="delete", record=current)
    current.delete()
