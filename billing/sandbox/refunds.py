"""Refunds: never more than was charged; to a bank account they take days, and a refund may fail."""

from . import cards, currencies, kinds
from .errors import invalid, unexpected_state
from .parts import listing, merge_metadata, refuse
from .state import Object, State

NOT_PLAYED = ("origin", "refund_application_fee", "reverse_transfer", "customer")


def create(state: State, params: Object) -> Object:
    """POST /v1/refunds of a `charge` or `payment_intent`, in whole or in part."""
    refuse(params, NOT_PLAYED)
    charge = _charge(state, params)
    left = charge["amount"] - charge["amount_refunded"]
    if charge["status"] != "succeeded":
        raise unexpected_state("This charge did not succeed and cannot be refunded.", code="charge_not_refundable")
    if charge["disputed"]:
        raise unexpected_state(f"Charge {charge['id']} has been charged back.", code="charge_disputed")
    if left == 0:
        raise unexpected_state(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    amount = _amount(params, charge, left)
    metadata = merge_metadata({}, params.get("metadata"))
    kind = charge["payment_method_details"]["type"]
    fate = _fate(state, charge)
    refund = state.add(
        "refund",
        {
            "amount": amount,
            "balance_transaction": None,
            "charge": charge["id"],
            "currency": charge["currency"],
            "destination_details": {
                kind: {"reference_status": "pending", "type": "refund"} if kind == "card" else {},
                "type": kind,
            },
            "failure_reason": None,
            "metadata": metadata,
            "payment_intent": charge["payment_intent"],
            "reason": params.get("reason"),
            "receipt_number": None,
            "status": "pending" if fate else "succeeded",
            "_fate": fate,
            "_due_at": _due(state, charge, fate),
        },
    )
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    state.emit("refund.created", refund)
    state.emit("charge.refunded", charge)
    return refund


def _fate(state: State, charge: Object) -> str:
    """What becomes of a refund later: nothing for most cards, "arrives" or "fails"."""
    method = state.get("payment_method", charge["payment_method"])
    if kinds.of(method).debit:
        return "arrives"
    return cards.of(method).refund if method["type"] == "card" else ""


def _due(state: State, charge: Object, fate: str) -> int | None:
    if not fate:
        return None
    debit = kinds.KINDS[charge["payment_method_details"]["type"]].debit
    return state.bank_answers_at() if debit else state.now() + 2


def arrive(state: State) -> None:
    """Refunds whose time has come reach the payer, or come back."""
    for refund in list(state.objects["refund"].values()):
        if refund["status"] != "pending" or refund["_due_at"] > state.now():
            continue
        if refund["_fate"] == "arrives":
            refund["status"] = "succeeded"
            state.emit("refund.updated", refund)
            state.emit("charge.refund.updated", refund)
        else:
            fail(state, refund)


def fail(state: State, refund: Object) -> None:
    """The payer's bank sent the money back: the charge is no longer refunded."""
    charge = state.get("charge", refund["charge"])
    refund.update(status="failed", failure_reason="expired_or_canceled_card")
    charge["amount_refunded"] -= refund["amount"]
    charge["refunded"] = False
    state.emit("refund.failed", refund)
    state.emit("charge.refund.updated", refund)


def _charge(state: State, params: Object) -> Object:
    if "charge" in params:
        return state.get("charge", params["charge"], param="charge")
    if "payment_intent" not in params:
        raise invalid(
            "One of the following params should be provided for this request: payment_intent or charge.",
            param="payment_intent",
            code="parameter_missing",
        )
    intent = state.get("payment_intent", params["payment_intent"], param="payment_intent")
    if intent["status"] != "succeeded":
        raise unexpected_state(
            f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund.",
            code="payment_intent_unexpected_state",
        )
    return state.get("charge", intent["latest_charge"])


def _amount(params: Object, charge: Object, left: int) -> int:
    amount: int = params.get("amount", left)
    if "currency" in params and params["currency"].lower() != charge["currency"]:
        raise invalid("The currency is not the charge's currency.", param="currency")
    if amount < 1:
        raise invalid(
            "This value must be greater than or equal to 1.", param="amount", code="parameter_invalid_integer"
        )
    if amount > left:
        shown = currencies.shown(amount, charge["currency"])
        rest = currencies.shown(left, charge["currency"])
        raise invalid(f"Refund amount ({shown}) is greater than unrefunded amount on charge ({rest})", param="amount")
    return amount


def retrieve(state: State, _params: Object, refund_id: str) -> Object:
    """GET /v1/refunds/:id."""
    return state.get("refund", refund_id)


def list_all(state: State, params: Object) -> Object:
    """GET /v1/refunds, narrowed by `charge` and `payment_intent`."""
    where = {name: params[name] for name in ("charge", "payment_intent") if name in params}
    return listing(state.newest("refund", **where), params, url="/v1/refunds")
