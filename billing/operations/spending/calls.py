"""Notices about single calls, in the transaction that books them: the ledger takes each call once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import phonenumbers

from billing.models import Service, SpendLimits, SpendNotice
from billing.operations.ledger import LedgerRow
from billing.operations.spending.telling import tell
from billing.rating.spending import NIGHT_UNTIL, is_night
from centrex.models import Line
from selfcare.models import Customer

FRESH = timedelta(days=2)  # what an import brings of older times is no news
Kind = SpendNotice.Kind


def fresh(rows: Iterable[LedgerRow], *, now: datetime) -> list[LedgerRow]:
    """The calls among the rows that are recent and cost something."""
    return [row for row in rows if row.service_id == Service.CALLS and row.amount > 0 and row.started_at > now - FRESH]


def tell_of_calls(*, rows: Iterable[LedgerRow], now: datetime) -> int:
    """Tell of calls that are dearer than a customer wants, once an hour, and of those abroad at night, once a night.

    `rows` are as they were booked, of any customers. Returns how many notices went out.
    """
    by_customer: defaultdict[int, list[LedgerRow]] = defaultdict(list)
    for row in rows:
        by_customer[row.customer_id].append(row)
    told = 0
    for kept in SpendLimits.objects.filter(customer__in=by_customer).select_related("customer"):
        told += _tell_customer(kept, by_customer[kept.customer_id], now)
    return told


def _tell_customer(kept: SpendLimits, rows: Sequence[LedgerRow], now: datetime) -> int:
    customer = kept.customer
    dear = [row for row in rows if kept.call_over is not None and row.amount > kept.call_over]
    abroad = [row for row in rows if kept.night_abroad and _is_night_abroad(row, customer)]
    told = 0
    for row in sorted(dear, key=lambda row: -row.amount):
        told += _tell(customer, row, Kind.CALL_OVER, f"{row.started_at:%Y-%m-%dT%H}", now, kept)
    for row in abroad:
        told += _tell(customer, row, Kind.NIGHT_ABROAD, _night_of(row.started_at, customer), now, kept)
    return told


def _tell(customer: Customer, row: LedgerRow, kind: str, window: str, now: datetime, kept: SpendLimits) -> bool:
    return tell(
        customer=customer,
        kind=kind,
        window=window,
        amount=row.amount,
        threshold=kept.call_over if kind == Kind.CALL_OVER else None,
        line=Line.for_customer(customer).filter(pk=row.line_id).first() if row.line_id else None,
        number=row.cld,
        now=now,
    )


def _is_night_abroad(row: LedgerRow, customer: Customer) -> bool:
    return is_night(row.started_at, zone=customer.zone) and is_abroad(row.cld, str(customer.country or ""))


def _night_of(moment: datetime, customer: Customer) -> str:
    """A night by the day on which it began."""
    return f"{(moment.astimezone(customer.zone) - timedelta(hours=NIGHT_UNTIL)).date()}"


def is_abroad(number: str, country: str) -> bool:
    """Whether the number (E.164 digits) is of another country; not so where that cannot be told."""
    try:
        region = phonenumbers.region_code_for_number(phonenumbers.parse(f"+{number}"))
    except phonenumbers.NumberParseException:
        return False
    return bool(region and country) and region != country
