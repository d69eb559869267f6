"""The calls `/paynearme/json-api/<method>`: form or JSON, signed; `status` is ok or error."""

import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl

from ..replies import Reply, Request
from ..state import Object, State
from . import orders
from .orders import Refused
from .signature import is_signed, text
from .till import Till

log = logging.getLogger(__name__)

COMMON = ("site_identifier", "timestamp", "version", "signature")
CLOCK_SKEW = 15 * 60
SHAPE = ("return_minimal_info", "return_no_pmts", "last_pmt_only")
PERSON = (
    "site_customer_email",
    "site_customer_phone",
    "site_customer_name",
    "site_customer_street",
    "site_customer_city",
    "site_customer_state",
    "site_customer_postal_code",
    "site_customer_language",
)
ORDER_IDS = ("pnm_order_identifier", "site_order_identifier")
SEARCHED = (*ORDER_IDS, "pnm_customer_identifier", "site_customer_identifier", *PERSON[:2])


@dataclass(frozen=True)
class Call:
    """One method of the API: what must be sent, what may be, and who answers."""

    act: Callable[[Till, dict[str, str]], Object]
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()


def _create(till: Till, params: dict[str, str]) -> Object:
    return _one(till.state, orders.make(till.state, params), params)


def _cancel(till: Till, params: dict[str, str]) -> Object:
    order = _named(till.state, params)
    if order["order_status"] != "open":
        raise Refused("The order is closed already")
    orders.close(order, "canceled")
    return _one(till.state, order, params)


def _uncancel(till: Till, params: dict[str, str]) -> Object:
    order = _named(till.state, params)
    if order["order_closed_reason"] != "canceled":
        raise Refused("The order is not canceled")
    order.update(order_status="open", order_closed_reason="")
    return _one(till.state, order, params)


def _find(till: Till, params: dict[str, str]) -> Object:
    where = {name: params[name] for name in SEARCHED if name in params}
    if not where and "start_date" not in params:
        raise Refused(f"Search by one of {', '.join(SEARCHED)}, start_date")
    first = orders.day(params.get("start_date", "1970-01-01"), "start_date")
    found = [order for order in till.state.newest("pnm_order", **where) if orders.made_on(order) >= first]
    return {"orders": [_shaped(till.state, order, params) for order in found]}


def _find_payment(till: Till, params: dict[str, str]) -> Object:
    return {"payment": orders.shown_payment(_payment(till.state, params))}


def _refund(till: Till, params: dict[str, str]) -> Object:
    payment = _payment(till.state, params)
    amount = None
    if "refund_amount" in params:
        if params.get("refund_currency") != "USD":
            raise Refused("refund_currency must be USD")
        amount = orders.money(params["refund_amount"], "refund_amount")
    till.reverse(payment, "refund", amount=amount)
    return {"payment": orders.shown_payment(payment)}


def _smart_token(till: Till, params: dict[str, str]) -> Object:
    return _one(till.state, _named(till.state, params), params)


def _one(state: State, order: Object, params: dict[str, str]) -> Object:
    answer = _shaped(state, order, params)
    return {"order": answer, "orders": [answer]}


def _shaped(state: State, order: Object, params: dict[str, str]) -> Object:
    payments = "all"
    if params.get("last_pmt_only") == "true":
        payments = "last"
    if params.get("return_no_pmts") == "true":
        payments = "none"
    return orders.shown(state, order, minimal=params.get("return_minimal_info") == "true", payments=payments)


def _payment(state: State, params: dict[str, str]) -> Object:
    wanted = params["pnm_payment_identifier"]
    payment = next(state.newest("pnm_payment", pnm_payment_identifier=wanted), None)
    if payment is None:
        raise Refused("Payment not found")
    return payment


def _named(state: State, params: dict[str, str]) -> Object:
    where = {name: params[name] for name in ORDER_IDS if name in params}
    order = orders.find(state, **where) if where else None
    if order is None:
        raise Refused("Order not found")
    return order


REQUIRED = ("order_amount", "order_currency", "site_customer_identifier", "order_type", "order_is_standing")
CALLS = {
    "create_order": Call(
        _create,
        REQUIRED,
        ("site_order_identifier", "site_order_description", "order_expiration_date", *PERSON, *SHAPE),
    ),
    "cancel_order": Call(_cancel, (), (*ORDER_IDS, *SHAPE)),
    "uncancel_order": Call(_uncancel, (), (*ORDER_IDS, *SHAPE)),
    "find_orders": Call(_find, (), (*SEARCHED, "start_date", *SHAPE)),
    "get_smart_token": Call(_smart_token, (), (*ORDER_IDS, *SHAPE)),
    "find_payment": Call(_find_payment, ("pnm_payment_identifier",)),
    "refund_payment": Call(_refund, ("pnm_payment_identifier",), ("refund_amount", "refund_currency")),
}


class Api:
    """Answers the calls; the faults of the sandbox stand before it."""

    def __init__(self, till: Till) -> None:
        self.till = till
        self.state = till.state
        self.settings = till.settings

    def answer(self, request: Request, fault: str) -> Reply:
        """200 with `status` ok, 400 with `errors`; `fault` is the kind of fault that meets this request, or empty."""
        if fault == "rate_limit":
            return _reply(429, {"status": "error", "errors": [{"description": "Too many requests"}]})
        if fault == "error_before":
            return _broken()
        name = request.path.rsplit("/", 1)[-1]
        try:
            params = self._checked(name, request)
            with self.state.lock:
                orders.expire_due(self.state)
                body = CALLS[name].act(self.till, params)
                self.state.changed = True
        except Refused as refusal:
            return _reply(400, {"status": "error", "errors": [{"description": str(refusal)}]})
        return _broken() if fault == "error_after" else _reply(200, {"status": "ok", **body})

    def _checked(self, name: str, request: Request) -> dict[str, str]:
        if name not in CALLS:
            raise Refused("Unrecognized API Call")
        if request.method != "POST":
            raise Refused("Send a POST")
        params = _params(request)
        for wanted in (*COMMON, *CALLS[name].required):
            if not params.get(wanted):
                raise Refused(f"{wanted} is required")
        if params["site_identifier"] != self.settings.site or not is_signed(params, self.settings.secret):
            raise Refused("Invalid signature or site identifier")
        if params["version"] != "3.0":
            raise Refused("version must be 3.0")
        # The caller's clock is the machine's, which the sandbox's own may be ahead of.
        sent = params["timestamp"]
        if not (sent.isascii() and sent.isdecimal()) or abs(int(sent) - time.time()) > CLOCK_SKEW:
            raise Refused("timestamp is not now")
        known = {*COMMON, "format", *CALLS[name].required, *CALLS[name].optional}
        for extra in params:
            if extra not in known:
                raise Refused(f"Unknown parameter: {extra}")
        return params


def _params(request: Request) -> dict[str, str]:
    if not request.headers.get("content-type", "").startswith("application/json"):
        return dict(parse_qsl(request.body, keep_blank_values=True))
    try:
        given = json.loads(request.body)
    except ValueError as error:
        raise Refused("Not JSON") from error
    if not isinstance(given, dict) or any(isinstance(value, dict | list) for value in given.values()):
        raise Refused("Send one JSON object of plain values")
    return {name: text(value) for name, value in given.items()}


def _broken() -> Reply:
    return _reply(500, {"status": "error", "errors": [{"description": "Internal error"}]})


def _reply(status: int, body: Object) -> Reply:
    return Reply(status, json.dumps(body, indent=2).encode(), "application/json")
