"""Payment Info: what is stored to pay with, and when it is charged by itself."""

from billing.pages.payment_info.page import PaymentInfo, Resume
from billing.pages.payment_info.stored import Add, Prefer, Remove, Setup

__all__ = ["Add", "PaymentInfo", "Prefer", "Remove", "Resume", "Setup"]
