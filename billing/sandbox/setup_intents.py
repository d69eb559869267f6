"""Setup intents: store a card for later without charging it."""

from . import cards
from .bank import APPROVED, CHALLENGE, verdict
from .errors import ApiError, invalid, unexpected_state
from .parts import listing, living_customer, merge_metadata, refuse, web_address
from .payment_intents import OPEN, cards_only, next_action
from .payment_methods import from_data, keep_with, named, spent
from .state import Object, State, new_token, public

NOT_PLAYED = ("attach_to_self", "confirmation_token", "customer_account", "on_behalf_of", "single_use")
AUTHENTICATION_FAILED = "setup_intent_authentication_failure"


def create(state: State, params: Object) -> Object:
    """POST /v1/setup_intents, with `confirm=true` set up at once."""
    _playable(params)
    customer = living_customer(state, params["customer"])["id"] if "customer" in params else None
    metadata = merge_metadata({}, params.get("metadata"))
    method = _method(state, params, customer)
    automatic = {"allow_redirects": "always", "enabled": True, **params.get("automatic_payment_methods", {})}
    intent = state.add(
        "setup_intent",
        {
            "application": None,
            "automatic_payment_methods": automatic,
            "cancellation_reason": None,
            "customer": customer,
            "description": params.get("description"),
            "last_setup_error": None,
            "latest_attempt": None,
            "mandate": None,
            "metadata": metadata,
            "next_action": None,
            "payment_method": method["id"] if method else None,
            "payment_method_options": params.get("payment_method_options") or {},
            "payment_method_types": ["card"],
            "single_use_mandate": None,
            "status": "requires_confirmation" if method else "requires_payment_method",
            "usage": params.get("usage", "off_session"),
            "_return_url": None,
        },
    )
    intent["client_secret"] = f"{intent['id']}_secret_{new_token()}"
    state.emit("setup_intent.created", intent)
    if params.get("confirm"):
        _confirm(state, intent, params)
    return intent


def _playable(params: Object) -> None:
    refuse(params, NOT_PLAYED)
    cards_only(params)
    if "return_url" in params:
        web_address(params["return_url"], param="return_url")


def _method(state: State, params: Object, customer_id: str | None) -> Object | None:
    if params.get("payment_method"):
        method = named(state, params["payment_method"])
    elif "payment_method_data" in params:
        method = from_data(state, params["payment_method_data"])
    else:
        return None
    if method["_spent"]:
        raise spent(method)
    if method["customer"] not in (None, customer_id):
        raise invalid("The payment method belongs to another customer.", param="payment_method")
    return method


def retrieve(state: State, _params: Object, intent_id: str) -> Object:
    """GET /v1/setup_intents/:id."""
    return state.get("setup_intent", intent_id, param="intent")


def confirm(state: State, params: Object, intent_id: str) -> Object:
    """POST /v1/setup_intents/:id/confirm."""
    intent = state.get("setup_intent", intent_id, param="intent")
    _playable(params)
    if intent["status"] not in OPEN:
        raise _unexpected(intent, "confirmed")
    method = _method(state, params, intent["customer"])
    if method is not None:
        intent["payment_method"] = method["id"]
    _confirm(state, intent, params)
    return intent


def _confirm(state: State, intent: Object, params: Object) -> None:
    if intent["payment_method"] is None:
        raise _unexpected(
            intent, "confirmed", "You cannot confirm this SetupIntent because it's missing a payment method."
        )
    method = state.get("payment_method", intent["payment_method"])
    intent["_return_url"] = params.get("return_url", intent["_return_url"])
    answer = verdict(method, off_session=False, saving_only=True)
    if answer == APPROVED:
        _succeed(state, intent, method)
    elif answer == CHALLENGE:
        intent.update(status="requires_action", last_setup_error=None)
        intent["next_action"] = next_action(state, intent)
        state.emit("setup_intent.requires_action", intent)
    else:
        refusal = cards.declined(answer, payment_method=public(method))
        _back_to_start(state, intent, refusal)
        refusal.error["setup_intent"] = public(intent)
        raise refusal


def _succeed(state: State, intent: Object, method: Object, *, authenticated: bool = False) -> None:
    if intent["customer"]:
        keep_with(state, method, intent["customer"])
    method["_authenticated"] = method["_authenticated"] or authenticated
    intent.update(status="succeeded", next_action=None, last_setup_error=None)
    state.emit("setup_intent.succeeded", intent)


def _back_to_start(state: State, intent: Object, refusal: ApiError) -> None:
    intent.update(
        status="requires_payment_method",
        payment_method=None,
        next_action=None,
        last_setup_error=dict(refusal.error),
    )
    state.emit("setup_intent.setup_failed", intent)


def answer_challenge(state: State, intent: Object, *, passed: bool) -> None:
    """The customer proved who he is, or did not; a repeated answer changes nothing."""
    if intent["status"] != "requires_action":
        return
    method = state.get("payment_method", intent["payment_method"])
    if passed:
        _succeed(state, intent, method, authenticated=True)
        return
    _back_to_start(state, intent, cards.not_authenticated(AUTHENTICATION_FAILED, payment_method=public(method)))


def cancel(state: State, params: Object, intent_id: str) -> Object:
    """POST /v1/setup_intents/:id/cancel."""
    intent = state.get("setup_intent", intent_id, param="intent")
    if intent["status"] not in OPEN:
        raise _unexpected(intent, "canceled")
    intent.update(status="canceled", cancellation_reason=params.get("cancellation_reason"), next_action=None)
    state.emit("setup_intent.canceled", intent)
    return intent


def list_all(state: State, params: Object) -> Object:
    """GET /v1/setup_intents, narrowed by `customer` and `payment_method`."""
    where = {name: params[name] for name in ("customer", "payment_method") if name in params}
    return listing(state.newest("setup_intent", **where), params, url="/v1/setup_intents")


def _unexpected(intent: Object, act: str, message: str = "") -> ApiError:
    return unexpected_state(
        message or f"This SetupIntent cannot be {act} because it has a status of {intent['status']}.",
        code="setup_intent_unexpected_state",
        setup_intent=public(intent),
    )
