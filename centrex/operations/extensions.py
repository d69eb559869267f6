"""Extensions: add, change, delete. Only the main office does it, for itself and for its branch offices."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from centrex.models import DialCode, Extension, Huntgroup, HuntgroupMember
from centrex.models.office import OfficeOwned
from centrex.operations import membership, numbers, sounds
from selfcare.errors import Refused
from selfcare.models import AuditEvent, Customer, User
from selfcare.models.audit import differences
from selfcare.models.history import one_act

FIELDS = ("number", "name", "branch_office", "line", "primary_group", "published")


@transaction.atomic
def add_extension(*, user: User, extension: Extension) -> Extension:
    """Save a new extension; Refused at the field that is in the way."""
    office = numbers.locked_office(extension.customer)
    refuse_length(office, extension.number)
    refuse_unfit(office, extension)
    numbers.claim(office=office, code=extension.number, kind=DialCode.Kind.EXTENSION)
    extension.save()
    changes = differences(Extension(customer=office), extension, FIELDS)
    AuditEvent.write(user=user, action="add", record=extension, changes=changes)
    return extension


@transaction.atomic
def edit_extension(*, user: User, extension: Extension, version: int | None) -> Extension:
    """Save a changed extension; Outdated when somebody saved it since `version`, Refused as for adding."""
    office = numbers.locked_office(extension.customer)
    old = Extension.locked(extension.pk, extension.version if version is None else version)
    changes = differences(old, extension, FIELDS)
    if not changes:
        return extension
    if extension.number != old.number:
        refuse_length(office, extension.number)
    refuse_unfit(office, extension)
    numbers.move(office=office, old=old.number, new=extension.number)
    extension.version = old.version + 1
    extension.save()
    AuditEvent.write(user=user, action="edit", record=extension, changes=changes)
    if extension.primary_group_id != old.primary_group_id:
        for group, is_primary in ((old.primary_group, False), (extension.primary_group, True)):
            if group is not None:
                membership.note_primary(user=user, group=group, extension=extension, is_primary=is_primary)
    return extension


@transaction.atomic
@one_act
def delete_extension(*, user: User, extension: Extension) -> None:
    """Delete an extension: its number is free again, its line, huntgroups and recorded name lose it."""
    office = numbers.locked_office(extension.customer)
    current = Extension.locked(extension.pk, None)
    membership.leave_groups(user=user, extension=current)
    numbers.release(office=office, code=current.number)
    AuditEvent.write(user=user, action="delete", record=current)
    recorded_name = current.recorded_name
    current.delete()
    if recorded_name is not None:
        sounds.discard(recorded_name)


def refuse_length(office: Customer, number: str) -> None:
    """Refused for a number that has not the office's length."""
    if len(number) != office.extension_length:
        facts = {"length": office.extension_length, "number": number}
        raise Refused(_("Extension numbers have %(length)s digits here.") % facts, field="number")


def refuse_unfit(office: Customer, extension: Extension) -> None:
    """Refused for a branch, a line or a primary group that does not fit the extension."""
    refuse_foreign_branch(office, extension)
    refuse_foreign_line(office, extension)
    if extension.line is not None:
        other = Extension.objects.filter(line=extension.line).exclude(pk=extension.pk).first()
        refuse_taken_line(other)
    group = extension.primary_group
    if group is not None:
        in_group = HuntgroupMember.objects.filter(huntgroup=group, extension=extension.pk)
        refuse_group_of_others(group, is_member=in_group.exists())


def refuse_foreign_branch(office: Customer, record: OfficeOwned) -> None:
    """Refused for a branch office of somebody else."""
    if record.branch_office is not None and record.branch_office.main_office_id != office.pk:
        raise Refused(_("This is not one of your branch offices."), field="branch_office")


def refuse_foreign_line(office: Customer, extension: Extension) -> None:
    """Refused for a line that another office owns."""
    place = extension.branch_office or office
    if extension.line is not None and extension.line.customer_id != place.pk:
        raise Refused(_("Choose a phone line of %(office)s.") % {"office": place}, field="line")


def refuse_taken_line(other: Extension | None) -> None:
    """Refused when the extension `other` has the line already."""
    if other is not None:
        raise Refused(_("This phone line is already assigned to extension %(other)s.") % {"other": other}, field="line")


def refuse_group_of_others(group: Huntgroup, *, is_member: bool) -> None:
    """Refused for a primary group that does not include the extension."""
    if not is_member:
        raise Refused(
            _("This extension is not in huntgroup %(group)s, so that cannot be its primary group.") % {"group": group},
            field="primary_group",
        )
