"""The doors through which payment providers speak: verify, store, answer; the work is done by a task."""

from __future__ import annotations

from functools import partial

import structlog
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from kombu.exceptions import OperationalError

from billing import tasks
from billing.gateways.base import Forged
from billing.gateways.paynearme import NAME as PAYNEARME
from billing.gateways.paynearme import callbacks
from billing.gateways.paynearme.adapter import is_on
from billing.gateways.registry import gateway
from billing.gateways.stripe import NAME as STRIPE
from billing.operations.payments.slips import may_take
from billing.operations.provider_events import keep_event

log = structlog.get_logger(__name__)

MAX_BODY = 512 * 1024
MAX_CALLBACK = 64 * 1024


@csrf_exempt
@login_not_required
@require_POST
def stripe_webhook(request: HttpRequest) -> HttpResponse:
    """400 for what Stripe did not sign within five minutes; else 200 as soon as the event is stored."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BODY:
        return HttpResponse(status=413)
    try:
        event = gateway(STRIPE).read_event(body=request.body, headers=request.headers)
    except Forged as forged:
        log.warning("webhook_refused", error=str(forged)[:200])
        return HttpResponse("The signature is not valid.", status=400, content_type="text/plain")
    kept = keep_event(provider=STRIPE, event=event, now=timezone.now())
    if kept is not None:
        transaction.on_commit(partial(_hand_on, kept))
    return HttpResponse(status=200)


@csrf_exempt
@login_not_required
@require_POST
def paynearme_authorization(request: HttpRequest) -> HttpResponse:
    """A till asks before it takes money: our state answers, nothing is changed."""
    callback = _callback(request)
    if isinstance(callback, HttpResponse):
        return callback
    decision = may_take(
        reference=callback.reference,
        order_id=callback.order_id,
        amount=callback.amount,
        currency=callback.currency,
        now=timezone.now(),
    )
    log.info("till_answered", order=callback.order_id, accepted=decision.accept)
    return JsonResponse(callbacks.authorized(callback, accept=decision.accept, words=decision.words))


@csrf_exempt
@login_not_required
@require_POST
def paynearme_notice(request: HttpRequest) -> HttpResponse:
    """Money came in or went back: stored once, acknowledged every time; a task asks PayNearMe for the order."""
    callback = _callback(request)
    if isinstance(callback, HttpResponse):
        return callback
    if not callback.declined:
        kept = keep_event(provider=PAYNEARME, event=callbacks.event_of(callback), now=timezone.now())
        if kept is not None:
            transaction.on_commit(partial(_hand_on, kept))
    return JsonResponse(callbacks.acknowledged(callback))


def _callback(request: HttpRequest) -> callbacks.Callback | HttpResponse:
    """What PayNearMe says, or the refusal: 404 while cash is off, 413 for too much, 400 for what it did not sign."""
    if not is_on():
        return HttpResponse(status=404)
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_CALLBACK:
        return HttpResponse(status=413)
    try:
        return callbacks.read(body=request.body, headers=request.headers)
    except Forged as forged:
        log.warning("callback_refused", error=str(forged)[:200])
        return HttpResponse("The signature is not valid.", status=400, content_type="text/plain")


def _hand_on(event_id: int) -> None:
    """Have it processed now; without the broker the clockwork finds the stored event within seconds."""
    try:
        tasks.process_webhook.delay(event_id)
    except OperationalError as trouble:
        log.warning("webhook_waits_for_clockwork", row=event_id, error=str(trouble))
