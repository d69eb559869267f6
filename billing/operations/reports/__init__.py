"""Reports of transactions: asking for one, making it, making those of closed periods, and letting old ones go."""

from billing.operations.reports.asking import Wish, cancel_report, delete_report, request_report, retry_report
from billing.operations.reports.making import make_report, make_waiting
from billing.operations.reports.periods import open_automatic
from billing.operations.reports.storing import opened, remove_old

__all__ = [
    "Wish",
    "cancel_report",
    "delete_report",
    "make_report",
    "make_waiting",
    "open_automatic",
    "opened",
    "remove_old",
    "request_report",
    "retry_report",
]
