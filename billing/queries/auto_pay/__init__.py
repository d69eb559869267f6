"""Automatic payments: what is due, and how much is wanted at this moment."""

from billing.queries.auto_pay.due import (
    BEYOND,
    TO_CONFIRM,
    charges_to_work_on,
    invoices_to_pay,
    is_at_work,
    is_being_charged,
    is_beyond,
    threshold_rows,
    under_way_of,
    usable_methods,
    wishes_auto_pay,
)
from billing.queries.auto_pay.wanted import SLOW, Wanted, cap_left, still_wanted, wanted_now

__all__ = [
    "BEYOND",
    "SLOW",
    "TO_CONFIRM",
    "Wanted",
    "cap_left",
    "charges_to_work_on",
    "invoices_to_pay",
    "is_at_work",
    "is_being_charged",
    "is_beyond",
    "still_wanted",
    "threshold_rows",
    "under_way_of",
    "usable_methods",
    "wanted_now",
    "wishes_auto_pay",
]
