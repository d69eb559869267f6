"""Transactions: the customer sees what was charged in a time, by service, and each row with the reason of its price."""

from billing.pages.transactions.views import Details, Row, Summary

__all__ = ["Details", "Row", "Summary"]
