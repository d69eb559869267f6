"""Charges: made with each try to take money; a debit's is pending until the bank answers."""

from . import accounts, cards
from .mandates import ON_PAGE, give
from .method_data import keep_account
from .payment_methods import keep_with
from .state import Object, State, new_token


def make(
    state: State,
    intent: Object,
    method: Object,
    *,
    decline_code: str = "",
    authenticated: bool = False,
    pending: bool = False,
    mandate: Object | None = None,
) -> Object:
    """A succeeded, pending or, with a decline code, failed charge of the intent's amount."""
    failure = cards.declined(decline_code).error if decline_code else None
    status = "failed" if failure else "pending" if pending else "succeeded"
    made = state.add(
        "charge",
        {
            "amount": intent["amount"],
            "amount_captured": intent["amount"] if status == "succeeded" else 0,
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
            "paid": status == "succeeded",
            "payment_intent": intent["id"],
            "payment_method": method["id"],
            "payment_method_details": {},
            "receipt_email": intent["receipt_email"],
            "receipt_url": None,
            "refunded": False,
            "shipping": None,
            "status": status,
        },
    )
    made["payment_method_details"] = _details(state, made, intent, method, authenticated=authenticated, mandate=mandate)
    intent["latest_charge"] = made["id"]
    state.emit(f"charge.{status}", made)
    return made


def succeed(state: State, charge: Object) -> None:
    """The bank took the pending debit."""
    charge.update(status="succeeded", paid=True, amount_captured=charge["amount"])
    state.emit("charge.succeeded", charge)


def fail(state: State, charge: Object, failure: str) -> None:
    """The bank refused the pending debit."""
    charge.update(
        status="failed",
        paid=False,
        captured=False,
        failure_code=failure,
        failure_message=accounts.FAILURES[failure],
        outcome=_outcome(failure, {"code": failure}),
    )
    state.emit("charge.failed", charge)


def _outcome(decline_code: str, failure: Object | None) -> Object:
    return {
        "network_status": "declined_by_network" if failure else "approved_by_network",
        "reason": decline_code or None,
        "risk_level": "normal",
        "seller_message": f"The bank answered {decline_code}." if failure else "Payment complete.",
        "type": "issuer_declined" if failure else "authorized",
    }


def _details(
    state: State, charge: Object, intent: Object, method: Object, *, authenticated: bool, mandate: Object | None
) -> Object:
    kind = method["type"]
    if kind == "card":
        details = _card(method, intent, failed=charge["status"] == "failed", authenticated=authenticated)
    elif kind == "ideal":
        details = _ideal(state, charge, intent, method)
    elif kind == "paypal":
        details = {**method["paypal"], "payer_name": method["billing_details"]["name"], "transaction_id": new_token(17)}
    else:
        shown = ("bank_name", "account_holder_type", "account_type", "routing_number", "bank_code", "branch_code")
        account = method[kind]
        details = {name: account[name] for name in (*shown, "country", "fingerprint", "last4") if name in account}
        details["mandate"] = mandate["id"] if mandate else None
    return {"type": kind, kind: details}


def _card(method: Object, intent: Object, *, failed: bool, authenticated: bool) -> Object:
    card = method["card"]
    shown = ("brand", "country", "exp_month", "exp_year", "fingerprint", "funding", "last4", "wallet")
    return {
        **{name: card[name] for name in shown},
        "amount_authorized": None if failed else intent["amount"],
        "checks": {**card["checks"], "cvc_check": "fail" if failed else "pass"},
        "network": card["brand"],
        "three_d_secure": {"result": "authenticated", "version": "2.2.0"} if authenticated else None,
    }


def _ideal(state: State, charge: Object, intent: Object, method: Object) -> Object:
    details = {
        **method["ideal"],
        "generated_sepa_debit": None,
        "generated_sepa_debit_mandate": None,
        "iban_last4": accounts.BEHIND_IDEAL.last4,
        "transaction_id": new_token(16),
        "verified_name": method["billing_details"]["name"] or "Test Customer",
    }
    if charge["status"] == "succeeded" and intent["setup_future_usage"] == "off_session":
        origin = {"charge": charge["id"], "setup_attempt": None}
        details.update(behind_ideal(state, method, customer=intent["customer"], origin=origin))
    return details


def behind_ideal(state: State, method: Object, *, customer: str | None, origin: Object) -> Object:
    """The SEPA debit of the account that an iDEAL payment came from, with its mandate, stored for later."""
    person = {"name": "Test Customer", **{k: v for k, v in method["billing_details"].items() if v}}
    debit = keep_account(state, accounts.BEHIND_IDEAL, {"billing_details": person}, generated_from=origin)
    mandate = give(state, debit, ON_PAGE, reuse=True)
    if customer:
        keep_with(state, debit, customer)
    return {"generated_sepa_debit": debit["id"], "generated_sepa_debit_mandate": mandate["id"]}
