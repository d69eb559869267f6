"""What happens by itself when its time on the sandbox's clock has come."""

from . import disputes, payments, refunds, sessions
from .paynearme import orders
from .session_payments import follow
from .state import State


def catch_up(state: State) -> None:
    """Let sessions end, banks answer, debits come back, disputes lapse and refunds arrive; oldest first."""
    sessions.expire_due(state)
    now = state.now()
    for intent in list(state.objects["payment_intent"].values()):
        if intent["status"] == "processing" and (intent["_due_at"] or now + 1) <= now:
            payments.bank_answers(state, intent)
    follow(state)
    for charge in list(state.objects["charge"].values()):
        if "_return_at" in charge and charge["_return_at"] <= now:
            reason = charge.pop("_return_reason")
            del charge["_return_at"]
            if charge["amount_refunded"] < charge["amount"] and not charge["disputed"]:
                disputes.open_on(state, charge, reason=reason)
    disputes.lose_unanswered(state)
    refunds.arrive(state)
    orders.expire_due(state)
