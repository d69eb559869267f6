"""What others do: banks, card schemes and customers. Each act is ordered by hand, on a page or by a control call."""

from collections.abc import Callable
from typing import Any

from . import accounts, cards, disputes, mandates, payment_methods, payments, refunds
from .errors import ApiError, invalid
from .session_payments import follow
from .state import Object, State


def _answer(state: State, intent: Object, given: Object) -> Object:
    """The bank answers a debit at once: `outcome` is succeeded, a failure code, or empty for the account's own."""
    outcome = _text(given, "outcome", "")
    if outcome not in ("", "succeeded", *accounts.FAILURES):
        raise invalid(f"outcome is succeeded, or one of {', '.join(accounts.FAILURES)}", param="outcome")
    if intent["status"] != "processing":
        raise invalid(f"No bank is asked: the PaymentIntent has a status of {intent['status']}.", param="id")
    payments.bank_answers(state, intent, failure={"": None, "succeeded": ""}.get(outcome, outcome))
    follow(state)
    return intent


def _revoke(state: State, mandate: Object, _given: Object) -> Object:
    """The customer, or his bank, takes the mandate back."""
    mandates.end(state, mandate)
    return mandate


def _dispute(state: State, charge: Object, given: Object) -> Object:
    """The payer disputes a charge: `reason`, `amount` (else all), `inquiry`; a bank debit comes back for good."""
    amount, inquiry = given.get("amount"), given.get("inquiry", False)
    if (amount is not None and type(amount) is not int) or not isinstance(inquiry, bool):
        raise invalid("amount is a whole number in the smallest unit, inquiry true or false", param="amount")
    reason = _text(given, "reason", "fraudulent")
    return disputes.open_on(state, charge, reason=reason, amount=amount, inquiry=inquiry)


def _decide(state: State, dispute: Object, given: Object) -> Object:
    """The bank decides a dispute: `outcome` is won or lost, seen from the merchant."""
    disputes.decide(state, dispute, _text(given, "outcome", ""))
    return dispute


def _decline(_state: State, method: Object, given: Object) -> Object:
    """Later charges of this method are refused with `code`; an empty one mends it."""
    code = _text(given, "code", "")
    known = accounts.FAILURES if "_account" in method else cards.DECLINES
    if code and code not in known:
        raise invalid(f"code is empty, or one of {', '.join(known)}", param="code")
    method["_decline"] = code
    return method


def _renew(state: State, method: Object, given: Object) -> Object:
    """The bank sent a new card, and the stored one is updated: `last4`, `exp_month`, `exp_year`."""
    if method["type"] != "card":
        raise invalid("Only cards are renewed.", param="id")
    card = method["card"]
    last4 = _text(given, "last4", card["last4"])
    month, year = given.get("exp_month", card["exp_month"]), given.get("exp_year", card["exp_year"] + 3)
    if type(month) is not int or type(year) is not int or not (last4.isdecimal() and len(last4) == 4):
        raise invalid("last4 is four digits; exp_month and exp_year are numbers", param="last4")
    payment_methods.renew(state, method, last4=last4, month=month, year=year)
    return method


def _fail_refund(state: State, refund: Object, _given: Object) -> Object:
    """The payer's bank sends a refund back."""
    if refund["status"] == "failed":
        raise invalid("This refund has failed already.", param="id")
    refunds.fail(state, refund)
    return refund


def _text(given: Object, name: str, usual: str) -> str:
    value = given.get(name, usual)
    if not isinstance(value, str):
        raise invalid(f"{name} is text", param=name)
    return value


# (collection, act) -> (kind of object, what is done)
ACTS: dict[tuple[str, str], tuple[str, Callable[[State, Object, Any], Object]]] = {
    ("payment_intents", "answer"): ("payment_intent", _answer),
    ("mandates", "revoke"): ("mandate", _revoke),
    ("charges", "dispute"): ("charge", _dispute),
    ("disputes", "decide"): ("dispute", _decide),
    ("payment_methods", "decline"): ("payment_method", _decline),
    ("payment_methods", "renew"): ("payment_method", _renew),
    ("refunds", "fail"): ("refund", _fail_refund),
}


def perform(state: State, collection: str, object_id: str, act: str, given: Object) -> Object:
    """Do it; 404 for what there is not, 400 for what cannot be done now."""
    if (collection, act) not in ACTS:
        raise ApiError(404, f"No such act: {collection}/:id/{act}")
    kind, do = ACTS[collection, act]
    done = do(state, state.get(kind, object_id), given)
    state.changed = True
    return done
