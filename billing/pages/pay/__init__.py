"""Make a Payment: how, how much, what became of it, and all that was paid so far."""

from billing.pages.pay.element import Element
from billing.pages.pay.page import Pay
from billing.pages.pay.payments import Payments
from billing.pages.pay.result import Confirm, Result

__all__ = ["Confirm", "Element", "Pay", "Payments", "Result"]
