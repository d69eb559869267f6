"""Asking the provider what became of a payment."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from billing.gateways.base import NotDone, Progress, ProviderPayment, Unanswered
from billing.gateways.registry import GATEWAYS, gateway
from billing.models import Payment
from billing.operations.payments.charging import cancel_payment, charge_stored
from billing.operations.payments.settle import Overtaken, apply_provider_state, end_payment, tell_staff
from billing.operations.payments.states import GRACE, OPEN, UNCONFIRMED_FOR, State, next_check
from selfcare.errors import Refused
from selfcare.models import AuditEvent, User
from selfcare.models.audit import differences

log = structlog.get_logger(__name__)

BATCH = 50
TRIES = 8  # askings of one payment that come at the same time


def check_payment(*, payment_id: UUID, now: datetime) -> Payment:
    """Ask the provider and apply its answer; outside any transaction.

    A payment of which the provider has nothing is cancelled once no request can be under way any more.
    Raises Unanswered or NotDone when no answer can be had.
    """
    return _checked(payment_id, now)[0]


def _checked(payment_id: UUID, now: datetime) -> tuple[Payment, ProviderPayment | None]:
    for _try in range(TRIES):
        try:
            return _asked(payment_id, now)
        except Overtaken:
            log.info("payment_asked_about_again", payment=str(payment_id))
    raise Unanswered("other answers came in between each time")


def _asked(payment_id: UUID, now: datetime) -> tuple[Payment, ProviderPayment | None]:
    payment = Payment.objects.get(pk=payment_id)
    if payment.further_to_id is not None:  # the provider knows the slip; all that was paid on it is told with it
        check_payment(payment_id=payment.further_to_id, now=now)
        return Payment.objects.get(pk=payment_id), None
    provider = gateway(payment.provider)
    if payment.session_id or payment.provider_id:
        found = provider.get_payment(session_id=payment.session_id, provider_id=payment.provider_id)
    else:
        known = provider.find_payment(payment_id=payment.pk, created_at=payment.created_at)
        if known is None:
            return _without_session(payment, now), None
        found = known
    return apply_provider_state(payment_id=payment_id, found=found, now=now, seen=payment), found


def ask_again(*, payment: Payment, staff: User, now: datetime) -> Payment:
    """Staff have the provider asked at once, whatever the calendar says; outside any transaction.

    Refused for a payment that no provider knows of, and when no answer can be had.
    """
    if payment.provider not in GATEWAYS:
        raise Refused(_("This payment was recorded by staff: there is no provider to ask."))
    try:
        found = check_payment(payment_id=payment.pk, now=now)
    except (Unanswered, NotDone) as trouble:
        log.warning("payment_check_unanswered", payment=str(payment.pk), error=str(trouble))
        raise Refused(_("The payment provider gave no usable answer. Please try again in a minute.")) from trouble
    changes = differences(payment, found, ("state", "reversed"))
    AuditEvent.write(user=staff, action="ask provider", record=found, changes=changes)
    return found


def settle_due(*, now: datetime) -> int:
    """The janitor: asks about every open payment that is due by the calendar; returns how many were asked about."""
    due = Payment.objects.filter(state__in=OPEN, next_check_at__lte=now).order_by("next_check_at")
    asked = 0
    for payment_id in list(due.values_list("pk", flat=True)[:BATCH]):
        if not _take(payment_id, now):
            continue
        asked += 1
        try:
            _move_on(*_checked(payment_id, now), now)
        except (Unanswered, NotDone) as trouble:
            log.warning("payment_check_unanswered", payment=str(payment_id), error=str(trouble))
        _give_up(payment_id)
    return asked


def _move_on(payment: Payment, found: ProviderPayment | None, now: datetime) -> None:
    """Go on with a charge that nobody confirmed: auto-pay's is taken, a person's is given up after an hour.

    Nobody is to be charged long after he pressed the button and went away.
    """
    if found is None or found.session_id or found.progress not in (Progress.UNCONFIRMED, Progress.OPEN):
        return
    if payment.state not in OPEN:
        return
    if payment.origin == Payment.Origin.AUTO:
        charge_stored(payment=payment, now=now)
    elif now - payment.created_at >= UNCONFIRMED_FOR:
        cancel_payment(payment=payment, now=now)


def _without_session(payment: Payment, now: datetime) -> Payment:
    if payment.state not in OPEN or now - payment.changed_at < GRACE:
        return payment
    return end_payment(payment_id=payment.pk, state=State.CANCELLED, failure="", now=now)


def _take(payment_id: UUID, now: datetime) -> bool:
    """Plan the next check before this one, so that a crash or a second janitor does not ask without end."""
    with transaction.atomic():
        due = Payment.objects.select_for_update(skip_locked=True, no_key=True)
        payment = due.filter(pk=payment_id, state__in=OPEN, next_check_at__lte=now).first()
        if payment is None:
            return False
        payment.checks += 1
        payment.next_check_at = next_check(payment.state, checks=payment.checks, now=now, method=payment.method)
        payment.save(update_fields=["checks", "next_check_at"])
    return True


def _give_up(payment_id: UUID) -> None:
    """Tell staff when an open payment has used up its calendar."""
    payment = Payment.objects.get(pk=payment_id)
    if payment.state in OPEN and payment.next_check_at is None:
        tell_staff(payment, "The provider has not said how this payment ended.")
