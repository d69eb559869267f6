"""Finding again what was made at Stripe: ours when an answer was lost, and all of a span of time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from billing.gateways.base import ProviderPayment, Unanswered
from billing.gateways.stripe.charges import get_charge
from billing.gateways.stripe.client import client
from billing.gateways.stripe.methods import id_of
from billing.gateways.stripe.reading import SESSION_PARTS, payment_of_intent, payment_of_session

CLOCK_SKEW = timedelta(minutes=10)
MOST_LISTED = 1000
PAGE = 100


def get_session(session_id: str) -> ProviderPayment:
    """What the provider says of the payment behind this session."""
    return payment_of_session(client().v1.checkout.sessions.retrieve(session_id, {"expand": SESSION_PARTS}))


def find_payment(*, payment_id: UUID, created_at: datetime) -> ProviderPayment | None:
    """The session or the intent that was made for our payment; a session's own intent is told with the session."""
    wanted = str(payment_id)
    since: Any = {"created": {"gte": int((created_at - CLOCK_SKEW).timestamp())}, "limit": PAGE}
    for session in _few(client().v1.checkout.sessions.list(since)):
        if session.client_reference_id == wanted:
            return get_session(session.id)
    for intent in _few(client().v1.payment_intents.list(since)):
        if intent.metadata and intent.metadata.to_dict().get("payment") == wanted:
            return get_charge(intent.id)
    return None


def payments_between(*, since: datetime, until: datetime) -> Iterator[ProviderPayment]:
    """All payments that were made, refunded or disputed in [since, until), also those that are not ours."""
    created: Any = {"gte": int(since.timestamp()), "lt": int(until.timestamp())}
    parts = ["data.latest_charge", "data.payment_method"]
    listed = client().v1.payment_intents.list({"created": created, "limit": PAGE, "expand": parts})
    seen = set()
    for intent in listed.auto_paging_iter():
        seen.add(intent.id)
        yield payment_of_intent(intent)
    for intent_id in _taken_back(created) - seen:
        yield get_charge(intent_id)


def _taken_back(created: Any) -> set[str]:
    """The payments of which something was refunded or disputed then, however old they are."""
    refunds = client().v1.refunds.list({"created": created, "limit": PAGE}).auto_paging_iter()
    disputes = client().v1.disputes.list({"created": created, "limit": PAGE}).auto_paging_iter()
    named = {id_of(thing.payment_intent) for things in (refunds, disputes) for thing in things}
    return named - {""}


def _few(listed: Any) -> Iterator[Any]:
    for seen, thing in enumerate(listed.auto_paging_iter()):
        if seen >= MOST_LISTED:
            raise Unanswered("more than can be searched")
        yield thing
