"""The Transaction Detail Record: what a row of the ledger is in a file, the same in each download and report."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, IntegerField, TextField, Value
from django.db.models.functions import Cast, TruncSecond


def record_columns(zone: ZoneInfo, currency: str, text: Callable[[str], Any]) -> dict[str, Any]:
    """Stable heads and what is under them; `text` makes a column of text safe.

    Times are local in `zone`, which has a column of its own; amounts have 5 decimals, numbers are E.164 without plus.
    """
    return {
        "xdr_id": F("id"),
        "service": text("service__name"),
        "account_id": text("line__account_id"),
        "cli": text("cli"),
        "cld": text("cld"),
        "country": text("country"),
        "area": text("destination"),
        "description": text("description"),
        "connect_time": TruncSecond("started_at", tzinfo=zone),
        "disconnect_time": TruncSecond("ended_at", tzinfo=zone),
        "timezone": Value(str(zone), output_field=TextField()),
        "charged_quantity": F("charged_quantity"),
        "unit": text("service__unit"),
        "charged_amount": F("amount"),
        "currency": Value(currency, output_field=TextField()),
        "discount_amount": F("discount"),
        "tax_amount": F("tax"),
        "disconnect_cause": text("cause"),
        "failed": Cast("failed", IntegerField()),
        "call_id": text("call_id"),
    }
