"""Payment intents: create, retrieve, update, confirm, cancel, verify the small deposits, list."""

from typing import Any

from . import currencies, intents, kinds, payments
from .errors import invalid
from .intents import OPEN, automatic, needs_return_url, playable, sent_method, unexpected
from .parts import listing, living_customer, merge_metadata, pick
from .state import Object, State, new_token

NOT_PLAYED = (
    "application_fee_amount",
    "confirmation_token",
    "customer_account",
    "on_behalf_of",
    "transfer_data",
)
PLAIN = ("description", "receipt_email", "setup_future_usage", "statement_descriptor", "shipping")
MOVING = ("amount", "currency", "customer", "payment_method", "payment_method_data", "setup_future_usage")


def create(state: State, params: Object) -> Object:
    """POST /v1/payment_intents, with `confirm=true` charged at once."""
    playable(params, NOT_PLAYED)
    currency = currencies.known(params["currency"])
    amount = currencies.chargeable(params["amount"], currency)
    types = kinds.offered(params, currency)
    if params.get("off_session") and not params.get("confirm"):
        raise invalid("You can only use off_session together with confirm=true.", param="off_session")
    customer = living_customer(state, params["customer"])["id"] if "customer" in params else None
    needs_return_url(params, automatic(params), confirm=params.get("confirm", False))
    metadata = merge_metadata({}, params.get("metadata"))
    method = sent_method(state, params, customer)
    intent = _new(state, params, types, amount=amount, currency=currency, customer=customer, metadata=metadata)
    if method is not None:
        intent.update(payment_method=method["id"], status="requires_confirmation")
    state.emit("payment_intent.created", intent)
    if params.get("confirm"):
        payments.confirm(state, intent, intents.method_of(state, intent), params)
    return intent


def _new(state: State, params: Object, types: list[str], **fields: Any) -> Object:
    intent = state.add(
        "payment_intent",
        {
            "amount_capturable": 0,
            "amount_details": {"tip": {}},
            "amount_received": 0,
            "application": None,
            "automatic_payment_methods": automatic(params),
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
            "payment_method_types": types,
            "processing": None,
            "receipt_email": None,
            "setup_future_usage": None,
            "shipping": None,
            "statement_descriptor": None,
            "status": "requires_payment_method",
            "_due_at": None,
            "_mandate": "",
            "_return_url": None,
            **pick(params, *PLAIN),
            **fields,
        },
    )
    intent["client_secret"] = f"{intent['id']}_secret_{new_token()}"
    return intent


def retrieve(state: State, params: Object, intent_id: str) -> Object:
    """GET /v1/payment_intents/:id."""
    intent = state.get("payment_intent", intent_id, param="intent")
    if params.get("client_secret", intent["client_secret"]) != intent["client_secret"]:
        raise invalid("The client_secret does not belong to this PaymentIntent.", param="client_secret")
    return intent


def update(state: State, params: Object, intent_id: str) -> Object:
    """POST /v1/payment_intents/:id: amount and currency while nothing is charged, text at any time."""
    intent = state.get("payment_intent", intent_id, param="intent")
    playable(params, NOT_PLAYED)
    if intent["status"] not in OPEN and any(name in params for name in MOVING):
        raise unexpected(intent, "updated")
    wanted = {**intent, **params}
    currency = currencies.known(wanted["currency"])
    amount = currencies.chargeable(wanted["amount"], currency)
    types = _types(intent, params, currency)
    customer = intent["customer"]
    if "customer" in params:
        customer = living_customer(state, params["customer"])["id"]
    metadata = merge_metadata(intent["metadata"], params.get("metadata"))
    method = sent_method(state, params, customer)
    intent.update(amount=amount, currency=currency, customer=customer, metadata=metadata, **pick(params, *PLAIN))
    intent["payment_method_types"] = types
    if method is not None:
        intent.update(payment_method=method["id"], status="requires_confirmation", next_action=None)
    return intent


def _types(intent: Object, params: Object, currency: str) -> list[str]:
    """What is offered after a change: filters sent now replace the old ones, a new currency is asked anew."""
    if kinds.filtered(params):
        return kinds.offered(params, currency)
    if currency == intent["currency"]:
        return list(intent["payment_method_types"])
    shown = intent["automatic_payment_methods"]
    return kinds.offered({"automatic_payment_methods": shown} if shown else {}, currency)


def confirm(state: State, params: Object, intent_id: str) -> Object:
    """POST /v1/payment_intents/:id/confirm: succeeded, processing, requires_action, or 402 with the intent inside."""
    intent = state.get("payment_intent", intent_id, param="intent")
    playable(params, NOT_PLAYED)
    if params.get("amount_to_confirm", intent["amount"]) != intent["amount"]:
        raise invalid("The amount to confirm is not the PaymentIntent's amount.", param="amount_to_confirm")
    if intent["status"] not in OPEN:
        raise unexpected(intent, "confirmed")
    types = _types(intent, params, intent["currency"])
    if not kinds.filtered(params):
        needs_return_url(params, intent["automatic_payment_methods"], confirm=not intent["_return_url"])
    method = sent_method(state, params, intent["customer"])
    intent["payment_method_types"] = types
    intent["payment_method_options"] = {**intent["payment_method_options"], **params.get("payment_method_options", {})}
    if method is not None:
        intent["payment_method"] = method["id"]
    intent.update(pick(params, "receipt_email", "setup_future_usage"))
    payments.confirm(state, intent, intents.method_of(state, intent), params)
    return intent


def cancel(state: State, params: Object, intent_id: str) -> Object:
    """POST /v1/payment_intents/:id/cancel, while nothing is charged."""
    intent = state.get("payment_intent", intent_id, param="intent")
    return intents.cancel(state, params, intent, canceled_at=state.now())


def verify_microdeposits(state: State, params: Object, intent_id: str) -> Object:
    """POST /v1/payment_intents/:id/verify_microdeposits with `amounts` or `descriptor_code`."""
    intent = state.get("payment_intent", intent_id, param="intent")
    intents.check_microdeposits(state, intent, params)
    payments.verified(state, intent)
    return intent


def list_all(state: State, params: Object) -> Object:
    """GET /v1/payment_intents, narrowed by `customer` and `created`."""
    where = {"customer": params["customer"]} if "customer" in params else {}
    return listing(state.newest("payment_intent", **where), params, url="/v1/payment_intents")
