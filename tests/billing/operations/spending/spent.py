"""Calls that cost something, for the tests of limits."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count

from billing.models import Service
from billing.operations.ledger import LedgerRow, post_rows

NOW = datetime(2026, 11, 18, 17, tzinfo=UTC)  # noon in New York
TODAY = NOW - timedelta(hours=1)
NUMBERS = count()


def spend(customer, amount, *, at=TODAY, line=None, service=Service.CALLS) -> None:
    """Book a call of so much."""
    row = LedgerRow(
        customer_id=customer.pk,
        line_id=line.pk if line else None,
        service_id=service,
        started_at=at,
        amount=Decimal(amount),
        external_id=f"spent:{next(NUMBERS)}",
    )
    post_rows([row], now=NOW)
