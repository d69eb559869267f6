"""PayNearMe, API 3.0: an order is paid in cash at a till; see `wire` for what its public pages do not show."""

from billing.gateways.paynearme.adapter import PayNearMe
from billing.gateways.paynearme.wire import NAME

__all__ = ["NAME", "PayNearMe"]
