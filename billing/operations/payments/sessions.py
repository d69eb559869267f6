"""Asking the provider for its payment page."""

from __future__ import annotations

import time
from datetime import datetime
from decimal import Decimal

import structlog
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.gateways.base import NotDone, PageOrder, Unanswered
from billing.gateways.registry import gateway
from billing.models import Payment
from billing.operations.methods.payers import payer_ref
from billing.operations.payments.settle import apply_provider_state, end_payment
from billing.operations.payments.states import State, next_check
from selfcare.errors import Refused
from selfcare.models import Brand

log = structlog.get_logger(__name__)


def open_session(*, payment: Payment, now: datetime) -> Payment:
    """Ask the provider for a payment page, once for each payment; outside any transaction.

    The result is PENDING with `session_url`, or UNKNOWN when the answer was lost, or FAILED. Of several that ask
    at the same time one does, the others get the payment as it is. Refused when the provider is too busy.
    """
    if not claim(payment, now=now):
        return Payment.objects.get(pk=payment.pk)
    try:
        found = gateway(payment.provider).open_page(order_of(payment))
    except Unanswered as trouble:
        log.warning("payment_unanswered", payment=str(payment.pk), error=str(trouble))
        return Payment.objects.get(pk=payment.pk)
    except NotDone as trouble:
        return not_done(payment, trouble, now=now)
    return apply_provider_state(payment_id=payment.pk, found=found, now=now)


def wait_for_session(*, payment: Payment, tries: int = 25, pause: float = 0.2) -> Payment:
    """The payment once another request has opened its page, or as it is after five seconds."""
    for _try in range(tries):
        if payment.state != State.UNKNOWN or payment.session_url:
            break
        time.sleep(pause)
        payment.refresh_from_db()
    return payment


def claim(payment: Payment, *, now: datetime) -> bool:
    """Say that the provider is being asked, before it is: a crash after this leaves UNKNOWN, which is the truth."""
    due = next_check(State.UNKNOWN, checks=0, now=now)
    created = Payment.objects.filter(pk=payment.pk, state=State.CREATED)
    return bool(created.update(state=State.UNKNOWN, changed_at=now, checks=0, next_check_at=due))


def not_done(payment: Payment, trouble: NotDone, *, now: datetime) -> Payment:
    """What follows when the provider says that it did nothing: Refused if it is busy, else FAILED."""
    log.error("payment_refused_by_provider", payment=str(payment.pk), error=str(trouble))
    if trouble.later:
        _unclaim(payment)
        busy = _("The payment service is busy. Nothing was charged; please try again in a minute.")
        raise Refused(busy) from None
    return end_payment(payment_id=payment.pk, state=State.FAILED, failure="provider_refused", now=now)


def _unclaim(payment: Payment) -> None:
    asked = Payment.objects.filter(pk=payment.pk, state=State.UNKNOWN, session_id="")
    asked.update(state=State.CREATED, next_check_at=payment.next_check_at)


def order_of(payment: Payment) -> PageOrder:
    """The page as it is asked for; a payer is made known to the provider only if he wishes to store something."""
    return PageOrder(
        payment_id=payment.pk,
        kind=payment.method,
        items=_items(payment),
        currency=payment.currency,
        email=payment.email or (payment.user.email if payment.user else ""),
        customer_ref=_payer(payment),
        save_method=payment.save_method,
        created_at=payment.created_at,
        success_url=settings.PORTAL_URL + reverse("billing:payment", args=[payment.pk]),
        cancel_url=f"{settings.PORTAL_URL}{reverse('billing:pay')}?left={payment.pk}",
    )


def words_for(payment: Payment) -> str:
    """What stands beside the amount on the provider's page, and with a charge."""
    return _("Payment to %(company)s") % {"company": Brand.current().name}


def _payer(payment: Payment) -> str:
    if payment.method == Payment.Method.PAYNEARME:
        return str(payment.customer_id)
    return payer_ref(payment.customer, provider=payment.provider) if payment.save_method else ""


def _items(payment: Payment) -> tuple[tuple[str, Decimal], ...]:
    items = ((words_for(payment), payment.amount),)
    return (*items, (_("Tax"), payment.tax)) if payment.tax else items
