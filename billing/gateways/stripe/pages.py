"""Stripe's own pages: for a payment, and for storing a way to pay; and what its form in our page needs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from billing.gateways.base import PageOrder, Progress, ProviderElement, ProviderPayment, ProviderSetup, SetupOrder
from billing.gateways.stripe.client import client
from billing.gateways.stripe.methods import OFFERED, set_up_by
from billing.gateways.stripe.reading import (
    ELEMENT,
    INTENT_PARTS,
    SESSION_PARTS,
    payment_of_intent,
    payment_of_session,
)
from billing.money import to_minor

SESSION_LIFETIME = timedelta(hours=1)
SETUP_PARTS = ["setup_intent.payment_method", "setup_intent.latest_attempt"]


def open_page(order: PageOrder) -> ProviderPayment:
    """A Checkout Session in mode payment."""
    reference = {"payment": str(order.payment_id)}
    session = client().v1.checkout.sessions.create(
        {
            "mode": "payment",
            "allowed_payment_method_types": OFFERED[order.kind],
            "line_items": [_item(words, to_minor(amount, order.currency), order) for words, amount in order.items],
            "payment_intent_data": {"metadata": reference} | _for_later(order),
            "client_reference_id": str(order.payment_id),
            "metadata": reference,
            "expand": SESSION_PARTS,
            **_payer(order),
            **_frame(order),
        },
        {"idempotency_key": f"{order.payment_id}:session"},
    )
    return payment_of_session(session)


def open_element(order: PageOrder) -> ProviderElement:
    """A PaymentIntent that the payer confirms from our own page."""
    total = sum(to_minor(amount, order.currency) for _, amount in order.items)
    words: Any = {
        "amount": total,
        "currency": order.currency.lower(),
        "allowed_payment_method_types": OFFERED[order.kind],
        "metadata": {"payment": str(order.payment_id), **ELEMENT},
        "expand": INTENT_PARTS,
        **({"customer": order.customer_ref} if order.customer_ref else {}),
        **_for_later(order),
    }
    key = f"{order.payment_id}:element"
    return element_of(client().v1.payment_intents.create(words, {"idempotency_key": key}))


def get_element(provider_id: str) -> ProviderElement:
    """The form of a payment that was opened before."""
    return element_of(client().v1.payment_intents.retrieve(provider_id, {"expand": INTENT_PARTS}))


def element_of(intent: Any) -> ProviderElement:
    return ProviderElement(payment=payment_of_intent(intent), client_secret=intent.client_secret)


def open_setup(order: SetupOrder) -> ProviderSetup:
    """A Checkout Session in mode setup."""
    reference = {"setup": str(order.setup_id)}
    session = client().v1.checkout.sessions.create(
        {
            "mode": "setup",
            "currency": order.currency.lower(),
            "allowed_payment_method_types": OFFERED[order.kind],
            "customer": order.customer_ref,
            "setup_intent_data": {"metadata": reference},
            "client_reference_id": str(order.setup_id),
            "metadata": reference,
            "expand": SETUP_PARTS,
            **_frame(order),
        },
        {"idempotency_key": f"{order.setup_id}:setup"},
    )
    return setup_of(session)


def get_setup(session_id: str) -> ProviderSetup:
    """What became of it."""
    return setup_of(client().v1.checkout.sessions.retrieve(session_id, {"expand": SETUP_PARTS}))


def setup_of(session: Any) -> ProviderSetup:
    intent = session.setup_intent
    error = intent.last_setup_error.to_dict() if intent and intent.last_setup_error else {}
    return ProviderSetup(
        reference=(session.metadata.to_dict() if session.metadata else {}).get("setup", ""),
        session_id=session.id,
        session_url=session.url or "",
        progress=_setup_progress(session, intent),
        failure=str(error.get("decline_code") or error.get("code") or ""),
        method=set_up_by(intent) if intent else None,
    )


def _setup_progress(session: Any, intent: Any) -> Progress:
    if intent is not None and intent.status == "succeeded":
        return Progress.PAID
    if session.status == "expired":
        return Progress.EXPIRED
    if session.status != "complete":
        return Progress.OPEN
    # Small deposits prove over days that a bank account is the payer's.
    waits = intent is not None and intent.status in ("requires_action", "processing")
    return Progress.PROCESSING if waits else Progress.FAILED


def _item(words: str, amount: int, order: PageOrder) -> Any:
    product = {"name": words}
    return {
        "quantity": 1,
        "price_data": {"currency": order.currency.lower(), "unit_amount": amount, "product_data": product},
    }


def _for_later(order: PageOrder) -> Any:
    return {"setup_future_usage": "off_session"} if order.save_method else {}


def _payer(order: PageOrder) -> Any:
    if order.customer_ref:
        return {"customer": order.customer_ref}
    return {"customer_email": order.email} if order.email else {}


def _frame(order: PageOrder | SetupOrder) -> Any:
    return {
        "success_url": order.success_url,
        "cancel_url": order.cancel_url,
        "expires_at": _expiry(order.created_at),
    }


def _expiry(created_at: datetime) -> int:
    """Reckoned from the order, so that asking twice sends the same words."""
    return int((created_at + SESSION_LIFETIME).timestamp())
