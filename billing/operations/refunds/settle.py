"""What became of a refund: the payment is booked first by what the provider says of it, then the refund moves."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from billing.gateways.base import NotDone, ProviderRefund, Unanswered
from billing.gateways.registry import gateway
from billing.models import Payment, Refund
from billing.operations.payments import check_payment
from billing.operations.payments.states import GRACE
from billing.operations.refunds.states import ASKED, MOVES, STATES, State, next_check
from selfcare import mail
from selfcare.errors import Refused
from selfcare.models import AuditEvent, Brand, User

log = structlog.get_logger(__name__)

BATCH = 50
NOT_ASKED = "The provider has nothing of this refund. No money was sent; it can be begun anew."
DIFFERS = "The provider's refund is another one, or has another amount."
SILENT = "The provider has not said how this refund ended."


def apply_refund(*, refund_id: UUID, found: ProviderRefund, now: datetime) -> Refund:
    """Bring the refund to what the provider said; outside any transaction.

    The payment is asked for and booked before the refund leaves UNKNOWN, so that what it takes is counted all the
    time. Raises Unanswered or NotDone when the payment cannot be had; the janitor goes on then.
    """
    refund = Refund.objects.select_related("payment").get(pk=refund_id)
    if (found.reference, found.amount, found.currency) != (str(refund.pk), refund.amount, refund.payment.currency):
        tell_staff(refund, DIFFERS)
        Refund.objects.filter(pk=refund_id, state__in=ASKED).update(next_check_at=None)
        return refund
    check_payment(payment_id=refund.payment_id, now=now)
    return _move(refund_id, STATES.get(found.progress, State.PENDING), found.provider_id, found.failure, now)


def end_refund(*, refund_id: UUID, failure: str, now: datetime) -> Refund:
    """End a refund of which the provider has nothing."""
    return _move(refund_id, State.FAILED, "", failure, now)


def check_refund(*, refund_id: UUID, now: datetime) -> Refund:
    """Ask the provider for the refund and apply its answer; outside any transaction.

    One of which it has nothing is FAILED once no request can be under way any more: money is never sent without a
    person there. Raises Unanswered or NotDone when no answer can be had.
    """
    refund = Refund.objects.select_related("payment").get(pk=refund_id)
    payment = refund.payment
    found = gateway(payment.provider).find_refund(refund_id=refund.pk, provider_id=payment.provider_id)
    if found is not None:
        return apply_refund(refund_id=refund_id, found=found, now=now)
    if refund.state not in (State.CREATED, State.UNKNOWN) or now - refund.changed_at < GRACE:
        return refund
    return end_refund(refund_id=refund_id, failure=NOT_ASKED, now=now)


def settle_refunds(*, now: datetime) -> int:
    """The janitor: asks about every refund that is due by the calendar; returns how many were asked about."""
    due = Refund.objects.filter(state__in=ASKED, next_check_at__lte=now).order_by("next_check_at")
    asked = 0
    for refund_id in list(due.values_list("pk", flat=True)[:BATCH]):
        if not _take(refund_id, now):
            continue
        asked += 1
        try:
            check_refund(refund_id=refund_id, now=now)
        except (Unanswered, NotDone) as trouble:
            log.warning("refund_check_unanswered", refund=str(refund_id), error=str(trouble))
        _hand_to_a_person(refund_id)
    return asked


def settle_refunds_of(*, payment: Payment, now: datetime) -> None:
    """Ask about the open refunds of a payment, right after the provider spoke of it; raises as `check_refund`."""
    for refund_id in payment.refunds.filter(state__in=ASKED - {State.CREATED}).values_list("pk", flat=True):
        check_refund(refund_id=refund_id, now=now)


def give_up_refund(*, refund: Refund, staff: User, reason: str, now: datetime) -> Refund:
    """Staff have looked at the provider's own pages and end a refund that does not end by itself."""
    if refund.state not in ASKED:
        raise Refused(_("This refund has ended, or waits for a second person."))
    ended = end_refund(refund_id=refund.pk, failure=reason, now=now)
    AuditEvent.write(
        user=staff,
        action="give up refund",
        record=ended.payment,
        customer=ended.payment.customer,
        changes={_("Reason"): ["", reason]},
    )
    return ended


def tell_staff(refund: Refund, problem: str) -> None:
    """Log it and post one mail to the telephone company for this problem of this refund."""
    log.error("refund_needs_a_person", refund=str(refund.pk), problem=problem)
    mail.post(
        template="refund_alert",
        context={"refund": refund, "payment": refund.payment, "problem": problem},
        to=[Brand.current().support_email],
        key=f"refund-alert:{refund.pk}:{problem[:60]}",
    )


def _move(refund_id: UUID, state: State, provider_id: str, failure: str, now: datetime) -> Refund:
    with transaction.atomic(durable=True):
        rows = Refund.objects.select_related("payment__customer", "payment__user")
        refund: Refund = rows.select_for_update(of=("self",)).get(pk=refund_id)
        refund.provider_id = provider_id or refund.provider_id
        if state not in MOVES[refund.state]:
            refund.save(update_fields=["provider_id"])
            return refund
        refund.state, refund.failure, refund.changed_at, refund.checks = state, failure[:200], now, 0
        refund.next_check_at = next_check(state, checks=0, now=now)
        refund.save()
        if state == State.FAILED:
            tell_staff(refund, failure or "The provider could not give the money back.")
        else:
            _tell_payer(refund)
    return refund


def _take(refund_id: UUID, now: datetime) -> bool:
    """Plan the next check before this one, so that a crash or a second janitor does not ask without end."""
    with transaction.atomic():
        due = Refund.objects.select_for_update(skip_locked=True)
        refund = due.filter(pk=refund_id, state__in=ASKED, next_check_at__lte=now).first()
        if refund is None:
            return False
        refund.checks += 1
        refund.next_check_at = next_check(refund.state, checks=refund.checks, now=now)
        refund.save(update_fields=["checks", "next_check_at"])
    return True


def _hand_to_a_person(refund_id: UUID) -> None:
    refund = Refund.objects.select_related("payment").get(pk=refund_id)
    if refund.state in ASKED and refund.next_check_at is None:
        tell_staff(refund, SILENT)


def _tell_payer(refund: Refund) -> None:
    payment = refund.payment
    user = payment.user
    mail.post(
        template="refund_made",
        context={"refund": refund, "payment": payment},
        to=[user.email if user and user.email else payment.customer.email],
        key=f"refund_made:{refund.pk}",
        customer=payment.customer,
        language=user.language if user else "en",
    )
