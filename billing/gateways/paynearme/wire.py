"""The connection to PayNearMe: signed calls, their answers, and its errors in our words.

Shown by https://apidocs.paynearme.com: the calls, their parameters, the signature, the orders of an answer with
`payments` in them, and what callbacks carry. Not shown: how an order names its bar code and its payments' states, when
they were made, and what a callback is to be answered. What was chosen for these stands in the constants below and in
`callbacks`, nowhere else; docs/payments.md says how to check it.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Mapping
from typing import Any

import requests
from django.conf import settings
from django.db import connection

from billing.gateways.base import NotDone, Unanswered

NAME = "paynearme"
VERSION = "3.0"
TIMEOUT = (3.0, 10.0)  # seconds to connect, and to wait for an answer
UNSIGNED = ("signature", "format")

# Chosen: the fields of an order and of a payment whose names the public pages do not show.
SLIPS, BARCODE = "slips", "barcode_number"
MADE_AT, SHOP = "payment_timestamp", "retailer_name"
# Chosen: the words in `payment_status`. All others, such as pending or rejected, mean that no money came.
PAID = frozenset({"approved", "paid", "settled"})
GIVEN_BACK = frozenset({"canceled", "refunded", "returned", "reversed"})
CHARGED_BACK = frozenset({"charged back"})


def sign(params: Mapping[str, object], secret: str) -> str:
    """HMAC-SHA256, in hex, of names and values run together in the order of the names."""
    joined = "".join(f"{name}{text(params[name])}" for name in sorted(params) if name not in UNSIGNED)
    return hmac.new(secret.encode(), joined.encode(), hashlib.sha256).hexdigest()


def text(value: object) -> str:
    """A value as it is signed: JSON's true is `true`, nothing is empty."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def call(method: str, params: Mapping[str, str]) -> dict[str, Any]:
    """Ask once; the answer's fields. Raises Unanswered, or NotDone when PayNearMe says that it did nothing."""
    if connection.in_atomic_block:
        raise RuntimeError("the payment provider is not called inside a database transaction")
    sent = {
        **params,
        "site_identifier": settings.PAYNEARME_SITE,
        "timestamp": str(int(time.time())),
        "version": VERSION,
    }
    sent["signature"] = sign(sent, settings.PAYNEARME_SECRET)
    try:
        answer = requests.post(f"{settings.PAYNEARME_URL}/json-api/{method}", data=sent, timeout=TIMEOUT)
        body = answer.json()
    except requests.RequestException as error:  # an answer that is no JSON is one of these
        raise Unanswered(str(error)) from error
    return _fields(answer.status_code, body)


def _fields(status: int, body: Any) -> dict[str, Any]:
    if status >= 500 or not isinstance(body, dict):
        raise Unanswered(f"HTTP {status}")
    if status == 429:
        raise NotDone("too many requests", later=True)
    if status >= 400 or body.get("status") != "ok":
        raise NotDone(_problem(body) or f"HTTP {status}", later=False)
    return body


def _problem(body: dict[str, Any]) -> str:
    errors = body.get("errors")
    if not isinstance(errors, list):
        return ""
    return "; ".join(
        str(error.get("description", error)) if isinstance(error, dict) else str(error) for error in errors
    )
