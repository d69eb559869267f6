"""Mandates: the customer's written yes to debits of a bank account; a debit without an active one is refused."""

from .errors import ApiError, invalid, unexpected_state
from .state import Object, State, new_token

# How a page of the sandbox itself records the customer's yes.
ON_PAGE: Object = {
    "customer_acceptance": {"type": "online", "online": {"ip_address": "127.0.0.1", "user_agent": "payment sandbox"}}
}


def retrieve(state: State, _params: Object, mandate_id: str) -> Object:
    """GET /v1/mandates/:id."""
    return state.get("mandate", mandate_id, param="mandate")


def newest(state: State, method: Object) -> Object | None:
    """The last mandate given for this method, active or not, that holds for more than one payment."""
    return next(state.newest("mandate", payment_method=method["id"], type="multi_use"), None)


def needed(state: State, method: Object, params: Object, *, reuse: bool, once: Object | None) -> Object:
    """The mandate for this act: the one named, one newly given, or the stored one; 400 when there is no active one.

    reuse: for later payments too; otherwise `once` holds `amount` and `currency` of the one payment.
    """
    if params.get("mandate"):
        mandate = state.get("mandate", params["mandate"], param="mandate")
        if mandate["payment_method"] != method["id"]:
            raise invalid("The mandate belongs to another PaymentMethod.", param="mandate")
        return _active(mandate)
    if params.get("mandate_data"):
        return give(state, method, params["mandate_data"], reuse=reuse, once=once)
    stored = newest(state, method)
    if stored is None:
        raise _lacking("This intent requires a mandate, but no existing mandate was found. Send mandate_data.")
    return _active(stored)


def give(state: State, method: Object, data: Object, *, reuse: bool, once: Object | None = None) -> Object:
    """A new mandate, as the customer accepted it."""
    acceptance = {"offline": {}, "online": None, **data["customer_acceptance"]}
    acceptance.setdefault("accepted_at", state.now())
    mandate = state.add(
        "mandate",
        {
            "customer_acceptance": acceptance,
            "multi_use": {} if reuse else None,
            "on_behalf_of": None,
            "payment_method": method["id"],
            "payment_method_details": {"type": method["type"], method["type"]: _details(state, method)},
            "single_use": None if reuse else once,
            "status": "active",
            "type": "multi_use" if reuse else "single_use",
        },
    )
    if method["type"] == "sepa_debit":
        sepa = mandate["payment_method_details"]["sepa_debit"]
        sepa["url"] = f"{state.public_url}/c/mandate/{mandate['id']}"
    return mandate


def _details(state: State, method: Object) -> Object:
    if method["type"] == "sepa_debit":
        return {"reference": new_token(16).upper(), "url": ""}
    if method["type"] == "paypal":
        return {"billing_agreement_id": f"B-{new_token(17).upper()}", "payer_id": method["paypal"]["payer_id"]}
    return {}


def end(state: State, mandate: Object) -> None:
    """The customer or his bank took the yes back; a repeated call changes nothing."""
    if mandate["status"] != "inactive":
        mandate["status"] = "inactive"
        state.emit("mandate.updated", mandate)


def end_all(state: State, method: Object) -> None:
    """End every mandate for this method."""
    for mandate in list(state.newest("mandate", payment_method=method["id"])):
        end(state, mandate)


def _active(mandate: Object) -> Object:
    if mandate["status"] != "active":
        raise _lacking(f"The mandate {mandate['id']} is inactive: the customer or the bank has ended it.")
    return mandate


def _lacking(message: str) -> ApiError:
    return unexpected_state(message, code="payment_intent_mandate_invalid", param="mandate")
