"""The payment providers by their names, as payments keep them."""

from __future__ import annotations

from billing.gateways.base import Gateway, StoringGateway
from billing.gateways.paynearme import PayNearMe
from billing.gateways.stripe import Stripe

STORING: dict[str, StoringGateway] = {gateway.name: gateway for gateway in (Stripe(),)}
CASH = PayNearMe()
GATEWAYS: dict[str, Gateway] = {**STORING, CASH.name: CASH}


def gateway(name: str) -> Gateway:
    """The provider of that name; KeyError for a payment that no provider knows, such as one recorded by staff."""
    return GATEWAYS[name]


def storing_gateway(name: str) -> StoringGateway:
    """The provider of that name, which also keeps ways to pay; KeyError for one that does not."""
    return STORING[name]
