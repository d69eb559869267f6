"""Payment intents: create, retrieve, update, confirm, cancel, list, and the end of a 3-D Secure challenge."""

from typing import Any

from . import cards, currencies
from .bank import APPROVED, CHALLENGE, charge, verdict
from .errors import ApiError, invalid, unexpected_state, unsupported
from .parts import listing, living_customer, merge_metadata, pick, refuse, web_address
from .payment_methods import from_data, keep_with, named, spent
from .state import Object, State, new_token, public

NOT_PLAYED = (
    "application_fee_amount",
    "confirmation_token",
    "customer_account",
    "on_behalf_of",
    "transfer_data",
)
OPEN = ("requires_payment_method", "requires_confirmation", "requires_action")
PLAIN = ("description", "receipt_email", "setup_future_usage", "statement_descriptor", "shipping")
AUTHENTICATION_FAILED = "payment_intent_authentication_failure"


def create(state: State, params: Object) -> Object:
    """POST /v1/payment_intents, with `confirm=true` charged at once."""
    _playable(params)
    currency = currencies.known(params["currency"])
    amount = currencies.chargeable(params["amount"], currency)
    if params.get("off_session") and not params.get("confirm"):
        raise invalid("You can only use off_session together with confirm=true.", param="off_session")
    customer = living_customer(state, params["customer"])["id"] if "customer" in params else None
    _check_confirmation(params, params.get("automatic_payment_methods"), confirm=params.get("confirm", False))
    metadata = merge_metadata({}, params.get("metadata"))
    method = _method(state, params, customer)
    intent = _new(state, params, amount=amount, currency=currency, customer=customer, metadata=metadata)
    if method is not None:
        intent.update(payment_method=method["id"], status="requires_confirmation")
    state.emit("payment_intent.created", intent)
    if params.get("confirm"):
        _confirm(state, intent, params)
    return intent


def _new(state: State, params: Object, **fields: Any) -> Object:
    flexible = not any(n in params for n in ("allowed_payment_method_types", "excluded_payment_method_types"))
    automatic = {"allow_redirects": "always", "enabled": True, **params.get("automatic_payment_methods", {})}
    intent = state.add(
        "payment_intent",
        {
            "amount_capturable": 0,
            "amount_details": {"tip": {}},
            "amount_received": 0,
            "application": None,
            "automatic_payment_methods": automatic if flexible else None,
            "canceled_at": None,
            "cancellation_reason": None,
            "capture_method": params.get("capture_method", "automatic_async"),
            "confirmation_method": "automatic",
            "description": None,
            "last_payment_error": None,
            "latest_charge": None,
            "next_action": None,
            "payment_method": None,
            "payment_method_options": params.get("payment_method_options") or {},
            "payment_method_types": ["card"],
            "processing": None,
            "receipt_email": None,
            "setup_future_usage": None,
            "shipping": None,
            "statement_descriptor": None,
            "status": "requires_payment_method",
            "_return_url": None,
            **pick(params, *PLAIN),
            **fields,
        },
    )
    intent["client_secret"] = f"{intent['id']}_secret_{new_token()}"
    return intent


def _playable(params: Object) -> None:
    refuse(params, NOT_PLAYED)
    if params.get("capture_method") == "manual":
        raise unsupported("capture_method", "The payment sandbox does not play capture_method=manual.")
    if params.get("confirmation_method") == "manual":
        raise unsupported("confirmation_method", "The payment sandbox does not play confirmation_method=manual.")
    cards_only(params)
    if "return_url" in params:
        web_address(params["return_url"], param="return_url")


def cards_only(params: Object) -> None:
    """400 when the sent filters leave no method that the sandbox plays."""
    allowed = params.get("allowed_payment_method_types")
    if (allowed is not None and "card" not in allowed) or "card" in (params.get("excluded_payment_method_types") or []):
        raise unsupported("allowed_payment_method_types", "The payment sandbox plays cards only, so far.")


def _check_confirmation(params: Object, automatic: Object | None, *, confirm: bool) -> None:
    if not confirm or params.get("return_url") or params.get("off_session"):
        return
    redirects = (automatic or {}).get("allow_redirects", "always") != "never"
    if redirects and "allowed_payment_method_types" not in params:
        raise invalid(
            "This PaymentIntent accepts payment methods that might redirect your customer off of your page: "
            "provide a `return_url`, or set `automatic_payment_methods[allow_redirects]` to `never`.",
            param="return_url",
        )


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
        raise invalid(
            f"The provided PaymentMethod {method['id']} belongs to a Customer: include that customer.",
            param="payment_method",
        )
    return method


def retrieve(state: State, params: Object, intent_id: str) -> Object:
    """GET /v1/payment_intents/:id."""
    intent = state.get("payment_intent", intent_id, param="intent")
    if params.get("client_secret", intent["client_secret"]) != intent["client_secret"]:
        raise invalid("The client_secret does not belong to this PaymentIntent.", param="client_secret")
    return intent


