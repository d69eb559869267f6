"""Stripe. Nothing of its own objects leaves this module; see `base` for what is asked and answered."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import cache, wraps
from typing import Any, TypeVar
from uuid import UUID

import stripe
from django.conf import settings
from django.db import connection

from billing.gateways.base import Event, Forged, NotDone, PageOrder, Progress, ProviderPayment, Unanswered
from billing.money import from_minor, to_minor

NAME = "stripe"
TIMEOUT = (3.0, 10.0)  # seconds to connect, and to wait for an answer
TOLERANCE = 300  # seconds that a signed event may be old
SESSION_LIFETIME = timedelta(hours=1)
CLOCK_SKEW = timedelta(minutes=10)
MOST_LISTED = 1000
DISPUTE_OVER = {"won", "prevented", "warning_needs_response", "warning_under_review", "warning_closed"}
EXPAND = "payment_intent.latest_charge"

Answer = TypeVar("Answer")


def _asking(call: Callable[..., Answer]) -> Callable[..., Answer]:
    """Translate Stripe's errors, and refuse to wait for a network inside a transaction."""

    @wraps(call)
    def asked(*args: Any, **kwargs: Any) -> Answer:
        if connection.in_atomic_block:
            raise RuntimeError("the payment provider is not called inside a database transaction")
        try:
            return call(*args, **kwargs)
        except (stripe.APIConnectionError, stripe.IdempotencyError) as error:
            raise Unanswered(str(error)) from error
        except stripe.RateLimitError as error:
            raise NotDone(str(error), later=True) from error
        except stripe.StripeError as error:
            if error.http_status is None or error.http_status >= 500 or error.http_status == 409:
                raise Unanswered(str(error)) from error
            raise NotDone(str(error), later=False) from error

    return asked


class Stripe:
    """Cards on Stripe's own page."""

    name = NAME

    @_asking
    def open_page(self, order: PageOrder) -> ProviderPayment:
        """Open the provider's payment page; asked twice for a payment it is one page."""
        reference = {"payment": str(order.payment_id)}
        session = _client().v1.checkout.sessions.create(
            {
                "mode": "payment",
                "line_items": [
                    {
                        "quantity": 1,
                        "price_data": {
                            "currency": order.currency.lower(),
                            "unit_amount": to_minor(amount, order.currency),
                            "product_data": {"name": words},
                        },
                    }
                    for words, amount in order.items
                ],
                "success_url": order.success_url,
                "cancel_url": order.cancel_url,
                "expires_at": int((order.created_at + SESSION_LIFETIME).timestamp()),
                "client_reference_id": str(order.payment_id),
                "metadata": reference,
                "payment_intent_data": {"metadata": reference},
                "expand": [EXPAND],
                **({"customer_email": order.email} if order.email else {}),
            },
            {"idempotency_key": f"{order.payment_id}:session"},
        )
        return _payment_of(session)

    @_asking
    def get_payment(self, *, session_id: str, provider_id: str) -> ProviderPayment:
        """What the provider says of the payment behind this session."""
        return _payment_of(_client().v1.checkout.sessions.retrieve(session_id, {"expand": [EXPAND]}))

    @_asking
    def find_payment(self, *, payment_id: UUID, created_at: datetime) -> ProviderPayment | None:
        """The session that was opened for our payment, when its answer was lost; None if there is none."""
        since = int((created_at - CLOCK_SKEW).timestamp())
        listed = _client().v1.checkout.sessions.list({"created": {"gte": since}, "limit": 100})
        for seen, session in enumerate(listed.auto_paging_iter()):
            if session.client_reference_id == str(payment_id):
                return self.get_payment(session_id=session.id, provider_id="")
            if seen >= MOST_LISTED:
                raise Unanswered("more sessions than can be searched")
        return None

    def read_event(self, *, body: bytes, headers: Mapping[str, str]) -> Event:
        """The message of a webhook; Forged unless the provider signed it within the last five minutes."""
        try:
            signature = headers.get("Stripe-Signature", "")
            stripe.WebhookSignature.verify_header(body, signature, settings.STRIPE_WEBHOOK_SECRET, TOLERANCE)
            event = json.loads(body)
            thing = event["data"]["object"]
            reference = (thing.get("metadata") or {}).get("payment") or ""
            # Charges, refunds and disputes name the payment that they belong to.
            own = thing["object"] == "checkout.session"
            object_id = thing["id"] if own else thing.get("payment_intent") or thing["id"]
            return Event(event_id=event["id"], type=event["type"], object_id=object_id, reference=str(reference))
        except (stripe.SignatureVerificationError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise Forged(str(error)) from error


def _client() -> stripe.StripeClient:
    return _client_of(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE, TIMEOUT)


@cache
def _client_of(key: str, base: str, timeout: tuple[float, float]) -> stripe.StripeClient:
    return stripe.StripeClient(
        key,
        base_addresses={"api": base},
        http_client=stripe.RequestsClient(timeout=timeout),
        max_network_retries=0,
    )


def _payment_of(session: Any) -> ProviderPayment:
    intent = session.payment_intent
    charge = intent.latest_charge if intent else None
    currency = (intent or session).currency.upper()
    taken = intent.amount_received if intent and intent.status == "succeeded" else session.amount_total
    return ProviderPayment(
        reference=(session.metadata.to_dict() if session.metadata else {}).get("payment", ""),
        session_id=session.id,
        session_url=session.url or "",
        provider_id=intent.id if intent else "",
        progress=_progress(session, intent),
        amount=from_minor(taken, currency),
        currency=currency,
        label=_card(charge),
        failure=_failure(intent),
        refunded=from_minor(charge.amount_refunded if charge else 0, currency),
        disputed=from_minor(_disputed(charge), currency),
    )


def _progress(session: Any, intent: Any) -> Progress:
    if session.status == "expired":
        return Progress.EXPIRED
    if session.status == "complete":
        paid = session.payment_status == "paid" and intent is not None and intent.status == "succeeded"
        return Progress.PAID if paid else Progress.PROCESSING
    if intent is not None and intent.status == "requires_action":
        return Progress.ACTION
    return Progress.OPEN


def _card(charge: Any) -> str:
    details = charge.payment_method_details if charge and charge.status == "succeeded" else None
    if details is None or details.type != "card":
        return ""
    return f"{details.card.brand.title()} {details.card.last4}"


def _failure(intent: Any) -> str:
    error = intent.last_payment_error if intent else None
    if error is None:
        return ""
    details = error.to_dict()
    return str(details.get("decline_code") or details.get("code") or "card_declined")


def _disputed(charge: Any) -> int:
    """Minor units that a dispute holds back; a charge stays marked as disputed after the dispute was won."""
    if not charge or not charge.disputed:
        return 0
    disputes = _client().v1.disputes.list({"charge": charge.id, "limit": 100})
    return sum(dispute.amount for dispute in disputes.data if dispute.status not in DISPUTE_OVER)
