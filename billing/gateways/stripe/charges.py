"""Stored ways to pay that are charged: written down at Stripe first, then confirmed, so that nothing happens unseen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import stripe

from billing.gateways.base import ChargeOrder, NotDone, ProviderPayment
from billing.gateways.stripe.client import client, code_of, translated
from billing.gateways.stripe.reading import INTENT_PARTS, payment_of_intent
from billing.money import to_minor

PASSED_ON = {"payment_intent_unexpected_state", "lock_timeout"}


def create_charge(order: ChargeOrder) -> ProviderPayment:
    """A PaymentIntent that nobody confirmed yet."""
    intent = client().v1.payment_intents.create(
        {
            "amount": to_minor(order.amount, order.currency),
            "currency": order.currency.lower(),
            "customer": order.customer_ref,
            "payment_method": order.method_ref,
            "description": order.words,
            "metadata": {"payment": str(order.payment_id)},
            "expand": INTENT_PARTS,
        },
        {"idempotency_key": key_of(order)},
    )
    return payment_of_intent(intent)


def key_of(order: ChargeOrder) -> str:
    """The one key of a payment's charge, for its whole life."""
    return f"{order.payment_id}:charge"


def get_charge(provider_id: str) -> ProviderPayment:
    """What became of it."""
    return payment_of_intent(client().v1.payment_intents.retrieve(provider_id, {"expand": INTENT_PARTS}))


def confirm_charge(*, provider_id: str, payment_id: UUID, return_url: str, method_ref: str) -> ProviderPayment:
    """Take it. The intent itself is taken at most once, so this call has no key of ours.

    Stripe keeps the answer to a key for a day, also a 500 that did nothing; the payment would hang for as long.
    """
    words: Any = {"return_url": return_url} if return_url else {"off_session": True}
    if method_ref:
        words["payment_method"] = method_ref
    try:
        intent = client().v1.payment_intents.confirm(provider_id, {**words, "expand": INTENT_PARTS})
    except stripe.CardError:
        return get_charge(provider_id)
    except stripe.InvalidRequestError as error:
        trouble = translated(error)
        if not isinstance(trouble, NotDone) or trouble.later:
            raise
        if trouble.code in PASSED_ON:
            return get_charge(provider_id)
        # Such as a revoked mandate or a method that was taken away: this charge can never be taken.
        ended = cancel_charge(provider_id=provider_id, payment_id=payment_id)
        return replace(ended, failure=ended.failure or trouble.code or "provider_refused")
    return payment_of_intent(intent)


def cancel_charge(*, provider_id: str, payment_id: UUID) -> ProviderPayment:
    """Give it up; what became of it meanwhile is the answer."""
    try:
        intent = client().v1.payment_intents.cancel(provider_id, {"expand": INTENT_PARTS})
    except stripe.InvalidRequestError as error:
        if code_of(error) not in PASSED_ON:
            raise
        return get_charge(provider_id)
    return payment_of_intent(intent)
