"""The second person, who agrees to a large refund or does not (OWASP ASVS 5.0, 2.3.5)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from billing.models import Refund
from billing.operations.refunds.states import State, next_check
from selfcare.errors import Refused
from selfcare.models import AuditEvent, User


def approve_refund(*, refund: Refund, staff: User, now: datetime) -> Refund:
    """Let the refund go to the provider; Refused for the person who began it, and once it was decided."""
    return _decide(refund, staff, State.CREATED, "approve refund", "", now)


def decline_refund(*, refund: Refund, staff: User, reason: str, now: datetime) -> Refund:
    """End a refund that nobody has asked the provider for; who began it may take it back too."""
    return _decide(refund, staff, State.DECLINED, "decline refund", reason, now)


def _decide(refund: Refund, staff: User, state: State, action: str, words: str, now: datetime) -> Refund:
    with transaction.atomic(durable=True):
        rows = Refund.objects.select_related("payment__customer").select_for_update(of=("self",))
        locked: Refund = rows.get(pk=refund.pk)
        if locked.state != State.WAITING:
            raise Refused(_("This refund was decided already."))
        own = locked.staff_id == staff.pk
        if own and state == State.CREATED:
            raise Refused(_("You began this refund yourself. Another person has to agree to it."))
        locked.decided_by, locked.decided_at = (None if own else staff), now
        locked.state, locked.failure, locked.changed_at = state, words, now
        locked.next_check_at = next_check(state, checks=0, now=now)
        locked.save()
        changes = {_("State"): [str(State.WAITING.label), locked.get_state_display()]}
        if words:
            changes[_("Reason")] = ["", words]
        AuditEvent.write(
            user=staff, action=action, record=locked.payment, customer=locked.payment.customer, changes=changes
        )
    return locked
