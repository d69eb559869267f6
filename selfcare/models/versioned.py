"""Records that two people may edit at once."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.utils.translation import gettext as _

from selfcare.errors import Outdated, Refused
from selfcare.models.audit import AuditEvent


class Versioned(models.Model):
    """Counts its saves, so that the later of two editors is told instead of overwriting the earlier."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    @classmethod
    def locked(cls, pk: Any, version: int | None) -> Self:
        """The row, locked until the transaction ends; Outdated when it is no longer at `version` (None: whatever)."""
        # "no key": rows that point at this one can still be written meanwhile.
        row = cls._base_manager.select_for_update(of=("self",), no_key=True).filter(pk=pk).first()
        if row is None:
            raise Refused(_("Somebody deleted this meanwhile."))
        if version is not None and row.version != version:
            raise Outdated(what_changed(row, version))
        return row


def what_changed(row: Versioned, version: int) -> str:
    """Who changed what since `version`, and what to do about it."""
    advice = _("Look again: what you typed is kept below, and Save puts it in place of theirs.")
    return " ".join([*who_changed(row, version), advice])


def who_changed(row: Versioned, version: int) -> list[str]:
    """Who changed what since `version`, in one sentence for each save."""
    events = AuditEvent.since(row, version).select_related("user")
    sentences = [
        _("%(who)s changed %(what)s.")
        % {
            "who": event.who if event.user else _("Somebody"),
            "what": "; ".join(f"{label}: “{old}” → “{new}”" for label, (old, new) in event.changes.items()) or _("it"),
        }
        for event in events
    ]
    return sentences or [_("Somebody else saved this record meanwhile.")]
