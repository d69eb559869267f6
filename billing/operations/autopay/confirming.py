"""A payer confirms an automatic payment that his bank would not give without him."""

from __future__ import annotations

from datetime import datetime

from billing.models import Payment
from billing.operations.autopay.judging import judge
from billing.operations.payments import OPEN, cancel_payment, check_payment, confirm_on_session
from billing.queries.auto_pay import still_wanted


def confirm_charge(*, payment: Payment, return_url: str, now: datetime) -> Payment:
    """Lead the payer to his bank: the result's `action_url` is its page; outside any transaction.

    What is no longer wanted is given up instead, such as an invoice that was paid in another way meanwhile. Refused,
    Unanswered or NotDone when no answer can be had.
    """
    if payment.state == Payment.State.REQUIRES_ACTION:
        if still_wanted(payment):
            payment = confirm_on_session(payment=payment, return_url=return_url, now=now)
        else:
            payment = cancel_payment(payment=payment, now=now)
    return _judged(payment, now)


def look_again(*, payment: Payment, now: datetime) -> Payment:
    """The payment as the provider sees it now; that the browser came back from the bank proves nothing."""
    if payment.state in OPEN:
        payment = check_payment(payment_id=payment.pk, now=now)
    return _judged(payment, now)


def _judged(payment: Payment, now: datetime) -> Payment:
    if payment.auto_charge_id is not None:
        judge(charge_id=payment.auto_charge_id, now=now)
    return payment
