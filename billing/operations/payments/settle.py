"""What the provider's answer does to a payment: state, ledger, invoices and mail in one transaction, once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.gateways.base import Progress, ProviderPayment
from billing.models import Payment
from billing.money import split
from billing.operations.allocations import allocate, serialise, take_back
from billing.operations.ledger import make_missing_months
from billing.operations.methods.keeping import Strange, keep_method
from billing.operations.papers.receipts import receipt_attached
from billing.operations.payments.booking import book_movement, book_return_fee
from billing.operations.payments.slips import as_it_came, further_payment, mail_slip
from billing.operations.payments.states import DEBITS, ENDED, MOVES, OPEN, State, next_check, state_for
from billing.queries.payments import failure_in_words
from billing.queries.readers import readers_of
from selfcare import mail
from selfcare.mail import Attached
from selfcare.models import Brand

log = structlog.get_logger(__name__)


class Overtaken(Exception):
    """Another answer was applied while this one was on its way: nobody knows which of them is the newer one."""


def apply_provider_state(
    *, payment_id: UUID, found: ProviderPayment, now: datetime, seen: Payment | None = None
) -> Payment:
    """Bring the payment to what the provider said when it was asked at `now`; repeated or late answers do no harm.

    An answer for another payment, amount or currency changes nothing but that it is looked at by a person. Cash is
    booked as it came, also what came on the same slip once more: raises Unanswered when that changed meanwhile. Raises
    Overtaken if the payment is no longer as it was `seen` right before the provider was asked.
    """
    payment = _apply(payment_id, found, now, seen)
    for part in found.further:
        further_id, alone, is_new = further_payment(payment, part, now=now)
        further = _apply(further_id, alone, now, None)
        if is_new:
            tell_staff(
                further, "Cash came on a slip that was paid already. It is booked as a payment of its own.", booked=True
            )
    return payment


def _apply(payment_id: UUID, found: ProviderPayment, now: datetime, seen: Payment | None) -> Payment:
    make_missing_months({now})
    with transaction.atomic(durable=True):
        payment = _locked(payment_id)
        if seen is not None and _mark(payment) != _mark(seen):
            raise Overtaken
        as_it_came(payment, found)
        difference = _difference(payment, found)
        if difference:
            _stop(payment, difference, now)
        elif not _outdated(payment, found, now):
            _learn(payment, found)
            _move(payment, state_for(found), now)
            if found.progress == Progress.PAID:
                _book(payment, found, now)
        payment.save()
    return payment


def end_payment(*, payment_id: UUID, state: State, failure: str, now: datetime) -> Payment:
    """End a payment for which the provider has nothing: FAILED or CANCELLED."""
    with transaction.atomic(durable=True):
        payment = _locked(payment_id)
        if payment.state in OPEN:
            payment.failure = failure
        _move(payment, state, now)
        payment.save()
    return payment


def tell_staff(payment: Payment, problem: str, *, booked: bool = False) -> None:
    """Log it and post one mail to the telephone company for this problem of this payment."""
    log.error("payment_needs_a_person", payment=str(payment.pk), problem=problem)
    mail.post(
        template="payment_alert",
        context={"payment": payment, "problem": problem, "booked": booked},
        to=[Brand.current().support_email],
        key=f"payment-alert:{payment.pk}:{problem}",
    )


def _locked(payment_id: UUID) -> Payment:
    """No key update: making an invoice may add an allocation of this payment meanwhile."""
    rows = Payment.objects.select_related("customer", "user")
    payment: Payment = rows.select_for_update(of=("self",), no_key=True).get(pk=payment_id)
    return payment


def _mark(payment: Payment) -> tuple[object, ...]:
    """What changes with every answer that changes anything; no clock, as those of two machines differ."""
    return (payment.state, payment.reversed, payment.reversals, payment.provider_id, payment.session_id)


def _difference(payment: Payment, found: ProviderPayment) -> str:
    """What does not fit, in words for staff; empty when all does."""
    if found.reference != str(payment.pk):
        return "The provider's payment belongs to another payment of ours."
    if found.currency != payment.currency or found.amount != payment.total:
        return f"The provider has {found.amount} {found.currency} instead of {payment.total} {payment.currency}."
    return ""


def _stop(payment: Payment, difference: str, now: datetime) -> None:
    tell_staff(payment, difference)
    if payment.state in OPEN:
        payment.state, payment.changed_at, payment.next_check_at = State.UNKNOWN, now, None


def _outdated(payment: Payment, found: ProviderPayment, now: datetime) -> bool:
    """Whether this answer, asked for before the last change, would undo that change."""
    return now < payment.changed_at and _taken_back(payment, found) < payment.reversed


def _learn(payment: Payment, found: ProviderPayment) -> None:
    payment.session_id = found.session_id or payment.session_id
    payment.session_url = found.session_url
    payment.provider_id = found.provider_id or payment.provider_id
    payment.action_url = found.action_url or _own_page(payment, found)
    payment.paid_with = found.label or payment.paid_with
    if payment.state in OPEN:
        payment.failure = found.failure
    if found.slip_code and not payment.slip_code:
        payment.slip_code = found.slip_code
        if found.progress == Progress.OPEN:
            mail_slip(payment)


def _own_page(payment: Payment, found: ProviderPayment) -> str:
    """Where the payer confirms a charge that his bank wants him to see: we take him to the bank from there."""
    if found.progress != Progress.ACTION or found.session_id:
        return ""
    return settings.PORTAL_URL + reverse("billing:payment", args=[payment.pk])


def _move(payment: Payment, state: State, now: datetime) -> None:
    if state == payment.state or state not in MOVES[payment.state]:
        return
    if payment.state not in OPEN:
        log.warning("payment_moved_after_its_end", payment=str(payment.pk), old=payment.state, new=state)
        if payment.method == Payment.Method.PAYNEARME and payment.state in ENDED:
            tell_staff(payment, "Cash came for a slip that was closed. It is booked.", booked=True)
    payment.state, payment.changed_at, payment.checks = state, now, 0
    payment.next_check_at = next_check(state, checks=0, now=now, method=payment.method)
    if state == State.FAILED and payment.origin != Payment.Origin.AUTO:  # auto-pay tells when it tries again
        _tell_payer(payment, "payment_failed", reason=failure_in_words(payment.failure, payment.method))


def _book(payment: Payment, found: ProviderPayment, now: datetime) -> None:
    serialise(payment.customer)
    if payment.paid_at is None:
        payment.paid_at, payment.failure = now, ""
        payment.save()
        book_movement(payment, -payment.amount, words=_with_method(payment, _("Payment, thank you")), now=now)
        allocate(payment.customer, now=now)
        _keep_method(payment, found, now)
        address = settings.PORTAL_URL + reverse("billing:payment", args=[payment.pk])
        _tell_payer(payment, "payment_received", attached=receipt_attached(payment), address=address)
    change = _taken_back(payment, found) - payment.reversed
    if change:
        payment.reversals += 1
        payment.reversed += change
        payment.changed_at = now
        payment.save()
        words = _with_method(payment, _("Payment taken back") if change > 0 else _("Payment given again"))
        book_movement(payment, change, words=words, now=now, reversal=payment.reversals)
        if change > 0 and found.disputed and payment.method in DEBITS:
            book_return_fee(payment, now=now)
        take_back(payment, now=now)
        allocate(payment.customer, now=now)


def _keep_method(payment: Payment, found: ProviderPayment, now: datetime) -> None:
    """Only what has paid once is kept for later."""
    if not payment.save_method or found.stored is None or not found.stored.usable:
        return
    try:
        keep_method(customer=payment.customer, user=payment.user, found=found.stored, now=now)
    except Strange as trouble:
        tell_staff(payment, f"The payment method was not stored: {trouble}")


def _taken_back(payment: Payment, found: ProviderPayment) -> Decimal:
    """The part of `payment.amount` that was refunded or is disputed; the tax has its share of both."""
    gone = min(found.refunded + found.disputed, payment.total)
    if not gone:
        return Decimal(0)
    return split(gone, [payment.amount, payment.tax], payment.currency)[0]


def _with_method(payment: Payment, words: str) -> str:
    return f"{words} ({payment.paid_with})" if payment.paid_with else words


def _tell_payer(payment: Payment, template: str, *, attached: Sequence[Attached] = (), **more: object) -> None:
    user = payment.user
    readers = [user.email] if user and user.email else readers_of(payment.customer)
    mail.post(
        template=template,
        context={"payment": payment, "with_file": bool(attached), **more},
        to=readers,
        key=f"{template}:{payment.pk}",
        customer=payment.customer,
        language=user.language if user else "en",
        attached=attached,
    )
