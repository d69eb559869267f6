"""Transactions: the customer sees what was charged in a time, by service, and each row with the reason of its price."""

from billing.pages.transactions.details import Details
from billing.pages.transactions.row import Row
from billing.pages.transactions.summary import Summary

__all__ = ["Details", "Row", "Summary"]
