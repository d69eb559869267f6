"""The nightly comparison of providers, payments and ledger: a difference is a row for a person, nothing is mended."""

from billing.operations.reconciliation.acts import clear_difference
from billing.operations.reconciliation.run import compare_payments

__all__ = ["clear_difference", "compare_payments"]
