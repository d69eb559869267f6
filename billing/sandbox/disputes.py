"""Disputes: the payer's bank takes the money back; a card's can be answered, a bank debit's is final."""

from . import kinds
from .errors import ApiError, invalid, unexpected_state
from .parts import listing, merge_metadata
from .state import Object, State

DAYS_TO_ANSWER = 14
ANSWERABLE = ("needs_response", "warning_needs_response")
OVER = ("lost", "won", "warning_closed", "prevented")
REASONS = (
    "bank_cannot_process",
    "credit_not_processed",
    "customer_initiated",
    "debit_not_authorized",
    "duplicate",
    "fraudulent",
    "general",
    "incorrect_account_details",
    "insufficient_funds",
    "product_not_received",
    "product_unacceptable",
    "subscription_canceled",
    "unrecognized",
)
# What a merchant writes as `uncategorized_text` to choose the end (https://docs.stripe.com/testing#disputes).
MAGIC = {"winning_evidence": "won", "losing_evidence": "lost"}


def open_on(state: State, charge: Object, *, reason: str, amount: int | None = None, inquiry: bool = False) -> Object:
    """A new dispute of a charge, for all that is left of it by default; an inquiry withdraws nothing yet."""
    left = charge["amount"] - charge["amount_refunded"]
    if charge["status"] != "succeeded" or left < 1 or charge["disputed"]:
        raise unexpected_state("This charge cannot be disputed.", code="charge_not_disputable")
    taken = left if amount is None else amount
    if not 1 <= taken <= left:
        raise invalid(f"The amount of a dispute is between 1 and {left}.", param="amount")
    if reason not in REASONS:
        raise invalid(f"Unknown reason; there are {', '.join(REASONS)}.", param="reason")
    final = kinds.KINDS[charge["payment_method_details"]["type"]].debit
    dispute = state.add("dispute", _fields(state, charge, taken, reason, inquiry=inquiry, final=final))
    charge.update(disputed=True, dispute=dispute["id"])
    state.emit("charge.dispute.created", dispute)
    if not inquiry:
        state.emit("charge.dispute.funds_withdrawn", dispute)
    if final:
        decide(state, dispute, "lost")
    return dispute


def _fields(state: State, charge: Object, amount: int, reason: str, *, inquiry: bool, final: bool) -> Object:
    due = None if final else state.now() + DAYS_TO_ANSWER * 24 * 3600
    return {
        "amount": amount,
        "balance_transactions": [],
        "charge": charge["id"],
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {"uncategorized_text": None},
        "evidence_details": {
            "due_by": due,
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": None,
        },
        "intended_submission_method": None,
        "is_charge_refundable": inquiry,
        "metadata": {},
        "network_reason_code": None,
        "payment_intent": charge["payment_intent"],
        "payment_method_details": {"type": charge["payment_method_details"]["type"]},
        "reason": reason,
        "status": "warning_needs_response" if inquiry else "needs_response",
    }


def decide(state: State, dispute: Object, outcome: str) -> None:
    """The payer's bank decides: `won` gives the money back to the merchant, `lost` does not, an inquiry closes."""
    if dispute["status"] in OVER:
        raise _over(dispute)
    inquiry = dispute["status"].startswith("warning")
    if outcome not in ("won", "lost"):
        raise invalid("outcome is won or lost", param="outcome")
    if inquiry and outcome == "lost":
        # An inquiry that goes wrong becomes a dispute that is lost: now the money goes.
        dispute["status"] = "needs_response"
        state.emit("charge.dispute.funds_withdrawn", dispute)
    dispute["status"] = "warning_closed" if inquiry and outcome == "won" else outcome
    if dispute["status"] == "won":
        state.emit("charge.dispute.funds_reinstated", dispute)
    state.emit("charge.dispute.closed", dispute)


def retrieve(state: State, _params: Object, dispute_id: str) -> Object:
    """GET /v1/disputes/:id."""
    return state.get("dispute", dispute_id)


def update(state: State, params: Object, dispute_id: str) -> Object:
    """POST /v1/disputes/:id: evidence, handed in at once unless `submit=false`."""
    dispute = state.get("dispute", dispute_id)
    if "evidence" in params and dispute["status"] not in ANSWERABLE:
        raise _over(dispute)
    dispute["metadata"] = merge_metadata(dispute["metadata"], params.get("metadata"))
    if "evidence" not in params:
        return dispute
    dispute["evidence"].update(params["evidence"])
    details = dispute["evidence_details"]
    details["has_evidence"] = True
    if params.get("submit", True):
        details.update(submission_count=details["submission_count"] + 1, submission_method="manual")
        inquiry = dispute["status"].startswith("warning")
        dispute["status"] = "warning_under_review" if inquiry else "under_review"
    state.emit("charge.dispute.updated", dispute)
    outcome = MAGIC.get(dispute["evidence"]["uncategorized_text"] or "")
    if outcome and params.get("submit", True):
        decide(state, dispute, outcome)
    return dispute


def close(state: State, _params: Object, dispute_id: str) -> Object:
    """POST /v1/disputes/:id/close: give in; the dispute is lost."""
    dispute = state.get("dispute", dispute_id)
    decide(state, dispute, "lost")
    return dispute


def list_all(state: State, params: Object) -> Object:
    """GET /v1/disputes, narrowed by `charge`, `payment_intent`, `created`."""
    where = {name: params[name] for name in ("charge", "payment_intent") if name in params}
    return listing(state.newest("dispute", **where), params, url="/v1/disputes")


def lose_unanswered(state: State) -> None:
    """What was not answered in time is lost."""
    now = state.now()
    for dispute in list(state.newest("dispute")):
        if dispute["status"] in ANSWERABLE and dispute["evidence_details"]["due_by"] <= now:
            dispute["evidence_details"]["past_due"] = True
            decide(state, dispute, "lost")


def _over(dispute: Object) -> ApiError:
    return unexpected_state(
        f"This dispute has a status of {dispute['status']} and can no longer be changed.",
        code="dispute_unexpected_state",
    )
