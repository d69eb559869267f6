"""Who changed what, and when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from selfcare import formats
from selfcare.tenancy import CustomerQuerySet, CustomerRows


def differences(old: models.Model, new: models.Model, names: Iterable[str]) -> dict[str, list[str]]:
    """What differs between two states of a record among the fields `names`: label -> [old, new], in words."""
    fields: list[Any] = [new._meta.get_field(name) for name in names]
    words = {str(field.verbose_name): [in_words(old, field), in_words(new, field)] for field in fields}
    return {label: pair for label, pair in words.items() if pair[0] != pair[1]}


def in_words(record: models.Model, field: Any) -> str:
    """A field's value as a person would say it."""
    if field.choices:
        return str(getattr(record, f"get_{field.name}_display")())
    value = getattr(record, field.name)
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if isinstance(value, datetime):
        return formats.moment(value)
    return "" if value is None else str(value)


@dataclass(slots=True)
class Act:
    """What one press of a button on `page` writes down; `undoes` is the event that it turns back, if it is an undo.

    `planned`: nobody pressed it now; the clock does what somebody planned.
    """

    page: str = ""
    undoes: AuditEvent | None = None
    planned: bool = False
    events: list[AuditEvent] = field(default_factory=list)


ACT: ContextVar[Act | None] = ContextVar("act", default=None)


@contextmanager
def acting(*, page: str = "", undoes: AuditEvent | None = None, planned: bool = False) -> Iterator[Act]:
    """Gathers the events that are written meanwhile; they are marked with the page, and as turning `undoes` back."""
    outer = ACT.get() or Act()
    act = Act(page or outer.page, undoes or outer.undoes, planned or outer.planned, outer.events)
    token = ACT.set(act)
    try:
        yield act
    finally:
        ACT.reset(token)


class AuditEventQuerySet(CustomerQuerySet):
    """Events."""

    def of(self, record: models.Model) -> Self:
        """What happened to `record`."""
        return self.filter(record_type=record._meta.label_lower, record_id=str(record.pk))


class AuditEvent(CustomerRows):
    """One act on one record, with old and new values of the fields that changed."""

    at = models.DateTimeField(_("at"), auto_now_add=True)
    customer = models.ForeignKey(
        "selfcare.Customer", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("customer")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("user"),
    )
    action = models.CharField(_("action"), max_length=40)
    record_type = models.CharField(_("record type"), max_length=60, blank=True)
    record_id = models.CharField(_("record id"), max_length=40, blank=True)
    record_name = models.CharField(_("record"), max_length=200, blank=True)
    version = models.PositiveIntegerField(_("version"), null=True)
    changes = models.JSONField(_("changes"), default=dict)
    page = models.CharField(_("page"), max_length=60, blank=True)
    undoes = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, related_name="undone_by", verbose_name=_("undoes")
    )
    planned = models.BooleanField(_("planned change"), default=False, db_default=False)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activity")
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["customer", "-at"], name="audit_by_customer"),
            models.Index(fields=["record_type", "record_id", "version"], name="audit_by_record"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.record_name}"

    @property
    def who(self) -> str:
        """The person in words; whom of its staff the telephone company had at work is its own affair."""
        if self.user is None:
            return gettext("Without a login")
        return str(self.user) if self.user.customer_id else gettext("Your telephone company")

    @classmethod
    def write(
        cls,
        *,
        user: Any,
        action: str,
        record: models.Model,
        customer: Any = None,
        changes: dict | None = None,
    ) -> AuditEvent:
        """Write down that `user` did `action` to `record`; `changes` maps field label to [old, new] as text."""
        event = cls.of_act(user=user, action=action, record=record, customer=customer, changes=changes)
        event.save()
        return event

    @classmethod
    def of_act(
        cls,
        *,
        user: Any,
        action: str,
        record: models.Model,
        customer: Any = None,
        changes: dict | None = None,
    ) -> AuditEvent:
        """The same, not saved yet, for whoever writes down many acts at once."""
        act = ACT.get() or Act()
        event = cls(
            user=user if user and user.pk else None,
            customer=customer or getattr(record, "customer", None),
            action=action,
            record_type=record._meta.label_lower,
            record_id=str(record.pk),
            record_name=str(record)[:200],
            version=getattr(record, "version", None),
            changes=changes or {},
            page=act.page,
            undoes=act.undoes,
            planned=act.planned,
        )
        act.events.append(event)
        return event

    @classmethod
    def since(cls, record: models.Model, version: int) -> models.QuerySet[AuditEvent]:
        """What happened to `record` after `version` was read, oldest first."""
        return cls.objects.of(record).filter(version__gt=version).order_by("version", "id")
