"""Stripe. Nothing of its own objects leaves this package; `billing.gateways.base` says what is asked and answered."""

from billing.gateways.stripe.adapter import Stripe
from billing.gateways.stripe.client import NAME

__all__ = ["NAME", "Stripe"]
