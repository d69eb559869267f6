"""Ways to pay as Stripe keeps them, in our words."""

from __future__ import annotations

from typing import Any

from billing.gateways.base import ProviderMethod
from billing.gateways.stripe.client import client

# Our kind -> what Stripe calls the kinds that its page offers for it. iDEAL sets a SEPA debit up.
OFFERED: dict[str, list[str]] = {
    "card": ["card"],
    "ach": ["us_bank_account"],
    "sepa": ["ideal", "sepa_debit"],
    "paypal": ["paypal"],
}
OURS = {theirs: ours for ours, names in OFFERED.items() for theirs in names}
INACTIVE = "inactive"


def method_of(method: Any, *, mandate: str = "", mandate_status: str = "") -> ProviderMethod:
    """A payment method; usable while it is attached to a payer and its mandate, if any, was not revoked."""
    details = method.to_dict().get(method.type) or {}
    return ProviderMethod(
        ref=method.id,
        customer_ref=id_of(method.customer),
        kind=OURS.get(method.type, ""),
        brand=brand_of(method.type, details),
        last4=str(details.get("last4") or ""),
        exp_month=details.get("exp_month"),
        exp_year=details.get("exp_year"),
        mandate=mandate,
        fingerprint=str(details.get("fingerprint") or details.get("payer_id") or ""),
        usable=method.customer is not None and mandate_status != INACTIVE,
    )


def brand_of(kind: str, details: dict[str, Any]) -> str:
    """Whose card or account it is, as a person says it; empty where the kind alone says enough."""
    if kind == "card":
        return str(details.get("brand") or "").title()
    if kind == "us_bank_account":
        return str(details.get("bank_name") or "").title()
    return {"paypal": "PayPal", "ideal": "iDEAL"}.get(kind, "")


def stored_by(intent: Any) -> ProviderMethod | None:
    """What a paid payment left for later, if the payer wished so; the SEPA debit behind an iDEAL payment."""
    if intent.status != "succeeded" or intent.setup_future_usage != "off_session" or not intent.customer:
        return None
    details = intent.latest_charge.payment_method_details.to_dict()
    used = details.get(details["type"]) or {}
    made = used.get("generated_sepa_debit")
    if made:
        mandate = id_of(used.get("generated_sepa_debit_mandate"))
        return method_of(client().v1.payment_methods.retrieve(id_of(made)), mandate=mandate)
    if details["type"] == "ideal" or intent.payment_method is None:
        return None
    return method_of(whole(intent.payment_method), mandate=id_of(used.get("mandate")))


def set_up_by(intent: Any) -> ProviderMethod | None:
    """What a visit to the page for storing left, with its mandate."""
    if intent.status != "succeeded":
        return None
    method, mandate = whole(intent.payment_method), id_of(intent.mandate)
    if method.type == "ideal":
        attempt = intent.latest_attempt.payment_method_details.to_dict()["ideal"]
        method = client().v1.payment_methods.retrieve(id_of(attempt["generated_sepa_debit"]))
        mandate = id_of(attempt.get("generated_sepa_debit_mandate")) or mandate
    return method_of(method, mandate=mandate)


def whole(method: Any) -> Any:
    """The payment method itself where only its id came."""
    return client().v1.payment_methods.retrieve(method) if isinstance(method, str) else method


def id_of(thing: Any) -> str:
    """The id of what came as an id, as an object, or not at all."""
    if thing is None or isinstance(thing, str):
        return thing or ""
    return str(thing["id"])
