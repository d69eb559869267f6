"""Records that a customer tells apart by name: kept one at a time, with the version check and the event."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from centrex.models import NumberFilter, Schedule
from selfcare.errors import Refused
from selfcare.models import AuditEvent, Customer, User
from selfcare.models.audit import differences

Named = TypeVar("Named", NumberFilter, Schedule)


def refuse_same_name(record: NumberFilter | Schedule, message: str) -> None:
    """Refused at `name` when the customer has another of this name; from then on two of one name take turns."""
    Customer.objects.select_for_update(no_key=True).get(pk=record.customer_id)
    rows: Any = type(record).for_customer(record.customer)
    if rows.filter(name=record.name).exclude(pk=record.pk).exists():
        raise Refused(message, field="name")


def keep(*, user: User, record: Named, version: int | None, fields: Iterable[str]) -> Named:
    """Save a new or changed record, or one that was deleted, and write down what changed; inside a transaction.

    Outdated when somebody saved it since `version`, or since it was read where that is None; nothing is written when
    nothing changed.
    """
    is_new = record._state.adding  # a deleted one that comes back has its old id
    kind = type(record)
    if is_new:
        old = kind(customer=record.customer)
    else:
        old = kind.locked(record.pk, record.version if version is None else version)
    changes = differences(old, record, fields)
    if not is_new:
        if not changes:
            return record
        record.version = old.version + 1
    record.save()
    AuditEvent.write(user=user, action="add" if is_new else "edit", record=record, changes=changes)
    return record
