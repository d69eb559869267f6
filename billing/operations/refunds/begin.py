"""Writing a refund down, within what the payment has left, before the provider is asked."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from billing.gateways.registry import GATEWAYS
from billing.models import Payment, Refund
from billing.money import round_money
from billing.operations.guards import AlreadyStarted, refuse_inexact
from billing.operations.refunds.states import RESERVED, State, next_check
from selfcare import formats
from selfcare.errors import Refused
from selfcare.models import AuditEvent, User

ZERO = Decimal(0)
# A bank may send a debit back for this long; what was refunded by then would be lost (Nacha: 2 banking days and the
# days until we hear of it; SEPA Core rulebook: 5 banking days).
BANK_MAY_RETURN: dict[str, timedelta] = {Payment.Method.ACH: timedelta(days=5), Payment.Method.SEPA: timedelta(days=7)}


def refundable(payment: Payment) -> Decimal:
    """What of the payment can still be given back, with its tax: not refunded, disputed, or on its way back."""
    left = payment.total - _taken_back(payment) - _sum(payment, Q(state__in=RESERVED))
    return max(left, ZERO)


def begin_refund(
    *, payment: Payment, staff: User, refund_id: UUID, amount: Decimal, reason: str, now: datetime
) -> Refund:
    """Write the refund down and commit it: CREATED, or WAITING for a second person above the ITSP's limit.

    `amount` is with tax. The same id again is the same refund; with another amount or payment it raises
    AlreadyStarted. Refused for more than is left of the payment, while it is disputed, and before it is safely paid.
    """
    refuse_inexact(amount, payment.currency)
    with transaction.atomic(durable=True):
        locked = lock_payment(payment)
        kept = Refund.objects.filter(pk=refund_id).first()
        if kept is not None:
            if (kept.payment_id, kept.amount) != (payment.pk, amount):
                raise AlreadyStarted
            return kept
        _refuse_payment(locked, now)
        _refuse_amount(locked, amount)
        state = State.WAITING if needs_second(locked, amount) else State.CREATED
        refund = Refund.objects.create(
            pk=refund_id,
            payment=locked,
            staff=staff,
            amount=amount,
            reason=reason,
            state=state,
            created_at=now,
            changed_at=now,
            next_check_at=next_check(state, checks=0, now=now),
        )
        changes = {_("Amount"): ["", formats.money(amount, locked.currency)], _("Reason"): ["", reason]}
        AuditEvent.write(user=staff, action="refund", record=locked, customer=locked.customer, changes=changes)
    return refund


def needs_second(payment: Payment, amount: Decimal) -> bool:
    """Whether a second person must agree: the payment's refunds count together, so that parts are no way around."""
    before = _sum(payment, ~Q(state__in=[State.FAILED, State.DECLINED]))
    return before + amount > settings.REFUND_APPROVAL_ABOVE


def lock_payment(payment: Payment) -> Payment:
    """The payment's row is the lock of its refunds: one at a time counts what is left."""
    rows = Payment.objects.select_related("customer").select_for_update(of=("self",), no_key=True)
    locked: Payment = rows.get(pk=payment.pk)
    return locked


def _refuse_payment(payment: Payment, now: datetime) -> None:
    if payment.provider not in GATEWAYS:
        raise Refused(_("This payment was recorded by staff. Send the money back the way it came."))
    if payment.method == Payment.Method.PAYNEARME:
        raise Refused(_("Cash cannot be sent back to the shop. Give a credit, or send the money by bank transfer."))
    if payment.state == Payment.State.DISPUTED:
        raise Refused(_("The payer disputes this payment. A refund now would give the money back twice."))
    if payment.paid_at is None:
        raise Refused(_("This payment has not been paid."))
    safe_at = payment.paid_at + BANK_MAY_RETURN.get(payment.method, timedelta(0))
    if now < safe_at:
        day = {"day": f"{safe_at:%Y-%m-%d}"}
        raise Refused(_("The bank may still send this debit back. It can be refunded from %(day)s on.") % day)


def _refuse_amount(payment: Payment, amount: Decimal) -> None:
    left = refundable(payment)
    if not left:
        raise Refused(_("Nothing is left of this payment to be refunded."), field="amount")
    if not ZERO < amount <= left:
        words = _("Enter an amount of at most %(left)s.") % {"left": formats.money(left, payment.currency)}
        raise Refused(words, field="amount")


def _taken_back(payment: Payment) -> Decimal:
    """What the ledger has as taken back, with its share of the tax."""
    if payment.reversed == payment.amount:
        return payment.total
    return round_money(payment.reversed * payment.total / payment.amount, payment.currency)


def _sum(payment: Payment, which: Q) -> Decimal:
    return payment.refunds.filter(which).aggregate(sum=Sum("amount"))["sum"] or ZERO
