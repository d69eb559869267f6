"""Calls that carry their price into the ledger, whole batches at once: staged, judged and booked by SQL."""

from billing.operations.priced_calls.booking import book_priced

__all__ = ["book_priced"]
