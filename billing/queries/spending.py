"""What a customer spends: by day and service, by destination, by hour of the week.

Only sums that the ledger's trigger keeps are read, so that a year costs the same whether it has a thousand calls or
millions. Destinations are kept by calendar month, all else by day, in the customer's time zone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F, Min, Q, QuerySet, Sum

from billing.forecast import WEEKS, Forecast, forecast
from billing.models import CallPlace, Service, XdrDay
from billing.periods import Period, last_moment, month_after
from billing.queries.calendars import calendar_of, period_of
from selfcare.models import Customer

# Charges: without payments, refunds, credits and tax.
CHARGES = (Service.CALLS, Service.MESSAGES, Service.DATA, Service.SUBSCRIPTIONS, Service.DID_CHARGES)
USE = (Service.CALLS, Service.MESSAGES, Service.DATA)
WEEK = 7
ZERO = Decimal(0)
Days = Mapping[date, Mapping[int, Decimal]]


@dataclass(frozen=True, slots=True)
class Span:
    """The days from `first` to the one before `end`, in the customer's time zone."""

    first: date
    end: date

    @classmethod
    def of(cls, customer: Customer, *, now: datetime) -> Span:
        """The customer's billing period that holds the moment."""
        return cls.between(period_of(customer, now), customer)

    @classmethod
    def before_now(cls, customer: Customer, *, now: datetime) -> Span:
        """The customer's billing period before that one."""
        return cls.of(customer, now=last_moment(period_of(customer, now).start))

    @classmethod
    def of_month(cls, customer: Customer, *, now: datetime) -> Span:
        """The month around the moment: the billing period, where that is a month."""
        return cls.between(calendar_of(customer).month_with(now), customer)

    @classmethod
    def between(cls, period: Period, customer: Customer) -> Span:
        """The days of a period."""
        return cls(period.start.astimezone(customer.zone).date(), period.end.astimezone(customer.zone).date())

    @property
    def last(self) -> date:
        return self.end - timedelta(days=1)

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range((self.end - self.first).days)]

    @property
    def whole_months(self) -> Span:
        """The calendar months that these days touch."""
        return Span(self.first.replace(day=1), month_after(self.last.replace(day=1)))

    def before(self, months: int) -> Span:
        """The same days of so many months before."""
        return Span(month_after(self.first, months=-months), month_after(self.end, months=-months))


@dataclass(frozen=True, slots=True)
class PlaceTotal:
    """The calls to one destination; `seconds` as charged."""

    destination: str
    country: str
    calls: int
    seconds: Decimal
    amount: Decimal


def spend_by_day(customer: Customer | None, *, first: date, end: date) -> dict[date, dict[int, Decimal]]:
    """What was charged on each day of [first, end), by service id; days and services without a charge are left out."""
    days: dict[date, dict[int, Decimal]] = {}
    for day, service, amount in _sums(customer, first, end, CHARGES):
        days.setdefault(day, {})[service] = amount
    return days


def in_span(days: Days, span: Span, *, services: tuple[int, ...] = CHARGES) -> Decimal:
    """What these services cost in the span."""
    return sum((day_total(days, day, services=services) for day in days if span.first <= day < span.end), ZERO)


def day_total(days: Days, day: date, *, services: tuple[int, ...] = CHARGES) -> Decimal:
    return sum((amount for service, amount in days.get(day, {}).items() if service in services), ZERO)


def top_destinations(customer: Customer | None, *, first: date, end: date, limit: int) -> list[PlaceTotal]:
    """The destinations that cost most in the calendar months of [first, end), dearest first; equal ones by name."""
    places: QuerySet[CallPlace] = CallPlace.for_customer(customer).filter(month__gte=first, month__lt=end)
    sums: QuerySet[Any, Any] = places.values_list("destination", "country").annotate(
        Sum("calls"), Sum("charged_quantity"), total=Sum("amount")
    )
    return [PlaceTotal(*row) for row in sums.order_by(F("total").desc(), "destination", "country")[:limit]]


def busiest_hours(customer: Customer | None, *, first: date, end: date) -> list[list[int]]:
    """Successful calls by weekday (Monday first) and hour of their beginning, on the days of [first, end)."""
    grid = [[0] * XdrDay.HOURS for _weekday in range(WEEK)]
    days = XdrDay.for_customer(customer).filter(day__gte=first, day__lt=end, service=Service.CALLS, failed=False)
    for day, hours in days.values_list("day", "hours"):
        grid[day.weekday()] = [sum(both) for both in zip(grid[day.weekday()], hours, strict=True)]
    return grid


def first_use(customer: Customer | None) -> date | None:
    """The first day on which the customer used a telephone."""
    days: QuerySet[XdrDay] = XdrDay.for_customer(customer).filter(service__in=USE)
    found: date | None = days.aggregate(first=Min("day"))["first"]
    return found


def days_needed(spans: Iterable[Span], *, today: date) -> Span:
    """The days that charts of these spans and the forecast look at."""
    shown = [*spans]
    first = min(today - timedelta(weeks=WEEKS), *(span.first for span in shown))
    return Span(first, max(span.end for span in shown))


def forecast_of(days: Days, current: Span, *, today: date, known_since: date | None) -> Forecast | None:
    """What the current period may come to, from days that reach back eight weeks; None for too little use."""
    return forecast(
        spent=in_span(days, current),
        usage={day: day_total(days, day, services=USE) for day in days},
        known_since=known_since,
        today=today,
        end=current.end,
    )


def _sums(customer: Customer | None, first: date, end: date, services: tuple[int, ...]) -> Any:
    days = XdrDay.for_customer(customer).filter(Q(day__gte=first, day__lt=end), service__in=services)
    return days.values_list("day", "service_id").annotate(total=Sum("amount")).exclude(total=0).order_by("day")
