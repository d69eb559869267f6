"""Payment methods: made, attached to customers, charged only while attached, detached; lists."""

from . import cards, kinds, mandates
from .errors import ApiError, invalid, unexpected_state
from .method_data import expiry, from_data, named
from .parts import listing, living_customer, merge_metadata, refuse
from .state import Object, State


def create(state: State, params: Object) -> Object:
    """POST /v1/payment_methods."""
    refuse(params, ("payment_method", "customer"))
    return from_data(state, params)


def owned(state: State, method_id: str, customer_id: str, *, param: str) -> Object:
    """The payment method, which must be attached to that customer."""
    method = state.get("payment_method", method_id, param=param)
    if method["customer"] != customer_id:
        raise invalid(
            f"The payment method {method_id} must be attached to the customer first.",
            param=param,
            code="resource_missing",
        )
    return method


def spent(method: Object) -> ApiError:
    """The refusal of a method that was detached, or used once without a customer."""
    return unexpected_state(
        f"The provided PaymentMethod {method['id']} was used before without being attached to a Customer, or "
        "was detached from one, and may not be used again.",
        code="payment_method_unexpected_state",
    )


def attach_to(state: State, method_id: str, customer: Object) -> Object:
    """Store a payment method with a customer; a card that the bank refuses outright is not stored."""
    method = named(state, method_id)
    if method["customer"] not in (None, customer["id"]):
        raise unexpected_state(
            "The payment method you provided has already been attached to a customer.",
            code="payment_method_unexpected_state",
        )
    if method["_spent"]:
        raise spent(method)
    if method["type"] == "card":
        card = cards.of(method)
        if card.decline and not card.attaches:
            raise cards.declined(card.decline)
    elif not (kinds.of(method).debit and method["_verified"]):
        raise invalid(
            f"This {method['type']} PaymentMethod is attached by a SetupIntent, or by a PaymentIntent with "
            "setup_future_usage, once the customer has agreed.",
            param="payment_method",
        )
    keep_with(state, method, customer["id"])
    return method


def keep_with(state: State, method: Object, customer_id: str) -> None:
    """Attach without asking the bank, as a payment with `setup_future_usage` does when it succeeds."""
    if method["customer"] == customer_id:
        return
    method["customer"] = customer_id
    if method["type"] == "card":
        method["card"]["checks"]["cvc_check"] = "pass"
    state.emit("payment_method.attached", method)


def retrieve(state: State, _params: Object, method_id: str) -> Object:
    """GET /v1/payment_methods/:id."""
    return state.get("payment_method", method_id)


def update(state: State, params: Object, method_id: str) -> Object:
    """POST /v1/payment_methods/:id: metadata, billing details, expiry."""
    method = state.get("payment_method", method_id)
    played = ("metadata", "billing_details", "card", "allow_redisplay", "expand")
    refuse(params, [name for name in params if name not in played])
    metadata = merge_metadata(method["metadata"], params.get("metadata"))
    if "card" in params:
        _update_card(state, method, params["card"])
    method["allow_redisplay"] = params.get("allow_redisplay", method["allow_redisplay"])
    method["billing_details"].update(params.get("billing_details") or {})
    method["metadata"] = metadata
    state.emit("payment_method.updated", method)
    return method


def _update_card(state: State, method: Object, changes: Object) -> None:
    if method["type"] != "card":
        raise invalid("This PaymentMethod is not a card.", param="card")
    refuse(changes, ("networks",))
    card = method["card"]
    month, year = expiry(state, changes.get("exp_month", card["exp_month"]), changes.get("exp_year", card["exp_year"]))
    card.update(exp_month=month, exp_year=year)


def attach(state: State, params: Object, method_id: str) -> Object:
    """POST /v1/payment_methods/:id/attach."""
    refuse(params, ("customer_account",))
    if "customer" not in params:
        raise invalid("Missing required param: customer.", param="customer", code="parameter_missing")
    customer = living_customer(state, params["customer"])
    return attach_to(state, method_id, customer)


def detach(state: State, _params: Object, method_id: str) -> Object:
    """POST /v1/payment_methods/:id/detach; it cannot be attached again."""
    method = state.get("payment_method", method_id)
    if method["customer"] is None:
        raise unexpected_state(
            "The payment method you provided is not attached to a customer so detachment is impossible.",
            code="payment_method_unexpected_state",
        )
    owner = state.get("customer", method["customer"])
    settings = owner.get("invoice_settings") or {}
    if settings.get("default_payment_method") == method_id:
        settings["default_payment_method"] = None
    method.update(customer=None, _spent=True)
    mandates.end_all(state, method)
    state.emit("payment_method.detached", method)
    return method


def renew(state: State, method: Object, *, last4: str, month: int, year: int) -> None:
    """The bank sent the customer a new card: what an automatic card update does to a stored one."""
    method["card"].update(last4=last4, exp_month=month, exp_year=year)
    state.emit("payment_method.automatically_updated", method)


def list_all(state: State, params: Object) -> Object:
    """GET /v1/payment_methods of one customer."""
    if "customer" not in params:
        raise invalid("Missing required param: customer.", param="customer", code="parameter_missing")
    return list_of_customer(state, params, params["customer"])


def list_of_customer(state: State, params: Object, customer_id: str) -> Object:
    """GET /v1/customers/:id/payment_methods."""
    living_customer(state, customer_id)
    where = {name: params[name] for name in ("type", "allow_redisplay") if name in params}
    things = state.newest("payment_method", customer=customer_id, **where)
    return listing(things, params, url=f"/v1/customers/{customer_id}/payment_methods")
