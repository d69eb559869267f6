"""Automatic payments: wished by the customer, found by the clock, charged once, tried again by a calendar.

`finding` writes down what is due, `trying` charges it one step at a time, `judging` says what the answer means.
"""

from billing.operations.autopay.confirming import confirm_charge, look_again
from billing.operations.autopay.expiry import tell_of_expiring
from billing.operations.autopay.finding import find_crossings, find_due, find_invoices
from billing.operations.autopay.links import link_to_confirm, payment_of_link
from billing.operations.autopay.trying import try_due
from billing.operations.autopay.wishes import change_auto_pay, resume_auto_pay, resume_replaced
from billing.queries.auto_pay import is_at_work

__all__ = [
    "change_auto_pay",
    "confirm_charge",
    "find_crossings",
    "find_due",
    "find_invoices",
    "is_at_work",
    "link_to_confirm",
    "look_again",
    "payment_of_link",
    "resume_auto_pay",
    "resume_replaced",
    "tell_of_expiring",
    "try_due",
]
