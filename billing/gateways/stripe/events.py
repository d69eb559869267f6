"""Stripe's signed messages."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

import stripe
from django.conf import settings

from billing.gateways.base import Event, Forged

TOLERANCE = 300  # seconds that a signed event may be old, or that its clock may be ahead


def read_event(*, body: bytes, headers: Mapping[str, str]) -> Event:
    """The message of a webhook; Forged unless Stripe signed it within five minutes, for this account and mode."""
    try:
        signature = headers.get("Stripe-Signature", "")
        stripe.WebhookSignature.verify_header(body, signature, settings.STRIPE_WEBHOOK_SECRET, TOLERANCE)
        _refuse_future(signature)
        return _event(json.loads(body))
    except (stripe.SignatureVerificationError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Forged(str(error)) from error


def _refuse_future(signature: str) -> None:
    stamps = [int(part[2:]) for part in signature.split(",") if part.startswith("t=")]
    if stamps[0] > time.time() + TOLERANCE:
        raise Forged("signed in the future")


def _event(event: Any) -> Event:
    if event.get("livemode", False) != settings.STRIPE_SECRET_KEY.startswith(("sk_live", "rk_live")):
        raise Forged("a test event in live mode, or a live one in a test")
    if event.get("account"):
        raise Forged("an event of another account")
    thing = event["data"]["object"]
    metadata = thing.get("metadata") or {}
    # Charges, refunds and disputes name the payment that they belong to; sessions and methods speak for themselves.
    own = thing["object"] in ("checkout.session", "payment_method", "mandate", "setup_intent")
    object_id = thing["id"] if own else thing.get("payment_intent") or thing["id"]
    reference = metadata.get("payment") or metadata.get("setup") or ""
    return Event(event_id=event["id"], type=event["type"], object_id=object_id, reference=str(reference))
