"""What the charts read equals the rows of the ledger, is bounded, and is the customer's own."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from importlib import import_module
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.models import CallPlace, Service, XdrDay
from billing.operations.ledger import LedgerRow, post_rows
from billing.queries.checks import differences
from billing.queries.spending import (
    PlaceTotal,
    Span,
    busiest_hours,
    day_total,
    days_needed,
    first_use,
    forecast_of,
    in_span,
    spend_by_day,
    top_destinations,
)
from tests.factories import CustomerFactory

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
NOVEMBER = {"first": date(2026, 11, 1), "end": date(2026, 12, 1)}
D = Decimal
pytestmark = pytest.mark.django_db


@pytest.fixture
def new_york(db):
    return CustomerFactory(time_zone="America/New_York", currency="USD")


def book(customer, *rows, **common):
    """Rows as (day and hour in UTC, amount, ...changes)."""
    made = [
        LedgerRow(
            **{
                "customer_id": customer.pk,
                "service_id": Service.CALLS,
                "charged_quantity": D(60),
                "destination": "Germany",
                "country": "DE",
                "started_at": at,
                "amount": D(amount),
                "external_id": f"test:{customer.pk}-{n}-{at:%m%d%H%M}",
            }
            | common
            | dict(*more)
        )
        for n, (at, amount, *more) in enumerate(rows)
    ]
    post_rows(made, now=NOW)


def at(month, day, hour=12, minute=0):
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def test_a_call_counts_where_the_customers_own_clock_was(new_york):
    book(new_york, (at(11, 1, 3, 30), "1.5"))  # still Saturday, 31 October, 23:30
    october = {"first": date(2026, 10, 1), "end": date(2026, 11, 1)}
    assert spend_by_day(new_york, **october) == {date(2026, 10, 31): {Service.CALLS: D("1.5")}}
    assert spend_by_day(new_york, **NOVEMBER) == {}
    assert [one.destination for one in top_destinations(new_york, **october, limit=8)] == ["Germany"]
    assert top_destinations(new_york, **NOVEMBER, limit=8) == []
    grid = busiest_hours(new_york, **october)
    assert grid[5][23] == 1
    assert sum(map(sum, grid)) == 1
    assert busiest_hours(new_york, **NOVEMBER) == [[0] * 24] * 7


def test_the_hour_that_comes_twice_holds_the_calls_of_both(new_york):
    book(new_york, (at(11, 1, 5, 30), "1"), (at(11, 1, 6, 30), "1"))  # 1:30 in summer time, 1:30 in winter time
    assert busiest_hours(new_york, **NOVEMBER)[6][1] == 2


@pytest.mark.parametrize(
    ("change", "spent", "places", "calls"),
    [
        ({}, "2", 1, 1),
        ({"failed": True, "amount": D(0)}, "0", 0, 0),
        ({"destination": "", "country": "", "amount": D(0)}, "0", 0, 1),  # an incoming call
        ({"service_id": Service.MESSAGES}, "2", 0, 0),
        ({"service_id": Service.SUBSCRIPTIONS, "destination": ""}, "2", 0, 0),
        ({"service_id": Service.PAYMENTS, "destination": "", "amount": D(-2)}, "0", 0, 0),
        ({"service_id": Service.CREDITS, "destination": "", "amount": D(-2)}, "0", 0, 0),
        ({"service_id": Service.TAXES, "destination": ""}, "0", 0, 0),
    ],
)
def test_what_counts_where(new_york, change, spent, places, calls):
    book(new_york, (at(11, 5), "2", change))
    assert in_span(spend_by_day(new_york, **NOVEMBER), Span(date(2026, 11, 1), date(2026, 12, 1))) == D(spent)
    assert len(top_destinations(new_york, **NOVEMBER, limit=8)) == places
    assert sum(map(sum, busiest_hours(new_york, **NOVEMBER))) == calls


def test_destinations_are_summed_over_months_dearest_first(new_york):
    book(new_york, (at(11, 5), "1"), (at(10, 5), "2"), (at(11, 6), "0.5"))
    book(new_york, (at(11, 7), "5"), destination="France", country="FR")
    book(new_york, (at(11, 8), "0.2"), destination="Italy", country="IT")
    found = top_destinations(new_york, first=date(2026, 10, 1), end=date(2026, 12, 1), limit=2)
    assert found == [PlaceTotal("France", "FR", 1, D(60), D(5)), PlaceTotal("Germany", "DE", 3, D(180), D("3.5"))]
    assert [one.amount for one in top_destinations(new_york, **NOVEMBER, limit=2)] == [D(5), D("1.5")]


def test_nobody_sees_what_another_spends(new_york):
    book(new_york, (at(11, 5), "1"))
    for other in (CustomerFactory(time_zone="America/New_York"), None):
        assert spend_by_day(other, **NOVEMBER) == {}
        assert top_destinations(other, **NOVEMBER, limit=8) == []
        assert busiest_hours(other, **NOVEMBER) == [[0] * 24] * 7
        assert first_use(other) is None


def booked_at_random(*customers, count=400):
    random = Random(7)
    for batch in range(4):
        rows = [
            LedgerRow(
                customer_id=random.choice(customers).pk,
                service_id=random.choice([1, 1, 1, 2, 4, 6]),
                started_at=NOW - timedelta(minutes=random.randrange(90 * 24 * 60)),
                amount=D(random.randrange(-5, 50)) / 1000,
                charged_quantity=D(random.randrange(300)),
                failed=random.random() < 0.2,
                destination=random.choice(["", "Germany", "France", "Ivory Coast, 'Côte'"]),
                country=random.choice(["", "DE"]),
                external_id=f"random:{batch}-{n}",
            )
            for n in range(count // 4)
        ]
        post_rows(rows, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_the_monthly_sums_are_those_of_the_rows(transactional_db):
    booked_at_random(*(CustomerFactory(time_zone=zone) for zone in ("America/New_York", "Pacific/Kiritimati")))
    assert list(differences()) == []
    assert CallPlace.objects.count() > 10
    assert XdrDay.objects.exclude(hours=None).count() > 10


def test_an_older_ledger_is_counted_when_the_tables_are_made(new_york):
    """What the migration does with rows that were booked before it."""
    booked_at_random(new_york)
    kept = [sorted(model.objects.values_list()) for model in (CallPlace, XdrDay)]
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE billing_callplace; UPDATE billing_xdrday SET hours = NULL")
        cursor.execute(import_module("billing.migrations.0012_summary").FILL.partition(";")[0])
        cursor.execute(import_module("billing.migrations.0022_perf").COUNT_OLD)
    assert [sorted(model.objects.values_list()) for model in (CallPlace, XdrDay)] == kept
    assert all(kept)


def test_only_sums_are_read(new_york):
    book(new_york, (at(11, 5), "1"))
    with CaptureQueriesContext(connection) as queries:
        spend_by_day(new_york, **NOVEMBER)
        top_destinations(new_york, **NOVEMBER, limit=8)
        busiest_hours(new_york, **NOVEMBER)
        first_use(new_york)
    assert len(queries) == 4
    assert not [query["sql"] for query in queries if '"billing_xdr"' in query["sql"]]


@pytest.mark.parametrize(
    ("billing_day", "first", "end", "months"),
    [
        (1, date(2026, 11, 1), date(2026, 12, 1), (date(2026, 11, 1), date(2026, 12, 1))),
        (15, date(2026, 11, 15), date(2026, 12, 15), (date(2026, 11, 1), date(2027, 1, 1))),
        (28, date(2026, 10, 28), date(2026, 11, 28), (date(2026, 10, 1), date(2026, 12, 1))),
    ],
)
def test_the_span_of_a_billing_period(billing_day, first, end, months):
    span = Span.of(CustomerFactory(billing_day=billing_day), now=NOW)
    assert span == Span(first, end)
    assert span.whole_months == Span(*months)
    assert span.before(12) == Span(first.replace(year=2025), end.replace(year=2025))
    assert (span.days[0], span.days[-1]) == (first, span.last)


def test_enough_days_are_read_for_the_forecast_and_for_the_periods():
    current = Span(date(2026, 11, 1), date(2026, 12, 1))
    today = date(2026, 11, 18)
    assert days_needed([current, current.before(1)], today=today) == Span(date(2026, 9, 23), date(2026, 12, 1))
    year = [current.before(n) for n in range(12)]
    assert days_needed([current, *year], today=today) == Span(date(2025, 12, 1), date(2026, 12, 1))


def test_fees_are_not_expected_again(new_york):
    """Two cents a day of calls, and a fee at the beginning of the period."""
    days = [(NOW - timedelta(days=n), "0.02") for n in range(1, 60)]
    book(new_york, *days)
    book(new_york, (at(11, 1), "30"), service_id=Service.SUBSCRIPTIONS, destination="")
    today, current = date(2026, 11, 18), Span(date(2026, 11, 1), date(2026, 12, 1))
    spent = spend_by_day(new_york, first=date(2026, 9, 1), end=current.end)
    found = forecast_of(spent, current, today=today, known_since=first_use(new_york))
    assert found.expected == D(30) + D("0.02") * 30
    assert day_total(spent, date(2026, 11, 1)) == D("30.02")
