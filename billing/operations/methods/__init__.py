"""Stored ways to pay: set up on the provider's page, kept once, preferred, removed here at once and there later."""

from billing.operations.methods.keeping import keep_method, set_preferred
from billing.operations.methods.pages import open_method_page
from billing.operations.methods.removing import detach_removed, remove_method
from billing.operations.methods.setups import apply_setup, check_setup, settle_setups
from billing.operations.methods.watching import refresh_method

__all__ = [
    "apply_setup",
    "check_setup",
    "detach_removed",
    "keep_method",
    "open_method_page",
    "refresh_method",
    "remove_method",
    "set_preferred",
    "settle_setups",
]
