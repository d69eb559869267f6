"""What a try that ended, or came to a halt, means for its automatic payment; looked at once, under the row's lock."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import structlog
from django.db import transaction

from billing.models import AutoCharge, AutoPay, Payment
from billing.operations.autopay.calendar import Refusal, is_final, moment_on, next_day
from billing.operations.autopay.telling import ask_to_confirm, tell_of_no_confirmation, tell_of_refusal, tell_of_stop
from billing.operations.payments import OPEN
from billing.operations.payments.declines import kind_of
from billing.operations.payments.states import TAKEN
from billing.queries.auto_pay import TO_CONFIRM
from billing.queries.payments import NOT_CONFIRMED

log = structlog.get_logger(__name__)

State, Try = AutoCharge.State, Payment.State
TO_BE_CONFIRMED = "authentication_required"
# When a try was given up without asking the bank: what is wanted is then found out anew.
SOON = timedelta(minutes=1)
# When a try is gone on with whose worker died, or to which no answer came; requests last no longer.
UNHEARD = timedelta(minutes=3)
# How often to look whether a payment that waits for its payer is still wanted.
AGAIN = timedelta(hours=1)


def is_judged(charge: AutoCharge) -> bool:
    """Whether the end of its last try was looked at."""
    return charge.tries >= charge.payments.count()


@transaction.atomic
def judge(*, charge_id: int, now: datetime) -> AutoCharge:
    """Bring the charge to what its last try says; the same again changes nothing.

    A try under way leaves it due: it is looked at again as soon as that ends.
    """
    charge = (
        AutoCharge.objects.select_for_update(of=("self",), no_key=True)
        .select_related("customer", "invoice")
        .get(pk=charge_id)
    )
    payment = charge.payments.select_related("stored_method").order_by("-created_at").first()
    if payment is None or is_judged(charge):
        return charge
    if payment.state == Try.REQUIRES_ACTION:
        _wait_for_the_payer(charge, payment, now)
    elif payment.state in OPEN:
        if payment.state != Try.PENDING:
            charge.next_try_at = now + UNHEARD
    else:
        charge.tries = charge.payments.count()
        _end_of_try(charge, payment, now)
    charge.save()
    return charge


def _wait_for_the_payer(charge: AutoCharge, payment: Payment, now: datetime) -> None:
    charge.next_try_at = now + AGAIN
    if charge.state != State.WAITING:
        charge.state, charge.failure = State.WAITING, payment.failure
        ask_to_confirm(charge, payment)


def _end_of_try(charge: AutoCharge, payment: Payment, now: datetime) -> None:
    if payment.state in TAKEN:
        end(charge, State.PAID, now=now)
    elif not _was_given_up(payment):
        _refused(charge, payment, now)
    elif charge.state == State.WAITING and payment.created_at + TO_CONFIRM <= now:
        end(charge, State.GIVEN_UP, failure=NOT_CONFIRMED, now=now)
        tell_of_no_confirmation(charge, payment)
    else:
        charge.state, charge.next_try_at = State.DUE, now + SOON


def _was_given_up(payment: Payment) -> bool:
    """Whether we gave it up ourselves; the provider keeps the bank's question as the reason of one that waited."""
    return payment.state == Try.CANCELLED or payment.failure == TO_BE_CONFIRMED


def _refused(charge: AutoCharge, payment: Payment, now: datetime) -> None:
    charge.state, charge.failure = State.DUE, payment.failure
    refusals = refusals_of(charge, payment)
    if is_final(refusals):
        charge.next_try_at = None
        _stop(charge, payment, now)
        return
    day = next_day(refusals, today=now.astimezone(charge.customer.zone).date())
    if day is None:
        end(charge, State.GIVEN_UP, failure=payment.failure, now=now)
    else:
        charge.next_try_at = moment_on(day, zone=charge.customer.zone)
    tell_of_refusal(charge, payment, next_day=day)


def _stop(charge: AutoCharge, payment: Payment, now: datetime) -> None:
    """No charge of this customer is tried any more until he does something; the invoices stay open."""
    wish = AutoPay.objects.select_for_update(no_key=True).get(pk=charge.customer_id)
    wish.stopped_at, wish.stopped_because, wish.stopped_method = now, payment.failure, payment.stored_method
    wish.version += 1
    wish.save(update_fields=["stopped_at", "stopped_because", "stopped_method", "version"])
    log.warning("auto_pay_stopped", customer=charge.customer_id, code=payment.failure)
    tell_of_stop(charge, payment)


def refusals_of(charge: AutoCharge, payment: Payment) -> list[Refusal]:
    """The refused tries with the same payment method, oldest first: another method begins a calendar of its own."""
    refused = charge.payments.filter(state=Try.FAILED, stored_method=payment.stored_method_id)
    refused = refused.exclude(failure=TO_BE_CONFIRMED).order_by("created_at")
    return [Refusal(each.failure, kind_of(each.failure), _day(charge, each.created_at)) for each in refused]


def end(charge: AutoCharge, state: str, *, failure: str = "", now: datetime) -> None:
    """Nothing more is done about it."""
    charge.state, charge.failure, charge.ended_at, charge.next_try_at = state, failure, now, None


def _day(charge: AutoCharge, moment: datetime) -> date:
    return moment.astimezone(charge.customer.zone).date()
