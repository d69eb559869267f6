"""PayNearMe's callbacks: signed as our calls are, as a form or as JSON; and what they are answered.

The public pages show no answer of version 3.0. Chosen: the fields of version 2.0's XML, as JSON.
"""

from __future__ import annotations

import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import parse_qsl

from django.conf import settings

from billing.gateways.base import Event, Forged
from billing.gateways.paynearme.wire import NAME, VERSION, sign, text

TOLERANCE = 300  # seconds that a signed callback may be old, or that its clock may be ahead
MOST_RECEIPT = 3000  # characters that PayNearMe prints


@dataclass(frozen=True, slots=True)
class Callback:
    """What a callback says; `reference` is our payment, `reversal` why money went back, empty for what came in."""

    order_id: str
    payment_id: str
    reference: str
    amount: Decimal
    currency: str
    declined: bool
    reversal: str


def read(*, body: bytes, headers: Mapping[str, str]) -> Callback:
    """The callback; raises Forged unless PayNearMe signed it for our site within five minutes."""
    try:
        fields = _fields(body, headers.get("Content-Type", ""))
        if not settings.PAYNEARME_SECRET or fields["site_identifier"] != settings.PAYNEARME_SITE:
            raise Forged("another site's callback")
        if not hmac.compare_digest(fields["signature"], sign(fields, settings.PAYNEARME_SECRET)):
            raise Forged("the signature is another one")
        if abs(int(fields["timestamp"]) - time.time()) > TOLERANCE:
            raise Forged("signed too long ago, or in the future")
        return Callback(
            order_id=_named(fields["pnm_order_identifier"]),
            payment_id=_named(fields["pnm_payment_identifier"]),
            reference=fields.get("site_order_identifier", ""),
            amount=Decimal(fields.get("payment_amount", "0")),
            currency=fields.get("payment_currency", ""),
            declined=fields.get("status", "") == "decline",
            reversal=fields.get("reverse_type", ""),
        )
    except (ValueError, KeyError, TypeError, InvalidOperation) as error:
        raise Forged(repr(error)) from error


def event_of(callback: Callback) -> Event:
    """The callback as a hint to ask for its order; the same one sent again has the same `event_id`."""
    kind = f"reverse:{callback.reversal}" if callback.reversal else "confirmation"
    return Event(
        event_id=f"{callback.payment_id}:{kind}"[:100],
        type=f"{NAME}.{kind}",
        object_id=callback.order_id,
        reference=callback.reference,
    )


def authorized(callback: Callback, *, accept: bool, words: str) -> dict[str, object]:
    """The answer that takes or declines a payment at the till; `words` are printed for the payer."""
    return {
        "version": VERSION,
        "authorization": {
            "pnm_order_identifier": callback.order_id,
            "site_payment_identifier": callback.payment_id,
            "accept_payment": "yes" if accept else "no",
            "receipt": words[:MOST_RECEIPT],
        },
    }


def acknowledged(callback: Callback) -> dict[str, object]:
    """The answer to a confirmation or reversal; without it PayNearMe sends it again."""
    return {
        "version": VERSION,
        "confirmation": {
            "pnm_order_identifier": callback.order_id,
            "pnm_payment_identifier": callback.payment_id,
        },
    }


def _fields(body: bytes, content_type: str) -> dict[str, str]:
    """Name and value of each parameter; a name that comes twice would be signed one way and read another."""
    if content_type.startswith("application/json"):
        given = json.loads(body, object_pairs_hook=_once, parse_int=str, parse_float=str)  # as they were signed
        if not isinstance(given, dict) or any(isinstance(value, dict | list) for value in given.values()):
            raise Forged("not one object of plain values")
        return {name: text(value) for name, value in given.items()}
    return _once(parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise Forged("a parameter comes twice")
    return fields


def _named(identifier: str) -> str:
    if not identifier or len(identifier) > 60 or not identifier.isprintable():
        raise Forged("no identifier of PayNearMe's")
    return identifier
