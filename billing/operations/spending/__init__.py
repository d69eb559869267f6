"""Spending limits and the notices about them: set by the owner, watched by the clock and after each booking."""

from billing.operations.spending.calls import tell_of_calls
from billing.operations.spending.limits import Wanted, raise_for_today, save_limits
from billing.operations.spending.lines import remove_line_limit, save_line_limit
from billing.operations.spending.watching import watch

__all__ = [
    "Wanted",
    "raise_for_today",
    "remove_line_limit",
    "save_limits",
    "save_line_limit",
    "tell_of_calls",
    "watch",
]
