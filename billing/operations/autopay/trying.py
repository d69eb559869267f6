"""Working on what is due: one charge of a customer at a time, written down first, charged outside any transaction."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid5

import structlog
from django.db import transaction

from billing.gateways.base import NotDone, Unanswered
from billing.models import AutoCharge, Payment, StoredMethod
from billing.operations.allocations import serialise
from billing.operations.autopay.calendar import moment_on
from billing.operations.autopay.judging import end, is_judged, judge
from billing.operations.autopay.telling import tell_of_cap
from billing.operations.payments import begin_payment, cancel_payment, charge_stored, check_payment, quote
from billing.operations.payments.states import TAKEN
from billing.periods import midnight
from billing.queries.auto_pay import (
    SLOW,
    TO_CONFIRM,
    Wanted,
    cap_left,
    charges_to_work_on,
    still_wanted,
    under_way_of,
    usable_methods,
    wanted_now,
)
from billing.queries.offered import offer_of
from billing.queries.payments import DAILY_CAP, NO_METHOD, NOT_OFFERED, TOO_LITTLE, TOO_MUCH
from selfcare.errors import Refused
from selfcare.models import Customer

log = structlog.get_logger(__name__)

State, Try = AutoCharge.State, Payment.State
BATCH = 50
# Longer than all that a provider is asked for one charge can take.
LEASE = timedelta(minutes=5)
# How often to look whether the customer has paid on the page that he opened, and whether a debit has come.
SOON, LATER = timedelta(minutes=10), timedelta(hours=1)
NAMES = UUID("5d5f6c1e-6f0b-4c39-9a39-0f6d3b0c7a44")


def try_due(*, now: datetime) -> int:
    """Work on all that is due, in as many processes as you like; returns how many were worked on."""
    worked_on = 0
    for charge_id in list(charges_to_work_on(now=now).values_list("pk", flat=True)[:BATCH]):
        charge = take(charge_id, now=now)
        if charge is not None:
            work_on(charge, now=now)
            AutoCharge.objects.filter(pk=charge_id).update(taken_until=None)
            worked_on += 1
    return worked_on


@transaction.atomic
def take(charge_id: int, *, now: datetime) -> AutoCharge | None:
    """The charge, for this worker alone until LEASE is over; None if it is no longer due, or if any other charge of
    the same customer is being worked on: what one takes decides what is left for the next."""
    customer = AutoCharge.objects.select_related("customer").get(pk=charge_id).customer
    serialise(customer)
    if AutoCharge.objects.filter(customer=customer, taken_until__gt=now).exists():
        return None
    charge: AutoCharge | None = charges_to_work_on(now=now).filter(pk=charge_id).first()
    if charge is not None:
        charge.taken_until = now + LEASE
        charge.save(update_fields=["taken_until"])
    return charge


def work_on(charge: AutoCharge, *, now: datetime) -> None:
    """One step: go on with the last try, or begin the next one, and look at how it ended."""
    payment = charge.payments.order_by("-created_at").first()
    try:
        if payment is None or is_judged(charge):
            payment = begin_try(charge, now=now)
        if payment is not None:
            _go_on(charge, payment, now)
            judge(charge_id=charge.pk, now=now)
    except (Unanswered, NotDone, Refused) as trouble:
        log.warning("auto_charge_waits", charge=charge.pk, error=str(trouble))


def begin_try(charge: AutoCharge, *, now: datetime) -> Payment | None:
    """The next try, written down; None when nothing is to be charged now, which is then written in the charge."""
    method = usable_methods().filter(customer=charge.customer).first()
    charge.method = method
    if method is None:
        charge.failure, charge.next_try_at = NO_METHOD, now + timedelta(days=1)
        charge.save()
        return None
    refresh(charge.customer, now=now)
    wanted = wanted_now(charge)
    if not _is_put_off(charge, method, wanted, now):
        return _written_down(charge, method, wanted.amount, now)
    charge.save()
    return None


def _is_put_off(charge: AutoCharge, method: StoredMethod, wanted: Wanted, now: datetime) -> bool:
    """Whether nothing is to be charged now; the charge then says why, and when it is looked at again."""
    reason = _too_little_or_much(charge, method, wanted, now) if wanted.amount else ""
    if wanted.open <= 0:
        is_ours = charge.payments.filter(state__in=TAKEN).exists()
        end(charge, State.PAID if is_ours else State.NOT_NEEDED, now=now)
    elif wanted.is_busy:
        charge.next_try_at = now + SOON
    elif wanted.amount <= 0:
        charge.next_try_at = now + LATER
    elif reason == TOO_LITTLE:
        end(charge, State.NOT_NEEDED, failure=reason, now=now)
    elif reason:
        _hold_back(charge, wanted, reason, now)
    elif _was_tried_today(charge, method, now):
        charge.next_try_at = moment_on(_today(charge, now) + timedelta(days=1), zone=charge.customer.zone)
    else:
        return False
    return True


def refresh(customer: Customer, *, now: datetime) -> None:
    """Ask the provider about what the customer is paying at this moment; what gives no answer stays under way."""
    for payment_id in list(under_way_of(customer).exclude(SLOW).values_list("pk", flat=True)):
        try:
            check_payment(payment_id=payment_id, now=now)
        except (Unanswered, NotDone) as trouble:
            log.warning("payment_check_unanswered", payment=str(payment_id), error=str(trouble))


def _go_on(charge: AutoCharge, payment: Payment, now: datetime) -> None:
    if payment.state == Try.REQUIRES_ACTION:
        if _is_no_use(charge, payment, now):
            cancel_payment(payment=payment, now=now)
        return
    if payment.state == Try.UNKNOWN and not payment.provider_id:
        # The provider may keep "500" as its answer to this key for a day: ask what it has, rather than for the same.
        payment = check_payment(payment_id=payment.pk, now=now)
    if payment.state in (Try.CREATED, Try.UNKNOWN):
        charge_stored(payment=payment, now=now)


def _is_no_use(charge: AutoCharge, payment: Payment, now: datetime) -> bool:
    """Whether nobody needs to confirm it any more: too late, paid otherwise, or another method is preferred now."""
    preferred = usable_methods().filter(customer=charge.customer).first()
    is_late = payment.created_at + TO_CONFIRM <= now
    return is_late or preferred != payment.stored_method or not still_wanted(payment)


def _too_little_or_much(charge: AutoCharge, method: StoredMethod, wanted: Wanted, now: datetime) -> str:
    """The reason why the wanted amount cannot be charged now; empty when it can."""
    offer = offer_of(charge.customer, method.kind)
    if offer is None:
        return NOT_OFFERED
    if wanted.amount < offer.minimum:
        return TOO_LITTLE
    if wanted.amount > offer.maximum:
        return TOO_MUCH
    left = cap_left(charge.customer, now=now)
    taken = quote(customer=charge.customer, amount=wanted.amount).gross
    return DAILY_CAP if left is not None and taken > left else ""


def _hold_back(charge: AutoCharge, wanted: Wanted, reason: str, now: datetime) -> None:
    """It is looked at again on the customer's next day, and told once."""
    charge.amount, charge.failure = wanted.amount, reason
    charge.next_try_at = midnight(_today(charge, now) + timedelta(days=1), zone=charge.customer.zone)
    tell_of_cap(charge)


def _was_tried_today(charge: AutoCharge, method: StoredMethod, now: datetime) -> bool:
    first = midnight(_today(charge, now), zone=charge.customer.zone)
    return charge.payments.filter(stored_method=method, state=Try.FAILED, created_at__gte=first).exists()


def _written_down(charge: AutoCharge, method: StoredMethod, amount: Decimal, now: datetime) -> Payment:
    """Its id follows from the charge and the number of the try, so that it is one payment whoever begins it."""
    charge.amount = amount
    charge.save()
    return begin_payment(
        customer=charge.customer,
        user=None,
        payment_id=uuid5(NAMES, f"{charge.pk}:{charge.payments.count()}"),
        amount=amount,
        method=method.kind,
        stored=method,
        origin=Payment.Origin.AUTO,
        auto_charge=charge,
        now=now,
    )


def _today(charge: AutoCharge, now: datetime) -> date:
    return now.astimezone(charge.customer.zone).date()
