"""Payment methods: made from test ids, tokens or test numbers, attached to customers, detached."""

from datetime import UTC, datetime

from . import cards
from .errors import ApiError, card_error, invalid, unexpected_state, unsupported
from .parts import listing, living_customer, merge_metadata, refuse
from .state import Object, State

YEARS_AHEAD = 50


def create(state: State, params: Object) -> Object:
    """POST /v1/payment_methods: cards, by token or number."""
    refuse(params, ("payment_method", "customer"))
    return from_data(state, params)


def from_data(state: State, data: Object) -> Object:
    """A new payment method from `type` and `card`; also what `payment_method_data` carries."""
    if data.get("type") != "card":
        raise unsupported("type", f"The payment sandbox plays cards; '{data.get('type')}' is not played yet.")
    given = data.get("card") or {}
    refuse(given, ("networks",))
    if "token" in given:
        card = cards.BY_TOKEN.get(given["token"])
        if card is None:
            raise invalid(f"No such token: '{given['token']}'", param="card[token]", code="resource_missing")
        return _keep(state, card, data)
    for name in ("number", "exp_month", "exp_year"):
        if name not in given:
            raise invalid(f"Missing required param: card[{name}].", param=f"card[{name}]", code="parameter_missing")
    card = cards.by_number(given["number"])
    month, year = expiry(state, given["exp_month"], given["exp_year"])
    if "cvc" in given:
        security_code(card, given["cvc"])
    return _keep(state, card, data, month=month, year=year, cvc_given="cvc" in given)


def expiry(state: State, month: int, year: int) -> tuple[int, int]:
    """Month and year of four digits; 402 for a date that is no date or is past on the sandbox's clock."""
    if not 1 <= month <= 12:
        raise card_error("Your card's expiration month is invalid.", code="invalid_expiry_month", param="exp_month")
    full_year = year + 2000 if year < 100 else year
    today = datetime.fromtimestamp(state.now(), tz=UTC)
    if not (today.year, today.month) <= (full_year, month) <= (today.year + YEARS_AHEAD, 12):
        raise card_error("Your card's expiration year is invalid.", code="invalid_expiry_year", param="exp_year")
    return month, full_year


def security_code(card: cards.Card, cvc: str) -> None:
    """402 unless the code has the brand's number of digits."""
    if not (cvc.isascii() and cvc.isdecimal() and len(cvc) == len(card.cvc)):
        raise card_error("Your card's security code is invalid.", code="invalid_cvc", param="cvc")


def _keep(
    state: State,
    card: cards.Card,
    data: Object,
    *,
    month: int = 12,
    year: int | None = None,
    cvc_given: bool = True,
) -> Object:
    billing = {"address": None, "email": None, "name": None, "phone": None, "tax_id": None}
    next_year = datetime.fromtimestamp(state.now(), tz=UTC).year + 1
    return state.add(
        "payment_method",
        {
            "allow_redisplay": data.get("allow_redisplay", "unspecified"),
            "billing_details": {**billing, **(data.get("billing_details") or {})},
            "card": {
                "brand": card.brand,
                "checks": {
                    "address_line1_check": None,
                    "address_postal_code_check": None,
                    "cvc_check": "unchecked" if cvc_given else None,
                },
                "country": "US",
                "display_brand": card.brand,
                "exp_month": month,
                "exp_year": year or next_year,
                "fingerprint": card.fingerprint,
                "funding": card.funding,
                "generated_from": None,
                "last4": card.last4,
                "networks": {"available": [card.brand], "preferred": None},
                "three_d_secure_usage": {"supported": True},
                "wallet": None,
            },
            "customer": None,
            "metadata": merge_metadata({}, data.get("metadata")),
            "type": "card",
            "_card": card.slug,
            "_authenticated": False,
            "_spent": False,
        },
    )


def test_card(method: Object) -> cards.Card:
    """The test card behind a payment method, which says how it behaves."""
    return cards.BY_SLUG[method["_card"]]


def named(state: State, method_id: str, *, param: str = "payment_method") -> Object:
    """The payment method of that id; `pm_card_visa` and its like make a new one each time."""
    card = cards.BY_TEST_ID.get(method_id)
    if card is not None:
        return _keep(state, card, {})
    return state.get("payment_method", method_id, param=param)


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
    card = test_card(method)
    if card.decline and not card.attaches:
        raise cards.declined(card.decline)
    keep_with(state, method, customer["id"])
    return method


def keep_with(state: State, method: Object, customer_id: str) -> None:
    """Attach without asking the bank, as a payment with `setup_future_usage` does when it succeeds."""
    if method["customer"] == customer_id:
        return
    method["customer"] = customer_id
    method["card"]["checks"]["cvc_check"] = "pass"
    state.emit("payment_method.attached", method)


def retrieve(state: State, _params: Object, method_id: str) -> Object:
    """GET /v1/payment_methods/:id."""
    return state.get("payment_method", method_id)


def update(state: State, params: Object, method_id: str) -> Object:
    """POST /v1/payment_methods/:id: metadata, billing details, expiry."""
    method = state.get("payment_method", method_id)
    refuse(params, [n for n in params if n not in ("metadata", "billing_details", "card", "expand")])
    card = params.get("card") or {}
    refuse(card, ("networks",))
    month, year = expiry(
        state,
        card.get("exp_month", method["card"]["exp_month"]),
        card.get("exp_year", method["card"]["exp_year"]),
    )
    metadata = merge_metadata(method["metadata"], params.get("metadata"))
    method["card"].update(exp_month=month, exp_year=year)
    method["billing_details"].update(params.get("billing_details") or {})
    method["metadata"] = metadata
    state.emit("payment_method.updated", method)
    return method


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
    state.emit("payment_method.detached", method)
    return method


def list_all(state: State, params: Object) -> Object:
    """GET /v1/payment_methods of one customer."""
    if "customer" not in params:
        raise invalid("Missing required param: customer.", param="customer", code="parameter_missing")
    return list_of_customer(state, params, params["customer"])


def list_of_customer(state: State, params: Object, customer_id: str) -> Object:
    """GET /v1/customers/:id/payment_methods."""
    living_customer(state, customer_id)
    where = {"type": params["type"]} if "type" in params else {}
    things = state.newest("payment_method", customer=customer_id, **where)
    return listing(things, params, url=f"/v1/customers/{customer_id}/payment_methods")
