"""What is ordered by hand at PayNearMe's: a payment at the till, money given back, a callback once more."""

from ..errors import ApiError, invalid
from ..state import Object, State, public
from . import orders
from .orders import Refused
from .till import Till, callback_address


def configure(till: Till, given: Object) -> Object:
    """Set `callback_url` and `authorize`; says how both stand."""
    settings = till.settings
    try:
        url = callback_address(given.get("callback_url", settings.callback_url))
    except Refused as refusal:
        raise invalid(str(refusal), param="callback_url") from refusal
    authorize = given.get("authorize", settings.authorize)
    if not isinstance(authorize, bool):
        raise invalid("authorize is true or false", param="authorize")
    settings.callback_url, settings.authorize = url, authorize
    return {"site_identifier": settings.site, "callback_url": url, "authorize": authorize}


def perform(till: Till, collection: str, number: str, act: str, given: Object) -> Object:
    """An act on an order, a payment (by PayNearMe's own numbers) or a callback; 404 for what there is not."""
    if (collection, act) not in ACTS:
        raise ApiError(404, f"No such act: {collection}/:id/{act}")
    try:
        done: Object = public(ACTS[collection, act](till, number, given))
    except Refused as refusal:
        raise invalid(str(refusal)) from refusal
    return done


def _pay(till: Till, number: str, given: Object) -> Object:
    order = _found(till.state, "pnm_order", pnm_order_identifier=number)
    amount = orders.money(str(given.get("amount", order["order_amount"])), "amount")
    return till.pay(order, amount, force=given.get("force") is True)


def _reverse(till: Till, number: str, given: Object) -> Object:
    with till.state.lock:
        payment = _found(till.state, "pnm_payment", pnm_payment_identifier=number)
        till.reverse(payment, given.get("reason", "refund"))
    return payment


def _resend(till: Till, number: str, _given: Object) -> Object:
    callback = _found(till.state, "pnm_callback", id=number)
    till.tell_again(callback)
    return callback


ACTS = {("pnm_orders", "pay"): _pay, ("pnm_payments", "reverse"): _reverse, ("pnm_callbacks", "resend"): _resend}


def _found(state: State, kind: str, **where: str) -> Object:
    with state.lock:
        thing = next(state.newest(kind, **where), None)
    if thing is None:
        raise ApiError(404, f"No such {kind}: {', '.join(where.values())}")
    return thing
