"""The undo itself."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from centrex.models import Huntgroup, Menu
from centrex.operations.attendant import put_back_menu
from centrex.operations.extensions import edit_extension
from centrex.operations.membership import set_contents
from centrex.operations.undo.kinds import Kind, cannot_be_undone, kind_of
from centrex.operations.undo.plans import plan_edit, plan_removal, plan_return
from selfcare.models import AuditEvent, Customer, User, Versioned
from selfcare.models.audit import acting
from selfcare.reversal import current, refuse_outdated


@transaction.atomic
def undo(*, user: User, event: AuditEvent, version: int | None, fixed: Collection[str] = ()) -> Versioned:
    """Turn `event` back but for the fields `fixed`, and return the record.

    Outdated when it was saved since `version`, Refused as by the act of its page. The undo is written down as an
    event of its own, which can be undone as well.
    """
    kind = kind_of(event)
    # First the customer, then his record: the order in which every act on it locks.
    Customer.locked(event.customer_id, None)
    with acting(page=event.page, undoes=event):
        match event.action:
            case "edit":
                return change_back(user, event, kind, version, fixed)
            case "add" if kind.delete:
                return remove(user, event, kind, version)
            case "delete" if kind.add:
                return bring_back(user, event, kind)
    raise cannot_be_undone()


def change_back(user: User, event: AuditEvent, kind: Kind, version: int | None, fixed: Collection[str]) -> Versioned:
    """The former values through the page's act, with a menu's choices; a huntgroup's contents through their own."""
    refuse_outdated(current(event, kind.model), version)
    edit = plan_edit(event, kind, fixed)
    record = edit.plan.record
    if edit.choices is not None and isinstance(record, Menu):
        put_back_menu(user=user, menu=record, version=record.version, choices=edit.choices)
    elif edit.fields:
        kind.edit(user, record, record.version)
    if edit.parts is not None:
        edit.parts(user)
        record.refresh_from_db()
    if edit.contents is not None and isinstance(record, Huntgroup):
        members, included = edit.contents.members, edit.contents.included
        set_contents(user=user, huntgroup=record, version=None, members=members, included=included)
        for extension, group in edit.primary:
            extension.refresh_from_db()
            extension.primary_group = group
            edit_extension(user=user, extension=extension, version=None)
    return record


def remove(user: User, event: AuditEvent, kind: Kind, version: int | None) -> Versioned:
    refuse_outdated(current(event, kind.model), version)
    record = plan_removal(event, kind).record
    if kind.delete is None:
        raise cannot_be_undone()
    kind.delete(user, record)
    return record


def bring_back(user: User, event: AuditEvent, kind: Kind) -> Versioned:
    """The record under its old id, so that its history goes on; then what went with it."""
    plan, back = plan_return(event, kind)
    if kind.add is None:
        raise cannot_be_undone()
    kind.add(user, plan.record)
    back.follow(user=user, record=plan.record)
    return plan.record
