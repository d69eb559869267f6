"""What calls may still cost: a customer's limits, the ITSP's policy, and what was spent by the daily sums.

The sums are the ledger trigger's own, so that a limit is exact as soon as a call is booked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import Q, Sum

from billing.models import LineLimit, SpendLimits, SpendPolicy, Xdr, XdrDay
from billing.periods import midnight
from billing.queries.accounts import money_words
from billing.queries.spending import USE, Span
from billing.rating.spending import USUAL_DAYS, Policy, usual_limit
from centrex.models import Line
from selfcare.models import Customer

ZERO = Decimal(0)


class Source(StrEnum):
    """Who says how high a limit is."""

    OWN = "own"
    RAISED = "raised"
    USUAL = "usual"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Limit:
    """An amount that calls may cost, and who says so."""

    amount: Decimal
    source: Source


@dataclass(frozen=True, slots=True)
class Spending:
    """What a customer's calls have cost today and in this billing period, and what they may; None without a limit.

    `most_a_day` and `most_a_period` are what the owner may choose.
    """

    customer: Customer
    kept: SpendLimits
    today: date
    period: Span
    spent_today: Decimal
    spent_in_period: Decimal
    day: Limit | None
    in_period: Limit | None
    usual: Decimal | None
    most_a_day: Decimal | None
    most_a_period: Decimal | None

    @property
    def left(self) -> Decimal | None:
        """What calls may cost yet; None without a limit, below 0 when a call cost more than was left."""
        pairs = ((self.day, self.spent_today), (self.in_period, self.spent_in_period))
        return min((limit.amount - spent for limit, spent in pairs if limit is not None), default=None)


@dataclass(frozen=True, slots=True)
class LineSpending:
    """What a phone line's calls have cost today, and what they may."""

    kept: LineLimit
    spent_today: Decimal

    @property
    def left(self) -> Decimal:
        return self.kept.daily_limit - self.spent_today


def spending_of(customer: Customer, *, now: datetime) -> Spending:
    """The limits and the spending of one customer."""
    return spendings_of([customer], now=now)[customer.pk]


def spendings_of(customers: Sequence[Customer], *, now: datetime) -> dict[int, Spending]:
    """The same for many, in three queries."""
    kept = {row.customer_id: row for row in SpendLimits.objects.filter(customer__in=customers)}
    policies, days = policies_by_class(), _days(customers, now=now)
    return {
        customer.pk: _spending(
            customer,
            kept.get(customer.pk) or SpendLimits(customer=customer),
            policies.get(customer.customer_class_id) or policies.get(None) or Policy(),
            days[customer.pk],
            now,
        )
        for customer in customers
    }


def policies_by_class() -> dict[int | None, Policy]:
    """The ITSP's policies by customer class; None: all other customers."""
    return {
        row.customer_class_id: Policy(row.is_limited, row.least, row.times, row.most_times)
        for row in SpendPolicy.objects.all()
    }


def available_for_calls(customer: Customer, line: Line | None, *, now: datetime) -> Decimal:
    """What calls of the customer, over `line` where one is given, may cost now: the money, and what limits leave of it.

    Calls for help are never asked about money.
    """
    parts = [money_words(customer).available, spending_of(customer, now=now).left]
    if line is not None:
        parts += [each.left for each in lines_spending([customer], now=now) if each.kept.line_id == line.pk]
    return max(min(part for part in parts if part is not None), ZERO)


def left_of_office(office: Customer, *, now: datetime) -> tuple[dict[int, Decimal], dict[int, Decimal]]:
    """What the limits leave to each customer of a main office and its branches, and to each line with one, by id."""
    customers = list(Customer.objects.office_of(office))
    found = spendings_of(customers, now=now)
    of_customers = {pk: each.left for pk, each in found.items() if each.left is not None}
    return of_customers, {each.kept.line_id: each.left for each in lines_spending(customers, now=now)}


def lines_spending(customers: Sequence[Customer], *, now: datetime) -> list[LineSpending]:
    """The lines of these customers that have a limit of their own, with what each spent today, in two queries.

    Today's rows of a customer lie together in an index that has the line and the amount.
    """
    kept = list(LineLimit.objects.filter(customer__in=customers).select_related("line__extension", "customer"))
    spent = _spent_by_line({row.customer_id: row.customer for row in kept}, [row.line_id for row in kept], now)
    return [LineSpending(row, spent.get(row.line_id, ZERO)) for row in kept]


def _spent_by_line(customers: Mapping[int, Customer], lines: list[int], now: datetime) -> dict[int, Decimal]:
    if not lines:
        return {}
    today = Q()
    for pk, customer in customers.items():
        day = now.astimezone(customer.zone).date()
        today |= Q(customer=pk, started_at__gte=midnight(day, zone=customer.zone))
    end = now + timedelta(days=1)
    rows = Xdr.objects.filter(today, started_at__lt=end, line__in=lines, service__in=USE, failed=False)
    return dict(rows.order_by().values_list("line_id").annotate(Sum("amount")))


def _days(customers: Iterable[Customer], *, now: datetime) -> defaultdict[int, dict[date, Decimal]]:
    """What each customer's calls, messages and data cost on each day that a limit can be about."""
    first = now.date() - timedelta(days=USUAL_DAYS + 2)
    rows: Any = XdrDay.objects.filter(customer__in=[*customers], day__gte=first, service__in=USE)
    found: defaultdict[int, dict[date, Decimal]] = defaultdict(dict)
    for customer, day, amount in rows.values_list("customer_id", "day").annotate(Sum("amount")):
        found[customer][day] = amount
    return found


def _spending(
    customer: Customer, kept: SpendLimits, policy: Policy, days: Mapping[date, Decimal], now: datetime
) -> Spending:
    today, period = now.astimezone(customer.zone).date(), Span.of(customer, now=now)
    usual = None
    if policy.is_limited and kept.automatic:
        last = (days.get(today - timedelta(days=back), ZERO) for back in range(1, USUAL_DAYS + 1))
        usual = usual_limit(policy, spent=sum(last, ZERO), currency=customer.currency)
    most = kept.most_a_day if kept.most_a_day is not None or usual is None else usual * policy.most_times
    return Spending(
        customer=customer,
        kept=kept,
        today=today,
        period=period,
        spent_today=days.get(today, ZERO),
        spent_in_period=sum((amount for day, amount in days.items() if period.first <= day < period.end), ZERO),
        day=_day_limit(kept, usual, today),
        in_period=_at_most(_own(kept.period_limit), kept.most_a_period),
        usual=usual,
        most_a_day=most,
        most_a_period=kept.most_a_period,
    )


def _day_limit(kept: SpendLimits, usual: Decimal | None, today: date) -> Limit | None:
    """Today's limit: what it was raised to, else the customer's own, else the usual one; staff's holds in any case."""
    found = _own(kept.daily_limit) or (Limit(usual, Source.USUAL) if usual is not None else None)
    if kept.raised_on == today and kept.raised_to is not None and found is not None:
        found = max(found, Limit(kept.raised_to, Source.RAISED), key=lambda limit: limit.amount)
    return _at_most(found, kept.most_a_day)


def _own(amount: Decimal | None) -> Limit | None:
    return Limit(amount, Source.OWN) if amount is not None else None


def _at_most(limit: Limit | None, most: Decimal | None) -> Limit | None:
    """The limit, or that of staff where it is lower."""
    if most is None or (limit is not None and limit.amount <= most):
        return limit
    return Limit(most, Source.STAFF)
