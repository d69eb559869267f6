"""The undo itself."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from centrex.models import Huntgroup, Menu
from centrex.operations.attendant import put_back_menu
from centrex.operations.extensions import edit_extension
from centrex.operations.membership import set_contents
from centrex.operations.undo.defaults import default_back, is_default
from centrex.operations.undo.kinds import Kind, cannot_be_undone, kind_of
from centrex.operations.undo.plans import plan_edit, plan_removal, plan_return
from centrex.operations.undo.undoing import Undoing
from selfcare.models import AuditEvent, Customer, User, Versioned
from selfcare.models.audit import acting
from selfcare.reversal import current, refuse_outdated


@transaction.atomic
def undo(
    *,
    user: User,
    event: AuditEvent,
    version: int | None,
    now: datetime,
    fixed: Collection[str] = (),
    confirmed: bool = False,
) -> Versioned:
    """Turn `event` back but for the fields `fixed`, and return the record.

    `confirmed`: the user has just given his password again. Outdated when the record was saved since `version`,
    Refused as by the act of its page, at "password" where that asks for it. The undo is written down as an event of
    its own, which can be undone as well.
    """
    by = Undoing(user, now, confirmed)
    # First the customer, then his record: the order in which every act on it locks.
    Customer.locked(event.customer_id, None)
    with acting(page=event.page, undoes=event):
        if is_default(event):
            return default_back(by, event, version, fixed)
        kind = kind_of(event)
        match event.action:
            case "edit":
                return change_back(by, event, kind, version, fixed)
            case "add" if kind.delete:
                return remove(by, event, kind, version)
            case "delete" if kind.add:
                return bring_back(by, event, kind)
    raise cannot_be_undone()


def change_back(by: Undoing, event: AuditEvent, kind: Kind, version: int | None, fixed: Collection[str]) -> Versioned:
    """The former values through the page's act, with a menu's choices; a huntgroup's contents through their own."""
    refuse_outdated(current(event, kind.model), version)
    edit = plan_edit(event, kind, fixed)
    record = edit.plan.record
    if edit.choices is not None and isinstance(record, Menu):
        put_back_menu(
            user=by.user,
            menu=record,
            version=record.version,
            choices=edit.choices,
            confirmed=by.confirmed,
            now=by.now,
        )
    elif edit.fields:
        kind.edit(by, record, record.version)
    if edit.parts is not None:
        edit.parts(by)
        record.refresh_from_db()
    if edit.contents is not None and isinstance(record, Huntgroup):
        members, included = edit.contents.members, edit.contents.included
        set_contents(user=by.user, huntgroup=record, version=None, members=members, included=included)
        for extension, group in edit.primary:
            extension.refresh_from_db()
            extension.primary_group = group
            edit_extension(user=by.user, extension=extension, version=None)
    return record


def remove(by: Undoing, event: AuditEvent, kind: Kind, version: int | None) -> Versioned:
    refuse_outdated(current(event, kind.model), version)
    record = plan_removal(event, kind).record
    if kind.delete is None:
        raise cannot_be_undone()
    kind.delete(by, record)
    return record


def bring_back(by: Undoing, event: AuditEvent, kind: Kind) -> Versioned:
    """The record under its old id, so that its history goes on; then what went with it."""
    plan, back = plan_return(event, kind)
    if kind.add is None:
        raise cannot_be_undone()
    kind.add(by, plan.record)
    back.follow(by=by, record=plan.record)
    return plan.record
