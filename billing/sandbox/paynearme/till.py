"""The till: a person pays an amount in cash; who may, is asked; what happened, is told until it is acknowledged."""

import json
import threading
import time
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from ..posting import exchange
from ..state import Object, State, public
from ..webhooks import Endpoint, Sender
from . import orders
from .orders import Refused
from .settings import Settings
from .signature import sign

REVERSALS = {"cancel": "canceled", "refund": "refunded", "chargeback": "charged back", "return": "returned"}
NOT_TAKEN = 422  # answered, but not with the order's number


class Till:
    """Takes payments and tells the merchant. Callbacks wait in a queue of their own and go through the faults."""

    def __init__(self, state: State, settings: Settings, sender: Sender) -> None:
        self.state = state
        self.settings = settings
        self.sender = sender
        self.queue = Endpoint("PayNearMe", self._deliver, sender.delays, sender.log)
        self._one_at_a_time = threading.Lock()

    def pay(self, order: Object, amount: Decimal, *, force: bool = False) -> Object:
        """One payment at the till; `force` is a till that errs and asks the merchant in spite of the rules.

        Raises Refused when the till itself says no. A payment that the merchant declines is made, as declined.
        """
        with self._one_at_a_time:
            with self.state.lock:
                orders.expire_due(self.state)
                problem = orders.objection(order, amount)
                if problem and not force:
                    raise Refused(problem)
                fields = self._fields(order, amount)
            accepted, receipt, reference = self._ask(fields)
            with self.state.lock:
                payment = self._book(order, fields, accepted=accepted, receipt=receipt, reference=reference)
                self.tell("confirmation", payment)
        return payment

    def _fields(self, order: Object, amount: Decimal) -> Object:
        return {
            "pnm_order_identifier": order["pnm_order_identifier"],
            "site_order_identifier": order["site_order_identifier"],
            "site_customer_identifier": order["site_customer_identifier"],
            "pnm_payment_identifier": orders.number(12),
            "payment_amount": str(amount),
            "payment_currency": "USD",
            "net_payment_amount": str(amount),
            "net_payment_currency": "USD",
            "payment_type": "cash",
            "retailer_name": "Corner Store (test)",
        }

    def _ask(self, fields: Object) -> tuple[bool, str, str]:
        """Whether the merchant takes it, his words for the receipt, his own number for the payment."""
        if not (self.settings.callback_url and self.settings.authorize):
            return True, "", ""
        status, body = self._post("authorization", fields)
        answer = _json(body) if 200 <= status < 300 else {}
        ours = _value(answer, "pnm_order_identifier") == fields["pnm_order_identifier"]
        yes = ours and _value(answer, "accept_payment") in ("yes", "true")
        receipt = _value(answer, "receipt") or ("" if ours else "The merchant could not be asked.")
        return yes, receipt[:3000], _value(answer, "site_payment_identifier")

    def _book(self, order: Object, fields: Object, *, accepted: bool, receipt: str, reference: str) -> Object:
        payment = self.state.add(
            "pnm_payment",
            {
                **fields,
                "payment_status": "approved" if accepted else "rejected",
                "status": "approve" if accepted else "decline",
                "payment_timestamp": str(self.state.now()),
                "site_payment_identifier": reference,
                "receipt": receipt,
                "_reversal": "",
            },
        )
        if accepted and order["order_is_standing"] == "false" and order["order_status"] == "open":
            orders.close(order, "paid")
        return payment

    def reverse(self, payment: Object, reason: str, *, amount: Decimal | None = None) -> None:
        """The money, or `amount` of it, goes back: `reason` is cancel, refund, chargeback or return. Once only."""
        if reason not in REVERSALS:
            raise Refused(f"reason must be one of {', '.join(REVERSALS)}")
        if payment["payment_status"] != "approved":
            raise Refused(f"The payment is {payment['payment_status']}.")
        paid = Decimal(payment["payment_amount"])
        if amount is not None and amount > paid:
            raise Refused(f"At most {paid} can go back")
        payment.update(payment_status=REVERSALS[reason], _reversal=reason, _given_back=str(amount or paid))
        if reason == "refund":
            payment["refund"] = {
                "refund_status": "completed",
                "refund_amount": str(amount or paid),
                "refund_currency": "USD",
            }
        self.tell("reverse", payment)

    def tell(self, kind: str, payment: Object) -> None:
        """Queue a callback of this kind; the faults may lose, double, delay or shuffle it."""
        callback = self.state.add(
            "pnm_callback",
            {
                "type": f"paynearme.{kind}",
                "payment": payment["id"],
                "pending_webhooks": 1 if self.settings.callback_url else 0,
            },
        )
        if self.settings.callback_url:
            self.sender.through_faults(callback, self.queue.put)

    def tell_again(self, callback: Object) -> None:
        """Send a callback once more, faults or no faults."""
        if self.settings.callback_url:
            self.queue.put(callback)

    def _deliver(self, callback: Object) -> int:
        """One try: the HTTP status, or NOT_TAKEN when the answer does not name the order."""
        with self.state.lock:
            found = self.state.find(callback["payment"])
            # Forgotten by a reset while this waited, or there is nobody to tell any more.
            if found is None or not self.settings.callback_url:
                return 204
            payment, reversal, given_back = public(found), found["_reversal"], found.get("_given_back", "")
        kind = callback["type"].removeprefix("paynearme.")
        hidden = ("id", "object", "created", "livemode", "receipt", "payment_status", "refund")
        fields = {name: value for name, value in payment.items() if name not in hidden and value != ""}
        if kind == "reverse":
            del fields["status"]
            fields |= {"reverse_type": reversal, "reverse_amount": given_back}
        status, body = self._post(kind, fields)
        named = _value(_json(body), "pnm_order_identifier") == payment["pnm_order_identifier"]
        return status if named or not 200 <= status < 300 else NOT_TAKEN

    def _post(self, kind: str, fields: Object) -> tuple[int, bytes]:
        signed: Object = {
            **fields,
            "site_identifier": self.settings.site,
            "timestamp": str(int(time.time())),
            "version": "3.0",
        }
        signed["signature"] = sign(signed, self.settings.secret)
        url = f"{self.settings.callback_url.rstrip('/')}/{kind}/"
        return exchange(url, json.dumps(signed).encode(), {"Content-Type": "application/json"})


def callback_address(url: Any) -> str:
    """An http(s) address for callbacks, or empty for none; Refused otherwise."""
    if not isinstance(url, str) or (
        url and (urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname)
    ):
        raise Refused("callback_url must be an http(s) address")
    return url


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return {}


def _value(answer: Any, name: str) -> str:
    """The value of that name wherever it stands in the answer: the public pages do not show how deep."""
    if not isinstance(answer, dict):
        return ""
    if name in answer:
        found = answer[name]
        return ("true" if found else "false") if isinstance(found, bool) else str(found)
    return next((found for inner in answer.values() if (found := _value(inner, name))), "")
