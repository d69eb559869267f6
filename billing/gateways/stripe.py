"""Stripe: ids and amounts go in, dataclasses come out; nothing of Stripe's own objects leaves this module.

Every call is made outside any database transaction and is tried once: what an unanswered call did is found out by
asking (`find_payment`), never by charging again. Amounts are `Decimal` in units of the currency.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache, wraps
from typing import Any, TypeVar
from uuid import UUID

import stripe
from django.conf import settings
from django.db import connection

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


class Unanswered(Exception):
    """No usable answer came: what was asked for may or may not have been done."""


class NotDone(Exception):
    """The provider did not do it, and says so; `later` when the same may work in a minute."""

    def __init__(self, message: str, *, later: bool) -> None:
        super().__init__(message)
        self.later = later


class Forged(Exception):
    """A message that the provider did not sign, or not lately."""


class Progress(StrEnum):
    """How far a card payment came at the provider."""

    OPEN = "open"
    ACTION = "action"
    PROCESSING = "processing"
    PAID = "paid"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class CardPayment:
    """What the provider says of one payment; `refunded` and `disputed` are parts of `amount`.

    `reference` is our payment's id as the provider keeps it; `failure` the code of the last refusal, or empty.
    """

    reference: str
    session_id: str
    session_url: str
    provider_id: str
    progress: Progress
    amount: Decimal
    currency: str
    card: str
    failure: str
    refunded: Decimal
    disputed: Decimal


@dataclass(frozen=True, slots=True)
class Event:
    """A signed message; `object_id` names the session or payment to ask for, `reference` our payment if known."""

    event_id: str
    type: str
    object_id: str
    reference: str


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


@_asking
def open_session(
    *,
    payment_id: UUID,
    items: list[tuple[str, Decimal]],
    currency: str,
    email: str,
    created_at: datetime,
    success_url: str,
    cancel_url: str,
) -> CardPayment:
    """Open the provider's payment page for the items (words, amount); asked twice for a payment it is one page."""
    reference = {"payment": str(payment_id)}
    session = _client().v1.checkout.sessions.create(
        {
            "mode": "payment",
            "line_items": [
                {
                    "quantity": 1,
                    "price_data": {
                        "currency": currency.lower(),
                        "unit_amount": to_minor(amount, currency),
                        "product_data": {"name": words},
                    },
                }
                for words, amount in items
            ],
            "success_url": success_url,
            "cancel_url": cancel_url,
            "expires_at": int((created_at + SESSION_LIFETIME).timestamp()),
            "client_reference_id": str(payment_id),
            "metadata": reference,
            "payment_intent_data": {"metadata": reference},
            "expand": [EXPAND],
            **({"customer_email": email} if email else {}),
        },
        {"idempotency_key": f"{payment_id}:session"},
    )
    return _card_payment(session)


@_asking
def get_payment(session_id: str) -> CardPayment:
    """What the provider says of the payment behind this session."""
    return _card_payment(_client().v1.checkout.sessions.retrieve(session_id, {"expand": [EXPAND]}))


@_asking
def find_payment(*, payment_id: UUID, created_at: datetime) -> CardPayment | None:
    """The session that was opened for our payment, when its answer was lost; None if there is none."""
    since = int((created_at - CLOCK_SKEW).timestamp())
    listed = _client().v1.checkout.sessions.list({"created": {"gte": since}, "limit": 100})
    for seen, session in enumerate(listed.auto_paging_iter()):
        if session.client_reference_id == str(payment_id):
            return get_payment(session.id)
        if seen >= MOST_LISTED:
            raise Unanswered("more sessions than can be searched")
    return None


def read_event(*, body: bytes, signature: str) -> Event:
    """The message of a webhook; Forged unless the provider signed it within the last five minutes."""
    try:
        stripe.WebhookSignature.verify_header(body, signature, settings.STRIPE_WEBHOOK_SECRET, TOLERANCE)
        event = json.loads(body)
        thing = event["data"]["object"]
        reference = (thing.get("metadata") or {}).get("payment") or ""
        # Charges, refunds and disputes name the payment that they belong to.
        object_id = thing["id"] if thing["object"] == "checkout.session" else thing.get("payment_intent") or thing["id"]
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


def _card_payment(session: Any) -> CardPayment:
    intent = session.payment_intent
    charge = intent.latest_charge if intent else None
    currency = (intent or session).currency.upper()
    taken = intent.amount_received if intent and intent.status == "succeeded" else session.amount_total
    return CardPayment(
        reference=(session.metadata.to_dict() if session.metadata else {}).get("payment", ""),
        session_id=session.id,
        session_url=session.url or "",
        provider_id=intent.id if intent else "",
        progress=_progress(session, intent),
        amount=from_minor(taken, currency),
        currency=currency,
        card=_card(charge),
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
