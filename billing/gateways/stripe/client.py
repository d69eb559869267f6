"""The connection to Stripe: one client, a pinned version of its API, and its errors in our words."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import Any, TypeVar

import stripe
from django.conf import settings
from django.db import connection

from billing.gateways.base import NotDone, Unanswered

NAME = "stripe"
# The webhook endpoint at Stripe is pinned to the same; a newer version is taken on purpose, never by an update.
API_VERSION = "2026-10-28.endive"
TIMEOUT = (3.0, 10.0)  # seconds to connect, and to wait for an answer

Answer = TypeVar("Answer")


def asking(call: Callable[..., Answer]) -> Callable[..., Answer]:
    """Translate Stripe's errors, and refuse to wait for a network inside a transaction."""

    @wraps(call)
    def asked(*args: Any, **kwargs: Any) -> Answer:
        if connection.in_atomic_block:
            raise RuntimeError("the payment provider is not called inside a database transaction")
        try:
            return call(*args, **kwargs)
        except stripe.StripeError as error:
            raise translated(error) from error

    return asked


def translated(error: stripe.StripeError) -> Unanswered | NotDone:
    """What an error says about the request: not done, or nobody knows."""
    if isinstance(error, stripe.RateLimitError):
        return NotDone(str(error), later=True)
    if isinstance(error, stripe.APIConnectionError | stripe.IdempotencyError) or not _is_refusal(error):
        return Unanswered(str(error))
    return NotDone(str(error), later=False, code=code_of(error))


def _is_refusal(error: stripe.StripeError) -> bool:
    """Whether Stripe itself said no: a 200 that cannot be read says nothing, nor does a 404 of something between."""
    says_no = error.http_status is not None and 400 <= error.http_status < 500 and error.http_status != 409
    return says_no and isinstance(error.json_body, dict)


def code_of(error: stripe.StripeError) -> str:
    """Stripe's word for why, the bank's own before its general one."""
    details = ((error.json_body or {}) if isinstance(error.json_body, dict) else {}).get("error") or {}
    return str(details.get("decline_code") or details.get("code") or "")


def client() -> stripe.StripeClient:
    return client_of(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE, TIMEOUT)


@cache
def client_of(key: str, base: str, timeout: tuple[float, float]) -> stripe.StripeClient:
    return stripe.StripeClient(
        key,
        base_addresses={"api": base},
        http_client=stripe.RequestsClient(timeout=timeout),
        max_network_retries=0,
        stripe_version=API_VERSION,
    )
