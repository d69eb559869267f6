"""Calls into the ledger: who called whom over which line, what it costs, and what cannot be priced."""

from billing.operations.calls.booking import Booked, CallsOf, book_calls, book_groups, reject_call, tariff_of
from billing.operations.calls.rows import SERVICES

__all__ = ["SERVICES", "Booked", "CallsOf", "book_calls", "book_groups", "reject_call", "tariff_of"]
