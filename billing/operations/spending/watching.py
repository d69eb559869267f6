"""Looks whether limits are nearly used up and money is low, for all customers at once or for one after a booking.

What is told is decided by unique keys and by a lock, so that it may run as often and as parallel as it likes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import DecimalField, F, QuerySet, Value
from django.db.models.functions import Coalesce

from billing.models import SpendLimits, SpendNotice, XdrDay
from billing.operations.spending.telling import tell
from billing.queries.spend_limits import Limit, LineSpending, Source, Spending, lines_spending, spendings_of
from billing.queries.spending import USE
from billing.rating.spending import is_clearly_more, is_low, percent_reached
from selfcare.models import Customer

AT_ONCE = 500
Kind = SpendNotice.Kind


def watch(*, now: datetime, customers: Sequence[Customer] | None = None) -> int:
    """Tell these customers, or all, what they want to know of their money; returns how many notices went out."""
    told = 0
    for some in _in_parts(customers if customers is not None else spending_today(now=now)):
        told += sum(_limits(each, now) for each in spendings_of(some, now=now).values())
        told += sum(_line(each, now) for each in lines_spending(some, now=now))
    return told + watch_funds(now=now, customers=customers)


def spending_today(*, now: datetime) -> list[Customer]:
    """The customers whose calls cost something on the day that it is anywhere."""
    today = now.date()
    days = [today + timedelta(days=step) for step in (-1, 0, 1)]
    spent = XdrDay.objects.filter(day__in=days, service__in=USE, amount__gt=0)
    active = Customer.objects.exclude(status=Customer.Status.CLOSED)
    return list(active.filter(pk__in=spent.values("customer_id")).order_by("pk"))


def watch_funds(*, now: datetime, customers: Sequence[Customer] | None = None) -> int:
    """Tell of money that has just become low, once until there is clearly more again."""
    rows = _with_funds()
    if customers is not None:
        rows = rows.filter(customer__in=customers)
    told = 0
    for row in rows:
        if row.low_since is None and is_low(row.available, row.low_funds):
            told += _tell_of_low(row.pk, now)
        elif row.low_since is not None and is_clearly_more(row.available, row.low_funds):
            SpendLimits.objects.filter(pk=row.pk, low_since=row.low_since).update(low_since=None)
    return told


@transaction.atomic
def _tell_of_low(pk: int, now: datetime) -> bool:
    """Under the row's lock, so that of two who find it out only one tells."""
    row = _with_funds().select_for_update(of=("self",), no_key=True).filter(pk=pk, low_since=None).first()
    if row is None or not is_low(row.available, row.low_funds):
        return False
    row.low_since = now
    row.save(update_fields=["low_since"])
    return tell(
        customer=row.customer,
        kind=Kind.LOW_FUNDS,
        window=now.isoformat(),
        amount=row.available,
        threshold=row.low_funds,
        now=now,
    )


def _with_funds() -> QuerySet[Any]:
    """Who wants to be told of low money, with what is `available`."""
    balance = Coalesce("customer__account__balance", Value(Decimal(0)), output_field=DecimalField())
    rows: Any = SpendLimits.objects.exclude(customer__status=Customer.Status.CLOSED)
    rows = rows.filter(low_funds__isnull=False)
    with_funds: QuerySet[Any] = rows.annotate(available=F("customer__credit_limit") - balance)
    return with_funds.select_related("customer").order_by("pk")


def _limits(spending: Spending, now: datetime) -> int:
    told = 0
    for kind, window, limit, spent in (
        (Kind.DAY_LIMIT, spending.today, spending.day, spending.spent_today),
        (Kind.PERIOD_LIMIT, spending.period.first, spending.in_period, spending.spent_in_period),
    ):
        percent = percent_reached(spent, limit.amount) if limit is not None else None
        if limit is not None and percent is not None:
            told += tell(
                customer=spending.customer,
                kind=kind,
                window=f"{window}:{_name_of(limit)}:{percent}",
                amount=spent,
                threshold=limit.amount,
                percent=percent,
                now=now,
            )
    over = spending.kept.day_over
    if over is not None and spending.spent_today > over:
        told += tell(
            customer=spending.customer,
            kind=Kind.DAY_OVER,
            window=f"{spending.today}",
            amount=spending.spent_today,
            threshold=over,
            now=now,
        )
    return told


def _name_of(limit: Limit) -> str:
    """A limit that somebody changes is told of anew; the usual one changes by itself when late calls come in."""
    return Source.USUAL.value if limit.source == Source.USUAL else f"{limit.amount.normalize():f}"


def _line(spending: LineSpending, now: datetime) -> bool:
    row = spending.kept
    percent = percent_reached(spending.spent_today, row.daily_limit)
    if percent is None:
        return False
    today = now.astimezone(row.customer.zone).date()
    return tell(
        customer=row.customer,
        kind=Kind.LINE_LIMIT,
        window=f"{row.line_id}:{today}:{row.daily_limit.normalize():f}:{percent}",
        amount=spending.spent_today,
        threshold=row.daily_limit,
        percent=percent,
        line=row.line,
        now=now,
    )


def _in_parts(customers: Sequence[Customer]) -> Iterator[Sequence[Customer]]:
    return (customers[start : start + AT_ONCE] for start in range(0, len(customers), AT_ONCE))
