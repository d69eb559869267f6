"""The payment providers by their names, as payments keep them."""

from __future__ import annotations

from billing.gateways.base import Gateway
from billing.gateways.stripe import Stripe

GATEWAYS: dict[str, Gateway] = {gateway.name: gateway for gateway in (Stripe(),)}  # type: ignore[misc]  # refunds follow


def gateway(name: str) -> Gateway:
    """The provider of that name; KeyError for a payment that no provider knows, such as one recorded by staff."""
    return GATEWAYS[name]
