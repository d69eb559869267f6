"""What staff end by hand when it does not end by itself, with a reason that is kept."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from billing.models import MethodSetup, Payment, WebhookEvent
from billing.operations.payments import OPEN
from billing.operations.payments.settle import end_payment
from selfcare.errors import Refused
from selfcare.models import AuditEvent, User

SETUP_ENDED = (MethodSetup.State.DONE, MethodSetup.State.FAILED, MethodSetup.State.CANCELLED)


def give_up_payment(*, payment: Payment, staff: User, reason: str, now: datetime) -> Payment:
    """Cancel a payment that the provider says nothing about; if its money comes all the same, it is booked."""
    if payment.state not in OPEN:
        raise Refused(_("This payment has ended already."))
    ended = end_payment(payment_id=payment.pk, state=Payment.State.CANCELLED, failure=reason, now=now)
    _write_down(staff, "give up payment", ended, reason)
    return ended


def give_up_setup(*, setup: MethodSetup, staff: User, reason: str, now: datetime) -> MethodSetup:
    """Cancel the storing of a payment method that nobody finished."""
    with transaction.atomic():
        locked: MethodSetup = MethodSetup.objects.select_for_update().get(pk=setup.pk)
        if locked.state in SETUP_ENDED:
            raise Refused(_("This has ended already."))
        locked.state, locked.failure = MethodSetup.State.CANCELLED, reason
        locked.changed_at, locked.next_check_at = now, None
        locked.save()
        _write_down(staff, "give up setup", locked, reason)
    return locked


def give_up_event(*, event: WebhookEvent, staff: User, reason: str, now: datetime) -> WebhookEvent:
    """Put a message of the provider aside; what it speaks of is still asked for by the calendar."""
    with transaction.atomic():
        locked: WebhookEvent = WebhookEvent.objects.select_for_update().get(pk=event.pk)
        if locked.processed_at is not None:
            raise Refused(_("This message was processed already."))
        locked.processed_at, locked.error = now, reason
        locked.save(update_fields=["processed_at", "error"])
        AuditEvent.write(user=staff, action="give up event", record=locked, changes={_("Reason"): ["", reason]})
    return locked


def _write_down(staff: User, action: str, record: Payment | MethodSetup, reason: str) -> None:
    changes = {_("Reason"): ["", reason]}
    AuditEvent.write(user=staff, action=action, record=record, customer=record.customer, changes=changes)
