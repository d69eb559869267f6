"""The provider's payment form in our own page; the card's number goes from the browser to the provider alone."""

from __future__ import annotations

from datetime import datetime

import structlog

from billing.gateways.base import NotDone, Unanswered
from billing.gateways.registry import storing_gateway
from billing.models import Payment
from billing.operations.payments.sessions import claim, not_done, order_of
from billing.operations.payments.settle import apply_provider_state

log = structlog.get_logger(__name__)


def open_element(*, payment: Payment, now: datetime) -> tuple[Payment, str]:
    """The payment, PENDING, and the secret that opens its form to the payer's browser; outside any transaction.

    Asked again it is the same form. The secret is empty when no answer came, or when the payment is no longer open;
    it is never kept here. Refused when the provider is too busy.
    """
    provider = storing_gateway(payment.provider)
    try:
        if payment.provider_id:
            element = provider.get_element(payment.provider_id)
        elif claim(payment, now=now):
            element = provider.open_element(order_of(payment))
        else:
            return Payment.objects.get(pk=payment.pk), ""
    except Unanswered as trouble:
        log.warning("payment_unanswered", payment=str(payment.pk), error=str(trouble))
        return Payment.objects.get(pk=payment.pk), ""
    except NotDone as trouble:
        return not_done(payment, trouble, now=now), ""
    kept = apply_provider_state(payment_id=payment.pk, found=element.payment, now=now)
    return kept, element.client_secret if kept.state == Payment.State.PENDING else ""
