"""Orders: what a customer may pay at the till, and the payments made so far."""

import secrets
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

from ..state import Object, State

TYPES = ("exact", "up-to", "any")
MOST = Decimal("100000")


class Refused(Exception):
    """A call that cannot be answered with what it asks for; the message goes into `errors`."""


def money(text: str, name: str) -> Decimal:
    """Dollars and cents; Refused for anything else."""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount != round(amount, 2) or not 0 < amount <= MOST:
        raise Refused(f"{name} must be dollars and cents, more than 0 and at most {MOST}")
    return round(amount, 2)


def make(state: State, params: dict[str, str]) -> Object:
    """A new open order."""
    if params["order_currency"] != "USD":
        raise Refused("order_currency must be USD")
    if params["order_type"] not in TYPES:
        raise Refused(f"order_type must be one of {', '.join(TYPES)}")
    if params["order_is_standing"] not in ("true", "false"):
        raise Refused("order_is_standing must be true or false")
    amount = money(params["order_amount"], "order_amount")
    expires = _expiry(state, params.get("order_expiration_date", ""))
    return state.add(
        "pnm_order",
        {
            "pnm_order_identifier": number(11),
            "pnm_customer_identifier": number(11),
            "site_customer_identifier": params["site_customer_identifier"],
            "site_order_identifier": params.get("site_order_identifier", ""),
            "site_order_description": params.get("site_order_description", ""),
            "site_customer_email": params.get("site_customer_email", ""),
            "site_customer_phone": params.get("site_customer_phone", ""),
            "site_customer_name": params.get("site_customer_name", ""),
            "order_amount": str(amount),
            "order_currency": "USD",
            "order_type": params["order_type"],
            "order_is_standing": params["order_is_standing"],
            "order_status": "open",
            "order_closed_reason": "",
            "order_expiration_date": expires,
            "secure_smart_token": secrets.token_urlsafe(24),
            "barcode": f"6{number(17)}",
        },
    )


def number(digits: int) -> str:
    """Digits that nobody guesses, the first of them no zero."""
    return str(secrets.randbelow(9 * 10 ** (digits - 1)) + 10 ** (digits - 1))


def _expiry(state: State, text: str) -> str:
    if not text:
        return ""
    last = day(text, "order_expiration_date")
    if last < today(state):
        raise Refused("order_expiration_date is past")
    return last.isoformat()


def day(text: str, name: str) -> date:
    """A date as YYYY-MM-DD; Refused for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refused(f"{name} must be a date, YYYY-MM-DD") from error


def made_on(order: Object) -> date:
    """The day an order was created, in UTC."""
    return datetime.fromtimestamp(order["created"], tz=UTC).date()


def today(state: State) -> date:
    """The day on the sandbox's clock, in UTC."""
    return datetime.fromtimestamp(state.now(), tz=UTC).date()


def close(order: Object, reason: str) -> None:
    """No more payments: `canceled`, `expired`, or `paid`."""
    order.update(order_status="closed", order_closed_reason=reason)


def expire_due(state: State) -> None:
    """Close what was to be paid by yesterday."""
    for order in list(state.newest("pnm_order", order_status="open")):
        if order["order_expiration_date"] and date.fromisoformat(order["order_expiration_date"]) < today(state):
            close(order, "expired")


def payments_of(state: State, order: Object) -> list[Object]:
    """The payments of an order, oldest first."""
    return list(state.newest("pnm_payment", pnm_order_identifier=order["pnm_order_identifier"]))[::-1]


def find(state: State, **where: str) -> Object | None:
    """The newest order with these fields."""
    return next(state.newest("pnm_order", **where), None)


def objection(order: Object, amount: Decimal) -> str:
    """Why the till may not take this amount for the order; empty if it may."""
    wanted = Decimal(order["order_amount"])
    if order["order_status"] != "open":
        return f"The order is closed: {order['order_closed_reason']}."
    if order["order_type"] == "exact" and amount != wanted:
        return f"Exactly {wanted} must be paid."
    if order["order_type"] == "up-to" and amount > wanted:
        return f"At most {wanted} may be paid."
    return ""


def shown(state: State, order: Object, *, minimal: bool = False, payments: str = "all") -> Object:
    """An order as the API answers it; `payments` is all, last, or none."""
    ids = ("pnm_order_identifier", "pnm_customer_identifier")
    if minimal:
        return {name: order[name] for name in ids}
    hidden = ("id", "object", "created", "livemode", "barcode")
    answer = {name: value for name, value in order.items() if name not in hidden and not name.startswith("_")}
    here = f"{state.public_url}/paynearme"
    token = order["secure_smart_token"]
    answer["order_created"] = datetime.fromtimestamp(order["created"], tz=UTC).isoformat(timespec="seconds")
    answer["secure_smart_link"] = f"{here}/pay/{token}"
    answer["order_tracking_url"] = f"{here}/pay/{token}"
    answer["slips"] = [
        {
            "slip_url": f"{here}/slip/{token}",
            "barcode_number": order["barcode"],
            "barcode_url": f"{here}/barcode/{token}.svg",
        }
    ]
    if payments != "none":
        made = [shown_payment(payment) for payment in payments_of(state, order)]
        answer["payments"] = made[-1:] if payments == "last" else made
    return answer


def shown_payment(payment: Object) -> Object:
    """A payment as the API answers it."""
    hidden = ("id", "object", "livemode", "created")
    return {name: value for name, value in payment.items() if name not in hidden and not name.startswith("_")}
