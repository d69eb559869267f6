"""What happens when the customer pays, or stores a way to pay, on the page of a checkout session."""

from . import kinds, payment_intents, setup_intents
from .customers import blank
from .mandates import ON_PAGE
from .state import Object, State

NOBODY = {"address": None, "email": None, "name": None, "phone": None, "tax_exempt": "none", "tax_ids": None}


def intent_of(state: State, session: Object) -> Object | None:
    """The payment or setup intent behind the session, once there is one."""
    intent_id = session["payment_intent"] or session["setup_intent"]
    return state.find(intent_id) if intent_id else None


def start_setup(state: State, session: Object) -> None:
    """The setup intent of a session in mode setup, there from the start."""
    fields: Object = {**session["_intent_data"], "allowed_payment_method_types": session["payment_method_types"]}
    fields["payment_method_options"] = session["payment_method_options"]
    if session["customer"]:
        fields["customer"] = session["customer"]
    intent = setup_intents.create(state, fields, currency=session["currency"])
    intent["_session"] = session["id"]
    session["setup_intent"] = intent["id"]


def attempt(state: State, session: Object, method: Object, *, save: bool = False) -> None:
    """Pay, or store, with this method: the session completes, waits for the customer, or a 402 is raised."""
    session["_attempts"] += 1
    person = method["billing_details"]
    old = session["customer_details"] or {**NOBODY}
    found = {name: person[name] for name in ("name", "email") if person[name]}
    session["customer_details"] = {**old, **found}
    confirmation = {
        "payment_method": method["id"],
        "return_url": f"{state.public_url}/c/pay/{session['id']}",
    }
    if kinds.of(method).debit and not method["customer"]:
        confirmation["mandate_data"] = ON_PAGE  # the page says what the customer agrees to by pressing the button
    if session["mode"] == "setup":
        intent = setup_intents.confirm(state, confirmation, session["setup_intent"])
    else:
        if session["payment_intent"] is None:
            _start_payment(state, session)
        confirmation = _saved(state, session, method, confirmation, save=save)
        intent = payment_intents.confirm(state, confirmation, session["payment_intent"])
    complete_after(state, intent)


def _saved(state: State, session: Object, method: Object, confirmation: Object, *, save: bool) -> Object:
    """The confirmation, with what a ticked "save" box adds to it."""
    intent = state.get("payment_intent", session["payment_intent"])
    if not save or method["customer"]:
        return confirmation
    method["allow_redisplay"] = "always"
    return {**confirmation, "setup_future_usage": intent["setup_future_usage"] or "on_session"}


def _start_payment(state: State, session: Object) -> None:
    data = session["_intent_data"]
    wanted = session["customer_creation"] == "always" or "setup_future_usage" in data
    if session["customer"] is None and wanted:
        details = session["customer_details"]
        made = state.add("customer", {**blank(), "email": details["email"], "name": details["name"]})
        state.emit("customer.created", made)
        session["customer"] = made["id"]
    fields = {
        **data,
        "amount": session["amount_total"],
        "currency": session["currency"],
        "allowed_payment_method_types": session["payment_method_types"],
        "payment_method_options": session["payment_method_options"],
    }
    if session["customer"]:
        fields["customer"] = session["customer"]
    intent = payment_intents.create(state, fields)
    intent["_session"] = session["id"]
    session["payment_intent"] = intent["id"]


def complete_after(state: State, intent: Object) -> None:
    """Bring the session of this intent to where the intent is: complete at once, or paid or failed days later."""
    session = state.find(intent.get("_session") or "")
    if session is None:
        return
    if session["status"] == "open" and intent["status"] in ("succeeded", "processing"):
        _complete(state, session, intent)
    elif session["status"] == "complete" and session["payment_status"] == "unpaid" and not session["_failed"]:
        _answered(state, session, intent)


def _complete(state: State, session: Object, intent: Object) -> None:
    paid = "paid" if intent["status"] == "succeeded" else "unpaid"
    if session["mode"] == "setup":
        paid = "no_payment_required"
    session.update(status="complete", payment_status=paid, url=None)
    state.emit("checkout.session.completed", session)


def _answered(state: State, session: Object, intent: Object) -> None:
    if intent["status"] == "succeeded":
        session["payment_status"] = "paid"
        state.emit("checkout.session.async_payment_succeeded", session)
    elif intent["status"] in ("requires_payment_method", "canceled"):
        session["_failed"] = True
        state.emit("checkout.session.async_payment_failed", session)


def follow(state: State) -> None:
    """Bring every session that waits for a bank up to date."""
    for session in list(state.newest("checkout.session", status="complete", payment_status="unpaid")):
        intent = intent_of(state, session)
        if intent is not None:
            complete_after(state, intent)
