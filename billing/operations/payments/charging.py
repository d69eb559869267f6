"""Charging what a customer has stored: written down at the provider first, its id kept, then confirmed.

A crash between any two steps leaves a payment that goes on where it was, or a charge at the provider that nobody
confirmed and that takes nothing.
"""

from __future__ import annotations

from datetime import datetime

import structlog
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.gateways.base import ChargeOrder, NotDone, Progress, ProviderPayment, Unanswered
from billing.gateways.registry import storing_gateway
from billing.models import Payment, StoredMethod
from billing.operations.methods.payers import payer_ref
from billing.operations.payments.sessions import claim, not_done, words_for
from billing.operations.payments.settle import apply_provider_state, end_payment
from billing.operations.payments.states import GRACE, OPEN, State, next_check
from billing.queries.auto_pay import still_wanted
from selfcare.errors import Refused

log = structlog.get_logger(__name__)


def charge_stored(*, payment: Payment, now: datetime) -> Payment:
    """Charge the payment's stored method; outside any transaction, and at most once however often it is called.

    The result has any state: SUCCEEDED, PENDING for a debit under way, FAILED, REQUIRES_ACTION with `action_url`,
    or UNKNOWN when an answer was lost. Called again after a crash it goes on where it was, as soon as no request of
    the earlier call can be under way any more (`GRACE`); before that the payment is given as it is.
    Refused when the provider is too busy: nothing was charged, and the same call may be made again.
    """
    is_new = not payment.provider_id and claim(payment, now=now)
    if not is_new and not _go_on(payment, now):
        return Payment.objects.get(pk=payment.pk)
    payment.refresh_from_db()
    try:
        found = _written_down(payment, is_new=is_new)
        return _take(apply_provider_state(payment_id=payment.pk, found=found, now=now), found, now)
    except Unanswered as trouble:
        log.warning("payment_unanswered", payment=str(payment.pk), error=str(trouble))
        return Payment.objects.get(pk=payment.pk)
    except NotDone as trouble:
        return not_done(payment, trouble, now=now)


def confirm_on_session(*, payment: Payment, now: datetime, return_url: str = "") -> Payment:
    """Have a charge confirmed by its payer, who is at the page; outside any transaction.

    For a payment that REQUIRES_ACTION because the bank refused it without the payer. The result's `action_url` is
    the bank's page, from which he comes back to `return_url` (the payment's own page by default); or the payment has
    ended. Any other payment is given as the provider sees it. Refused when the stored method is gone, or when no
    answer can be had.
    """
    provider = storing_gateway(payment.provider)
    try:
        found = provider.get_payment(session_id=payment.session_id, provider_id=payment.provider_id)
        if found.progress == Progress.ACTION and not found.action_url:
            found = provider.confirm_charge(
                provider_id=payment.provider_id,
                payment_id=payment.pk,
                return_url=return_url or own_page(payment),
                method_ref=_living(payment).ref,
            )
    except (Unanswered, NotDone) as trouble:
        log.warning("payment_unanswered", payment=str(payment.pk), error=str(trouble))
        raise Refused(_("Your bank could not be reached. Nothing was charged; please try again in a minute.")) from None
    return apply_provider_state(payment_id=payment.pk, found=found, now=now)


def cancel_payment(*, payment: Payment, now: datetime) -> Payment:
    """Give an open charge up at the provider and here; outside any transaction. What was taken meanwhile is booked.

    Raises Unanswered or NotDone when no answer can be had.
    """
    if not payment.provider_id:
        return end_payment(payment_id=payment.pk, state=State.CANCELLED, failure="", now=now)
    provider = storing_gateway(payment.provider)
    found = provider.cancel_charge(provider_id=payment.provider_id, payment_id=payment.pk)
    return apply_provider_state(payment_id=payment.pk, found=found, now=now)


def own_page(payment: Payment) -> str:
    return settings.PORTAL_URL + reverse("billing:payment", args=[payment.pk])


def _go_on(payment: Payment, now: datetime) -> bool:
    """Take over a payment whose charging stopped; False while another call may still be at it, or when it ended."""
    stopped = Payment.objects.filter(pk=payment.pk, state=State.UNKNOWN, changed_at__lte=now - GRACE)
    waiting = Payment.objects.filter(pk=payment.pk, state=State.CREATED)
    due = next_check(State.UNKNOWN, checks=0, now=now)
    taken = {"state": State.UNKNOWN, "changed_at": now, "next_check_at": due}
    return bool(stopped.update(**taken) or waiting.update(**taken))


def _written_down(payment: Payment, *, is_new: bool) -> ProviderPayment:
    """The charge at the provider; one made by an earlier call is found, also when keys are forgotten by now."""
    provider = storing_gateway(payment.provider)
    if payment.provider_id:
        return provider.get_payment(session_id="", provider_id=payment.provider_id)
    if not is_new:
        found = provider.find_payment(payment_id=payment.pk, created_at=payment.created_at)
        if found is not None:
            return found
    method = _living(payment)
    order = ChargeOrder(
        payment_id=payment.pk,
        amount=payment.total,
        currency=payment.currency,
        customer_ref=payer_ref(payment.customer, provider=payment.provider),
        method_ref=method.ref,
        mandate=method.mandate,
        words=words_for(payment),
        on_session=_is_at_page(payment),
    )
    return provider.create_charge(order)


def _take(payment: Payment, found: ProviderPayment, now: datetime) -> Payment:
    if found.progress != Progress.UNCONFIRMED or payment.state not in OPEN:
        return payment
    if not still_wanted(payment):
        return cancel_payment(payment=payment, now=now)
    taken = storing_gateway(payment.provider).confirm_charge(
        provider_id=payment.provider_id,
        payment_id=payment.pk,
        return_url=own_page(payment) if _is_at_page(payment) else "",
    )
    return apply_provider_state(payment_id=payment.pk, found=taken, now=now)


def _is_at_page(payment: Payment) -> bool:
    return bool(payment.origin == Payment.Origin.CUSTOMER)


def _living(payment: Payment) -> StoredMethod:
    """The stored method as it is now; NotDone if it was removed meanwhile."""
    method = payment.stored_method
    if method is not None:
        method.refresh_from_db()
    if method is None or method.removed_at is not None or not method.usable:
        raise NotDone("the stored payment method is gone", later=False, code="payment_method_gone")
    return method
