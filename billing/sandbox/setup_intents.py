"""Setup intents: store a way to pay for later without charging it."""

from . import cards, charges, intents, kinds, mandates
from .bank import APPROVED, CHALLENGE, VERIFY, verdict
from .errors import invalid, payment_error
from .intents import OPEN, authentication_failed, automatic, back_to_start, needs_return_url, playable, unexpected
from .parts import listing, living_customer, merge_metadata
from .payment_methods import keep_with
from .state import Object, State, new_token, public

NOT_PLAYED = ("attach_to_self", "confirmation_token", "customer_account", "on_behalf_of", "single_use")


def create(state: State, params: Object, *, currency: str | None = None) -> Object:
    """POST /v1/setup_intents, with `confirm=true` set up at once; a checkout session knows the `currency` too."""
    playable(params, NOT_PLAYED)
    types = kinds.offered(params, currency)
    customer = living_customer(state, params["customer"])["id"] if "customer" in params else None
    metadata = merge_metadata({}, params.get("metadata"))
    needs_return_url(params, automatic(params), confirm=params.get("confirm", False))
    method = intents.sent_method(state, params, customer)
    intent = state.add(
        "setup_intent",
        {
            "application": None,
            "automatic_payment_methods": automatic(params),
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
            "payment_method_types": types,
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


def retrieve(state: State, params: Object, intent_id: str) -> Object:
    """GET /v1/setup_intents/:id."""
    intent = state.get("setup_intent", intent_id, param="intent")
    if params.get("client_secret", intent["client_secret"]) != intent["client_secret"]:
        raise invalid("The client_secret does not belong to this SetupIntent.", param="client_secret")
    return intent


def confirm(state: State, params: Object, intent_id: str) -> Object:
    """POST /v1/setup_intents/:id/confirm."""
    intent = state.get("setup_intent", intent_id, param="intent")
    playable(params, NOT_PLAYED)
    if intent["status"] not in OPEN:
        raise unexpected(intent, "confirmed")
    if not kinds.filtered(params):
        needs_return_url(params, intent["automatic_payment_methods"], confirm=not intent["_return_url"])
    method = intents.sent_method(state, params, intent["customer"])
    if method is not None:
        intent["payment_method"] = method["id"]
    _confirm(state, intent, params)
    return intent


def _confirm(state: State, intent: Object, params: Object) -> None:
    method = intents.method_of(state, intent)
    kind = kinds.of(method)
    intent["_return_url"] = params.get("return_url", intent["_return_url"])
    if kind.name not in intent["payment_method_types"]:
        raise invalid(f"The PaymentMethod provided ({kind.name}) is not allowed here.", param="payment_method")
    if kind.redirects and not intent["_return_url"]:
        raise invalid(f"Storing {kind.title} needs a `return_url`.", param="return_url", code="parameter_missing")
    wanted = intents.microdeposits_wanted(intent, method)
    answer = verdict(method, off_session=False, saving_only=True, microdeposits=wanted)
    if kind.debit:
        intent["mandate"] = mandates.needed(state, method, params, reuse=True, once=None)["id"]
    if answer == APPROVED:
        _succeed(state, intent, method)
    elif answer in (CHALLENGE, VERIFY):
        action = intents.verification if answer == VERIFY else intents.next_action
        intent.update(status="requires_action", last_setup_error=None)
        intent["next_action"] = action(state, intent)
        state.emit("setup_intent.requires_action", intent)
    else:
        refusal = cards.declined(answer, payment_method=public(method))
        _attempt(state, intent, method, "failed")
        back_to_start(state, intent, refusal)
        refusal.error["setup_intent"] = public(intent)
        raise refusal


def _attempt(state: State, intent: Object, method: Object, status: str) -> Object:
    attempt = state.add(
        "setup_attempt",
        {
            "customer": intent["customer"],
            "payment_method": method["id"],
            "payment_method_details": {"type": method["type"], method["type"]: {}},
            "setup_error": None,
            "setup_intent": intent["id"],
            "status": status,
            "usage": intent["usage"],
        },
    )
    intent["latest_attempt"] = attempt["id"]
    return attempt


def _succeed(state: State, intent: Object, method: Object, *, authenticated: bool = False) -> None:
    attempt = _attempt(state, intent, method, "succeeded")
    kind = kinds.of(method)
    if kind.name == "ideal":
        origin = {"charge": None, "setup_attempt": attempt["id"]}
        made = charges.behind_ideal(state, method, customer=intent["customer"], origin=origin)
        attempt["payment_method_details"]["ideal"] = {**method["ideal"], **made}
        intent["mandate"] = made["generated_sepa_debit_mandate"]
        method["_spent"] = True
    elif kind.name == "paypal":
        method["paypal"].update(country="DE", payer_email="buyer@example.com", payer_id="PAYERSANDBOX1")
        intent["mandate"] = mandates.give(state, method, mandates.ON_PAGE, reuse=True)["id"]
    if intent["customer"] and kind.direct:
        keep_with(state, method, intent["customer"])
    method["_authenticated"] = method["_authenticated"] or authenticated
    intent.update(status="succeeded", next_action=None, last_setup_error=None)
    state.emit("setup_intent.succeeded", intent)


def answer_challenge(state: State, intent: Object, *, passed: bool) -> None:
    """The customer proved who he is, or did not; a repeated answer changes nothing."""
    if intent["status"] != "requires_action" or intent["next_action"]["type"] == "verify_with_microdeposits":
        return
    method = state.get("payment_method", intent["payment_method"])
    if passed:
        _succeed(state, intent, method, authenticated=True)
        return
    _attempt(state, intent, method, "failed")
    if method["type"] == "card":
        back_to_start(state, intent, authentication_failed(intent, method))
        return
    words = "The customer did not agree."
    refusal = payment_error(words, code="payment_method_customer_decline", payment_method=public(method))
    back_to_start(state, intent, refusal)


def verify_microdeposits(state: State, params: Object, intent_id: str) -> Object:
    """POST /v1/setup_intents/:id/verify_microdeposits with `amounts` or `descriptor_code`."""
    intent = state.get("setup_intent", intent_id, param="intent")
    intents.check_microdeposits(state, intent, params)
    verified(state, intent)
    return intent


def verified(state: State, intent: Object) -> None:
    """The small deposits were right: the account is stored."""
    method = state.get("payment_method", intent["payment_method"])
    method["_verified"] = True
    _succeed(state, intent, method)


def cancel(state: State, params: Object, intent_id: str) -> Object:
    """POST /v1/setup_intents/:id/cancel."""
    return intents.cancel(state, params, state.get("setup_intent", intent_id, param="intent"))


def list_all(state: State, params: Object) -> Object:
    """GET /v1/setup_intents, narrowed by `customer` and `payment_method`."""
    where = {name: params[name] for name in ("customer", "payment_method") if name in params}
    return listing(state.newest("setup_intent", **where), params, url="/v1/setup_intents")


def attempts(state: State, params: Object) -> Object:
    """GET /v1/setup_attempts of one setup intent."""
    things = state.newest("setup_attempt", setup_intent=params["setup_intent"])
    return listing(things, params, url="/v1/setup_attempts")
