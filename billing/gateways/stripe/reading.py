"""What Stripe says of a payment, in our words: from a Checkout Session, or from a PaymentIntent without one."""

from __future__ import annotations

from typing import Any

from billing.gateways.base import Progress, ProviderPayment
from billing.gateways.stripe.client import client
from billing.gateways.stripe.methods import OURS, brand_of, stored_by
from billing.money import from_minor

DISPUTE_OVER = {"won", "prevented", "warning_needs_response", "warning_under_review", "warning_closed"}
INTENT_PARTS = ["latest_charge", "payment_method"]
SESSION_PARTS = [f"payment_intent.{part}" for part in INTENT_PARTS]
# Written at intents whose payer types into our own page: he may try again there after a refusal.
ELEMENT = {"form": "element"}
TO_CONFIRM = "authentication_required"


def payment_of_session(session: Any) -> ProviderPayment:
    """The payment behind a page of Stripe's."""
    return _payment(
        session.payment_intent,
        reference=_metadata(session).get("payment", ""),
        session_id=session.id,
        session_url=session.url or "",
        progress=_progress_of_session(session, session.payment_intent),
        amount=session.amount_total,
        currency=session.currency,
    )


def payment_of_intent(intent: Any) -> ProviderPayment:
    """A payment without a page of Stripe's: a stored method that was charged, or a form in our own page."""
    return _payment(
        intent,
        reference=_metadata(intent).get("payment", ""),
        session_id="",
        session_url="",
        progress=_progress_of_intent(intent),
        amount=intent.amount,
        currency=intent.currency,
    )


def _payment(
    intent: Any, *, reference: str, session_id: str, session_url: str, progress: Progress, amount: int, currency: str
) -> ProviderPayment:
    charge = intent.latest_charge if intent else None
    paid = intent is not None and intent.status == "succeeded"
    money = currency.upper()
    return ProviderPayment(
        reference=reference,
        session_id=session_id,
        session_url=session_url,
        provider_id=intent.id if intent else "",
        progress=progress,
        amount=from_minor(intent.amount_received if paid else amount, money),
        currency=money,
        label=_label(charge),
        failure=_failure(intent),
        refunded=from_minor(charge.amount_refunded if charge else 0, money),
        disputed=from_minor(_disputed(charge), money),
        kind=OURS.get(charge.payment_method_details.type, "") if charge else "",
        stored=stored_by(intent) if paid else None,
        action_url=_action_url(intent) if progress == Progress.ACTION else "",
    )


def _progress_of_session(session: Any, intent: Any) -> Progress:
    if session.status == "expired":
        return Progress.EXPIRED
    if intent is not None and intent.status == "requires_action":
        return Progress.ACTION
    if session.status != "complete":
        return Progress.OPEN
    if session.payment_status == "paid" and intent is not None and intent.status == "succeeded":
        return Progress.PAID
    # A bank debit that came back: the page is done, so nobody can try again there.
    ended = intent is not None and intent.status in ("requires_payment_method", "canceled")
    return Progress.FAILED if ended else Progress.PROCESSING


def _progress_of_intent(intent: Any) -> Progress:
    if intent.status == "requires_payment_method":
        if _metadata(intent).get("form"):
            return Progress.OPEN
        return Progress.ACTION if _failure(intent) == TO_CONFIRM else Progress.FAILED
    return {
        "requires_confirmation": Progress.UNCONFIRMED,
        "requires_action": Progress.ACTION,
        "processing": Progress.PROCESSING,
        "succeeded": Progress.PAID,
        "canceled": Progress.EXPIRED,
    }[intent.status]


def _action_url(intent: Any) -> str:
    """Where the payer confirms: his bank's page, or where he types the small deposits that prove an account his."""
    action = intent.next_action.to_dict() if intent.next_action else {}
    details = action.get(action.get("type", "")) or {}
    return str(details.get("url") or details.get("hosted_verification_url") or "")


def _label(charge: Any) -> str:
    """Brand or bank and the last four digits, once the money was taken or is on its way."""
    if not charge or charge.status == "failed":
        return ""
    details = charge.payment_method_details.to_dict()
    part = details.get(details["type"]) or {}
    words = brand_of(details["type"], part) or {"sepa_debit": "SEPA"}.get(details["type"], "")
    return f"{words} {part.get('last4') or ''}".strip()


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
    disputes = client().v1.disputes.list({"charge": charge.id, "limit": 100})
    return sum(dispute.amount for dispute in disputes.data if dispute.status not in DISPUTE_OVER)


def _metadata(thing: Any) -> dict[str, str]:
    return thing.metadata.to_dict() if thing.metadata else {}
