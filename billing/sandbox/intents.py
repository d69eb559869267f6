"""What payment intents and setup intents share: the method sent with them, the next action, the way back."""

from . import cards, kinds
from .errors import ApiError, invalid, unexpected_state, unsupported
from .method_data import from_data, named
from .parts import refuse, web_address
from .payment_methods import spent
from .state import Object, State, public

OPEN = ("requires_payment_method", "requires_confirmation", "requires_action")
# object -> (words for it, event of a failure, field of the last error)
NAMES = {
    "payment_intent": ("PaymentIntent", "payment_intent.payment_failed", "last_payment_error"),
    "setup_intent": ("SetupIntent", "setup_intent.setup_failed", "last_setup_error"),
}
AMOUNTS = [32, 45]
DESCRIPTOR = "SM11AA"
TRIES = 5


def playable(params: Object, not_played: tuple[str, ...]) -> None:
    """400 for what the sandbox does not play in either kind of intent."""
    refuse(params, not_played)
    for name in ("capture_method", "confirmation_method"):
        if params.get(name) == "manual":
            raise unsupported(name, f"The payment sandbox does not play {name}=manual.")
    if "return_url" in params:
        web_address(params["return_url"], param="return_url")


def automatic(params: Object) -> Object | None:
    """The automatic choice of methods as the intent shows it; None where filters were sent."""
    if kinds.filtered(params):
        return None
    return {"allow_redirects": "always", "enabled": True, **params.get("automatic_payment_methods", {})}


def sent_method(state: State, params: Object, customer_id: str | None) -> Object | None:
    """The payment method that a request names or describes; 400 if it is another customer's, or used up."""
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


def method_of(state: State, intent: Object) -> Object:
    """The intent's payment method, to confirm with."""
    if intent["payment_method"] is None:
        words = NAMES[intent["object"]][0]
        raise unexpected(intent, "confirmed", f"You cannot confirm this {words} because it's missing a payment method.")
    method = state.get("payment_method", intent["payment_method"])
    if method["_spent"]:
        raise spent(method)
    return method


def next_action(state: State, intent: Object) -> Object:
    """Where the customer answers: 3-D Secure, his bank's page, PayPal's."""
    url = f"{state.public_url}/c/challenge/{intent['id']}"
    if intent["_return_url"]:
        return {
            "type": "redirect_to_url",
            "redirect_to_url": {"return_url": intent["_return_url"], "url": url},
        }
    return {"type": "use_stripe_sdk", "use_stripe_sdk": {"type": "three_d_secure_redirect", "stripe_js": url}}


def microdeposits_wanted(intent: Object, method: Object) -> bool:
    """Whether small deposits were asked for, for an account that has not been proved by them."""
    options = intent["payment_method_options"].get("us_bank_account") or {}
    return (
        method["type"] == "us_bank_account"
        and method["customer"] is None
        and options.get("verification_method") == "microdeposits"
    )


def verification(state: State, intent: Object) -> Object:
    """Two small deposits are on their way; whoever can name them owns the account."""
    intent["_tries"] = 0
    return {
        "type": "verify_with_microdeposits",
        "verify_with_microdeposits": {
            "arrival_date": state.now() + 24 * 3600,
            "hosted_verification_url": f"{state.public_url}/c/verify/{intent['id']}",
            "microdeposit_type": "descriptor_code",
        },
    }


def check_microdeposits(state: State, intent: Object, params: Object) -> None:
    """400 unless the amounts or the code are those of the deposits; after five wrong tries the intent starts anew."""
    action = intent["next_action"] or {}
    if intent["status"] != "requires_action" or action["type"] != "verify_with_microdeposits":
        raise unexpected(intent, "verified")
    right = params.get("amounts") == AMOUNTS or params.get("descriptor_code") == DESCRIPTOR
    if right:
        return
    intent["_tries"] += 1
    what = "amounts" if "amounts" in params else "descriptor_code"
    code = f"payment_method_microdeposit_verification_{what}_mismatch"
    refusal = invalid("The deposits do not match what you entered.", param=what, code=code)
    if intent["_tries"] >= TRIES:
        words = "The account was not verified: too many wrong tries."
        refusal = invalid(words, param=what, code="payment_method_microdeposit_verification_attempts_exceeded")
        back_to_start(state, intent, refusal)
    raise refusal


def back_to_start(state: State, intent: Object, refusal: ApiError) -> None:
    """The try failed: the intent waits for another method."""
    _, event, field = NAMES[intent["object"]]
    intent.update(
        {
            "status": "requires_payment_method",
            "payment_method": None,
            "next_action": None,
            field: dict(refusal.error),
        }
    )
    state.emit(event, intent)


def cancel(state: State, params: Object, intent: Object, **more: object) -> Object:
    """End an intent for which nothing was taken yet."""
    if intent["status"] not in OPEN:
        raise unexpected(intent, "canceled")
    intent.update(status="canceled", cancellation_reason=params.get("cancellation_reason"), next_action=None, **more)
    state.emit(f"{intent['object']}.canceled", intent)
    return intent


def unexpected(intent: Object, act: str, message: str = "") -> ApiError:
    """The refusal of an act that the intent's status does not allow."""
    words = NAMES[intent["object"]][0]
    return unexpected_state(
        message or f"This {words} cannot be {act} because it has a status of {intent['status']}.",
        code=f"{intent['object']}_unexpected_state",
        **{intent["object"]: public(intent)},
    )


def needs_return_url(params: Object, shown: Object | None, *, confirm: bool) -> None:
    """400 where the automatic choice may redirect the customer and nobody says where he comes back to."""
    if not confirm or params.get("return_url") or params.get("off_session") or shown is None:
        return
    if shown.get("allow_redirects", "always") != "never":
        raise invalid(
            "This intent accepts payment methods that might redirect your customer off of your page: "
            "provide a `return_url`, or set `automatic_payment_methods[allow_redirects]` to `never`.",
            param="return_url",
        )


def authentication_failed(intent: Object, method: Object) -> ApiError:
    """The refusal after a failed 3-D Secure challenge."""
    return cards.not_authenticated(f"{intent['object']}_authentication_failure", payment_method=public(method))
