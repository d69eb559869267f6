"""Checkout sessions: create, retrieve, expire, list."""

from . import currencies, kinds, payment_intents, setup_intents
from .errors import invalid, unexpected_state, unsupported
from .intents import OPEN
from .parts import listing, living_customer, merge_metadata, refuse, web_address
from .session_payments import NOBODY, intent_of, start_setup
from .state import Object, State

LIFETIME = 24 * 3600
SHORTEST = 30 * 60
NOT_PLAYED = (
    "customer_account",
    "discounts",
    "invoice_creation",
    "optional_items",
    "return_url",
    "shipping_options",
    "subscription_data",
)
PAYMENT_DATA = ("description", "metadata", "receipt_email", "setup_future_usage", "statement_descriptor")
SETUP_DATA = ("description", "metadata")


def create(state: State, params: Object) -> Object:
    """POST /v1/checkout/sessions in mode payment or setup; the customer is then sent to its `url`."""
    _playable(params)
    mode = params.get("mode", "payment")
    customer = living_customer(state, params["customer"]) if "customer" in params else None
    if customer and "customer_email" in params:
        raise invalid("You may only specify one of these parameters: customer, customer_email.", param="customer")
    items, currency = _line_items(params) if mode == "payment" else ([], _setup_currency(params))
    types = kinds.offered(params, currency)
    total = sum(item["amount_total"] for item in items)
    if mode == "payment":
        currencies.chargeable(total, currency or "", param="line_items")
    session = state.add(
        "checkout.session",
        {
            **_fixed(params, types),
            "amount_subtotal": total if items else None,
            "amount_total": total if items else None,
            "currency": currency,
            "customer": customer["id"] if customer else None,
            "customer_details": _details(customer, params),
            "expires_at": _expiry(state, params),
            "metadata": merge_metadata({}, params.get("metadata")),
            "mode": mode,
            "payment_status": "unpaid" if items else "no_payment_required",
            "_attempts": 0,
            "_failed": False,
            "_known_email": (customer["email"] if customer else params.get("customer_email")) or None,
            "_intent_data": params.get("payment_intent_data" if items else "setup_intent_data") or {},
            "_line_items": None,
        },
    )
    address = f"/v1/checkout/sessions/{session['id']}/line_items"
    session["_line_items"] = {"object": "list", "data": items, "has_more": False, "url": address}
    session["url"] = f"{state.public_url}/c/pay/{session['id']}"
    if mode == "setup":
        start_setup(state, session)
    return session


def _playable(params: Object) -> None:
    refuse(params, NOT_PLAYED)
    if params.get("mode") == "subscription":
        raise unsupported("mode", "The payment sandbox does not play mode=subscription.")
    if params.get("ui_mode", "hosted_page") != "hosted_page":
        raise unsupported("ui_mode", "The payment sandbox plays ui_mode=hosted_page only.")
    if (params.get("automatic_tax") or {}).get("enabled"):
        raise unsupported("automatic_tax[enabled]")
    if "success_url" not in params:
        raise invalid("Missing required param: success_url.", param="success_url", code="parameter_missing")
    for name in ("success_url", "cancel_url"):
        if name in params:
            web_address(params[name], param=name)
    for group, known in (("payment_intent_data", PAYMENT_DATA), ("setup_intent_data", SETUP_DATA)):
        for name in params.get(group, {}):
            if name not in known:
                raise unsupported(f"{group}[{name}]")
        merge_metadata({}, params.get(group, {}).get("metadata"))


def _saving(params: Object) -> Object | None:
    """What the page offers about stored methods; None without a customer to store them with."""
    given = params.get("saved_payment_method_options")
    if "customer" not in params:
        if given is not None:
            raise invalid(
                "`saved_payment_method_options` can only be used with `customer`.",
                param="saved_payment_method_options",
            )
        return None
    usual = {
        "allow_redisplay_filters": ["always"],
        "payment_method_remove": "disabled",
        "payment_method_save": "disabled",
    }
    options = {**usual, **(given or {})}
    if options["payment_method_remove"] == "enabled":
        raise unsupported("saved_payment_method_options[payment_method_remove]")
    return options


def _line_items(params: Object) -> tuple[list[Object], str]:
    if not params.get("line_items"):
        raise invalid("Missing required param: line_items.", param="line_items", code="parameter_missing")
    items = [_line_item(item, f"line_items[{i}]") for i, item in enumerate(params["line_items"])]
    found = {item["currency"] for item in items}
    if len(found) > 1:
        raise invalid("All line items must have the same currency.", param="line_items")
    return items, found.pop()


