"""What the bank behind a test card says, and the charge that comes of it."""

from . import cards
from .payment_methods import test_card
from .state import Object, State

APPROVED = ""
CHALLENGE = "challenge"


def verdict(method: Object, *, off_session: bool, saving_only: bool = False) -> str:
    """APPROVED, CHALLENGE (3-D Secure first), or a decline code."""
    card = test_card(method)
    if card.decline and not (saving_only and card.attaches):
        return card.decline
    if not card.challenge:
        return APPROVED
    if not off_session:
        return CHALLENGE
    if card.challenge == "until_set_up" and method["_authenticated"]:
        return APPROVED
    return "authentication_required"


def charge(
    state: State, intent: Object, method: Object, *, decline_code: str = "", authenticated: bool = False
) -> Object:
    """A succeeded or, with a decline code, failed charge of the intent's amount."""
    failure = cards.declined(decline_code).error if decline_code else None
    made = state.add(
        "charge",
        {
            "amount": intent["amount"],
            "amount_captured": 0 if failure else intent["amount"],
            "amount_refunded": 0,
            "balance_transaction": None,
            "billing_details": dict(method["billing_details"]),
            "calculated_statement_descriptor": "PAYMENT SANDBOX",
            "captured": not failure,
            "currency": intent["currency"],
            "customer": intent["customer"],
            "description": intent["description"],
            "disputed": False,
            "failure_balance_transaction": None,
            "failure_code": failure["code"] if failure else None,
            "failure_message": failure["message"] if failure else None,
            "fraud_details": {},
            "metadata": dict(intent["metadata"]),
            "outcome": _outcome(decline_code, failure),
            "paid": not failure,
            "payment_intent": intent["id"],
            "payment_method": method["id"],
            "payment_method_details": _details(method, intent, failed=bool(failure), authenticated=authenticated),
            "receipt_email": intent["receipt_email"],
            "receipt_url": None,
            "refunded": False,
            "shipping": None,
            "status": "failed" if failure else "succeeded",
        },
    )
    intent["latest_charge"] = made["id"]
    state.emit("charge.failed" if failure else "charge.succeeded", made)
    return made


def _outcome(decline_code: str, failure: Object | None) -> Object:
    return {
        "network_status": "declined_by_network" if failure else "approved_by_network",
        "reason": decline_code or None,
        "risk_level": "normal",
        "seller_message": f"The bank answered {decline_code}." if failure else "Payment complete.",
        "type": "issuer_declined" if failure else "authorized",
    }


def _details(method: Object, intent: Object, *, failed: bool, authenticated: bool) -> Object:
    card = method["card"]
    shown = ("brand", "country", "exp_month", "exp_year", "fingerprint", "funding", "last4", "wallet")
    security = {"result": "authenticated", "version": "2.2.0"} if authenticated else None
    return {
        "type": "card",
        "card": {
            **{name: card[name] for name in shown},
            "amount_authorized": None if failed else intent["amount"],
            "checks": {**card["checks"], "cvc_check": "fail" if failed else "pass"},
            "network": card["brand"],
            "three_d_secure": security,
        },
    }
