"""Payments: written down first, asked of the provider, booked once. See `states` for the whole course of one."""

from billing.operations.payments.begin import begin_payment, quote
from billing.operations.payments.charging import cancel_payment, charge_stored, confirm_on_session
from billing.operations.payments.checks import ask_again, check_payment, settle_due
from billing.operations.payments.elements import open_element
from billing.operations.payments.manual import record_payment
from billing.operations.payments.orphans import cancel_orphans
from billing.operations.payments.sessions import open_session, wait_for_session
from billing.operations.payments.settle import apply_provider_state
from billing.operations.payments.states import OPEN

__all__ = [
    "OPEN",
    "apply_provider_state",
    "ask_again",
    "begin_payment",
    "cancel_orphans",
    "cancel_payment",
    "charge_stored",
    "check_payment",
    "confirm_on_session",
    "open_element",
    "open_session",
    "quote",
    "record_payment",
    "settle_due",
    "wait_for_session",
]