def _line_item(item: Object, where: str) -> Object:
    refuse(item, ("price", "tax_rates", "adjustable_quantity"))
    price = item.get("price_data")
    if price is None:
        raise invalid(f"Missing required param: {where}[price_data].", param=where, code="parameter_missing")
    refuse(price, ("product", "recurring", "unit_amount_decimal"))
    for name in ("product_data", "unit_amount"):
        if name not in price:
            lacking = f"{where}[price_data][{name}]"
            raise invalid(f"Missing required param: {lacking}.", param=lacking, code="parameter_missing")
    quantity, unit = item.get("quantity", 1), price["unit_amount"]
    if quantity < 1 or unit < 0:
        raise invalid("Quantities are 1 or more and unit amounts 0 or more.", param=where)
    currency = currencies.known(price["currency"], param=f"{where}[price_data][currency]")
    return {
        "object": "item",
        "amount_discount": 0,
        "amount_subtotal": unit * quantity,
        "amount_tax": 0,
        "amount_total": unit * quantity,
        "currency": currency,
        "description": price["product_data"]["name"],
        "quantity": quantity,
        "_note": price["product_data"].get("description"),
    }


def _setup_currency(params: Object) -> str | None:
    if "line_items" in params:
        raise invalid("`line_items` are not used in `setup` mode.", param="line_items")
    if "currency" in params:
        return currencies.known(params["currency"])
    if "allowed_payment_method_types" in params:
        return None
    raise invalid("Missing required param: currency.", param="currency", code="parameter_missing")


def _expiry(state: State, params: Object) -> int:
    now = state.now()
    at: int = params.get("expires_at", now + LIFETIME)
    if not now + SHORTEST - 60 <= at <= now + LIFETIME + 60:
        raise invalid("`expires_at` must be 30 minutes to 24 hours from now.", param="expires_at")
    return at


def _details(customer: Object | None, params: Object) -> Object | None:
    email = customer["email"] if customer else params.get("customer_email")
    if not customer and not email:
        return None
    return {**NOBODY, "email": email, "name": customer["name"] if customer else None}


def _fixed(params: Object, types: list[str]) -> Object:
    sent = (
        "cancel_url",
        "client_reference_id",
        "customer_email",
        "customer_creation",
        "locale",
        "submit_type",
        "success_url",
    )
    return {
        **{name: params.get(name) for name in sent},
        "allow_promotion_codes": None,
        "automatic_tax": {"enabled": False, "liability": None, "status": None},
        "client_secret": None,
        "invoice": None,
        "payment_intent": None,
        "payment_method_options": params.get("payment_method_options") or {},
        "payment_method_types": types,
        "saved_payment_method_options": _saving(params),
        "setup_intent": None,
        "status": "open",
        "subscription": None,
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "_merchant": (params.get("branding_settings") or {}).get("display_name"),
    }


def retrieve(state: State, _params: Object, session_id: str) -> Object:
    """GET /v1/checkout/sessions/:id."""
    return state.get("checkout.session", session_id, param="session")


def line_items(state: State, params: Object, session_id: str) -> Object:
    """GET /v1/checkout/sessions/:id/line_items."""
    session = state.get("checkout.session", session_id, param="session")
    return {**session["_line_items"], "data": session["_line_items"]["data"][: params.get("limit", 10)]}


def list_all(state: State, params: Object) -> Object:
    """GET /v1/checkout/sessions, narrowed by `customer`, `payment_intent`, `status`."""
    where = {name: params[name] for name in ("customer", "payment_intent", "status") if name in params}
    return listing(state.newest("checkout.session", **where), params, url="/v1/checkout/sessions")


def expire(state: State, _params: Object, session_id: str) -> Object:
    """POST /v1/checkout/sessions/:id/expire, while it is open."""
    session = state.get("checkout.session", session_id, param="session")
    if session["status"] != "open":
        raise unexpected_state(
            f"Only Checkout Sessions with a status of open can be expired; this one is {session['status']}.",
            code="checkout_session_unexpected_state",
        )
    _close(state, session)
    return session


def expire_due(state: State) -> None:
    """Close every open session whose time is over."""
    now = state.now()
    for session in list(state.newest("checkout.session", status="open")):
        if session["expires_at"] <= now:
            _close(state, session)


def _close(state: State, session: Object) -> None:
    session.update(status="expired", url=None)
    intent = intent_of(state, session)
    if intent is not None and intent["status"] in OPEN:
        module = payment_intents if session["mode"] == "payment" else setup_intents
        module.cancel(state, {"cancellation_reason": "abandoned"}, intent["id"])
    state.emit("checkout.session.expired", session)
