"""What auto-pay is doing."""

from __future__ import annotations

from billing.models import Invoice


def at_work(invoice: Invoice) -> bool:
    """Whether auto-pay has begun to charge this invoice and has no answer yet."""
    return False
