"""What a planned change plans, as it was, put back."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from centrex.models import PlannedChange
from centrex.operations.forwarding import PasswordNeeded
from centrex.operations.planned.planning import VALUES, put_values_back
from centrex.operations.undo.undoing import Undoing
from selfcare.models import AuditEvent
from selfcare.models.history import around


def values_around(event: AuditEvent) -> tuple[dict[str, Any], dict[str, Any]]:
    """What was planned just before and just after the event."""
    before, after = around(PlannedChange, event.record_id, event.version)
    return values_of(before), values_of(after)


def values_of(change: Any) -> dict[str, Any]:
    """What is planned, of a change or a kept state of one."""
    return {name: getattr(change, name) for name in VALUES}


def put_plan_back(*, by: Undoing, change: PlannedChange, old: dict[str, Any]) -> None:
    """Plan what was planned before; PasswordNeeded where that was planned with a password."""
    if old["confirmed"] and not by.confirmed:
        message = _("What was planned before makes expensive calls possible. Enter your password to plan it again.")
        raise PasswordNeeded(message, field="password")
    put_values_back(user=by.user, change=change, values=old)