def update(state: State, params: Object, intent_id: str) -> Object:
    """POST /v1/payment_intents/:id: amount and currency while nothing is charged, text at any time."""
    intent = state.get("payment_intent", intent_id, param="intent")
    _playable(params)
    moving = ("amount", "currency", "customer", "payment_method", "payment_method_data", "setup_future_usage")
    if intent["status"] not in OPEN and any(name in params for name in moving):
        raise _unexpected(intent, "updated")
    wanted = {**intent, **params}
    currency = currencies.known(wanted["currency"])
    amount = currencies.chargeable(wanted["amount"], currency)
    customer = intent["customer"]
    if "customer" in params:
        customer = living_customer(state, params["customer"])["id"]
    metadata = merge_metadata(intent["metadata"], params.get("metadata"))
    method = _method(state, params, customer)
    intent.update(amount=amount, currency=currency, customer=customer, metadata=metadata, **pick(params, *PLAIN))
    if method is not None:
        intent.update(payment_method=method["id"], status="requires_confirmation", next_action=None)
    return intent


def confirm(state: State, params: Object, intent_id: str) -> Object:
    """POST /v1/payment_intents/:id/confirm: succeeded, requires_action, or 402 with the intent inside."""
    intent = state.get("payment_intent", intent_id, param="intent")
    _playable(params)
    if params.get("amount_to_confirm", intent["amount"]) != intent["amount"]:
        raise invalid("The amount to confirm is not the PaymentIntent's amount.", param="amount_to_confirm")
    if intent["status"] not in OPEN:
        raise _unexpected(intent, "confirmed")
    if intent["automatic_payment_methods"]:
        _check_confirmation(params, intent["automatic_payment_methods"], confirm=not intent["_return_url"])
    method = _method(state, params, intent["customer"])
    if method is not None:
        intent["payment_method"] = method["id"]
    intent.update(pick(params, "receipt_email", "setup_future_usage"))
    _confirm(state, intent, params)
    return intent


def _confirm(state: State, intent: Object, params: Object) -> None:
    if intent["payment_method"] is None:
        raise _unexpected(
            intent,
            "confirmed",
            "You cannot confirm this PaymentIntent because it's missing a payment method.",
        )
    method = state.get("payment_method", intent["payment_method"])
    if method["_spent"]:
        raise spent(method)
    intent["_return_url"] = params.get("return_url", intent["_return_url"])
    answer = verdict(method, off_session=bool(params.get("off_session")))
    if answer == CHALLENGE and params.get("error_on_requires_action"):
        answer = "authentication_required"
    if answer == APPROVED:
        _settle(state, intent, method)
    elif answer == CHALLENGE:
        intent.update(status="requires_action", last_payment_error=None)
        intent["next_action"] = next_action(state, intent)
        state.emit("payment_intent.requires_action", intent)
    else:
        raise _decline(state, intent, method, answer)


def next_action(state: State, intent: Object) -> Object:
    """Where the customer answers the challenge."""
    url = f"{state.public_url}/c/challenge/{intent['id']}"
    if intent["_return_url"]:
        return {
            "type": "redirect_to_url",
            "redirect_to_url": {"return_url": intent["_return_url"], "url": url},
        }
    return {"type": "use_stripe_sdk", "use_stripe_sdk": {"type": "three_d_secure_redirect", "stripe_js": url}}


def _settle(state: State, intent: Object, method: Object, *, authenticated: bool = False) -> None:
    charge(state, intent, method, authenticated=authenticated)
    intent.update(status="succeeded", amount_received=intent["amount"], next_action=None, last_payment_error=None)
    if intent["customer"] and intent["setup_future_usage"]:
        keep_with(state, method, intent["customer"])
        method["_authenticated"] = method["_authenticated"] or authenticated
    elif method["customer"] is None:
        method["_spent"] = True
    state.emit("payment_intent.succeeded", intent)


def _decline(state: State, intent: Object, method: Object, decline_code: str) -> ApiError:
    failed = charge(state, intent, method, decline_code=decline_code)
    refusal = cards.declined(decline_code, charge=failed["id"], payment_method=public(method))
    _back_to_start(state, intent, refusal)
    refusal.error["payment_intent"] = public(intent)
    return refusal


def _back_to_start(state: State, intent: Object, refusal: ApiError) -> None:
    intent.update(
        status="requires_payment_method",
        payment_method=None,
        next_action=None,
        last_payment_error=dict(refusal.error),
    )
    state.emit("payment_intent.payment_failed", intent)


def answer_challenge(state: State, intent: Object, *, passed: bool) -> None:
    """The customer proved who he is, or did not; a repeated answer changes nothing."""
    if intent["status"] != "requires_action":
        return
    method = state.get("payment_method", intent["payment_method"])
    if passed:
        _settle(state, intent, method, authenticated=True)
        return
    _back_to_start(state, intent, cards.not_authenticated(AUTHENTICATION_FAILED, payment_method=public(method)))


def cancel(state: State, params: Object, intent_id: str) -> Object:
    """POST /v1/payment_intents/:id/cancel, while nothing is charged."""
    intent = state.get("payment_intent", intent_id, param="intent")
    if intent["status"] not in OPEN:
        raise _unexpected(intent, "canceled")
    intent.update(
        status="canceled",
        canceled_at=state.now(),
        cancellation_reason=params.get("cancellation_reason"),
        next_action=None,
    )
    state.emit("payment_intent.canceled", intent)
    return intent


def list_all(state: State, params: Object) -> Object:
    """GET /v1/payment_intents, narrowed by `customer`."""
    where = {"customer": params["customer"]} if "customer" in params else {}
    return listing(state.newest("payment_intent", **where), params, url="/v1/payment_intents")


def _unexpected(intent: Object, act: str, message: str = "") -> ApiError:
    return unexpected_state(
        message or f"This PaymentIntent cannot be {act} because it has a status of {intent['status']}.",
        code="payment_intent_unexpected_state",
        payment_intent=public(intent),
    )
