"""Asking the provider to give the money back."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.utils.translation import gettext as _

from billing.gateways.base import NotDone, RefundOrder, Unanswered
from billing.gateways.registry import gateway
from billing.models import Refund
from billing.operations.refunds.settle import apply_refund, end_refund
from billing.operations.refunds.states import State, next_check
from selfcare.errors import Refused

log = structlog.get_logger(__name__)


def ask_refund(*, refund: Refund, now: datetime) -> Refund:
    """Ask the provider once for each refund; outside any transaction. Of several at the same time one asks.

    The result is SUCCEEDED or PENDING, UNKNOWN when no answer came, or FAILED. Refused when the provider is too busy:
    then the same refund may be asked again.
    """
    if not _claim(refund, now):
        return Refund.objects.get(pk=refund.pk)
    payment = refund.payment
    order = RefundOrder(
        refund_id=refund.pk, provider_id=payment.provider_id, amount=refund.amount, currency=payment.currency
    )
    try:
        found = gateway(payment.provider).refund(order)
    except Unanswered as trouble:
        log.warning("refund_unanswered", refund=str(refund.pk), error=str(trouble))
        return Refund.objects.get(pk=refund.pk)
    except NotDone as trouble:
        log.error("refund_refused_by_provider", refund=str(refund.pk), error=str(trouble))
        if trouble.later:
            Refund.objects.filter(pk=refund.pk, state=State.UNKNOWN).update(state=State.CREATED)
            raise Refused(_("The payment provider is busy. Nothing was refunded; please try again.")) from None
        return end_refund(refund_id=refund.pk, failure=str(trouble), now=now)
    return apply_refund(refund_id=refund.pk, found=found, now=now)


def _claim(refund: Refund, now: datetime) -> bool:
    """Say that the provider is being asked, before it is: a crash after this leaves UNKNOWN, which is the truth."""
    due = next_check(State.UNKNOWN, checks=0, now=now)
    created = Refund.objects.filter(pk=refund.pk, state=State.CREATED)
    return bool(created.update(state=State.UNKNOWN, changed_at=now, checks=0, next_check_at=due))
