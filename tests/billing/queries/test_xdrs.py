"""Totals from the roll-up equal the rows; pages hold every row once, in every order, both ways."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import chain
from random import Random
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.db.models import Count, Sum
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.models import Xdr, XdrDay
from billing.operations.ledger import LedgerRow, post_rows
from billing.queries import xdrs
from billing.queries.keyset import SORTS, Cursor, Sort, page_of
from billing.queries.xdrs import (
    Wanted,
    recent_calls,
    rows_of_day,
    service_totals,
    transactions,
    transactions_page,
)
from centrex.models import CallRecording
from tests.factories import CustomerFactory, LineFactory
from tests.ledger import empty_ledger

NOW = datetime(2026, 11, 15, 12, tzinfo=UTC)
START, END = NOW - timedelta(days=60), NOW + timedelta(days=1)
pytestmark = pytest.mark.django_db


def fill(customer, count, *, lines=(None,), seed=1, spread=timedelta(days=45), **more):
    random = Random(seed)
    rows = [
        LedgerRow(
            customer_id=customer.pk,
            service_id=random.choice([1, 1, 1, 2, 6]),
            line_id=random.choice(lines) and random.choice([line for line in lines if line]).pk,
            started_at=NOW - timedelta(seconds=random.randrange(int(spread.total_seconds()))),
            amount=Decimal(random.randrange(-5, 6)) / 100_000,
            charged_quantity=Decimal(random.randrange(3)),
            failed=random.random() < 0.2,
            cld=random.choice(["", "49", "33", "Ä"]),
            cli=random.choice(["100", "101"]),
            external_id=f"test:{customer.pk}-{seed}-{n}",
            **more,
        )
        for n in range(count)
    ]
    post_rows(rows, now=NOW)


def plain(totals):
    return {total.service.pk: (total.transactions, total.charged_quantity, total.amount) for total in totals}


def raw(customer, wanted):
    rows = transactions(customer, wanted).order_by()
    sums = rows.values_list("service").annotate(Count("id"), Sum("charged_quantity"), Sum("amount"))
    return {service: tuple(values) for service, *values in sums}


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Kathmandu", "Pacific/Apia", "UTC"])
@pytest.mark.parametrize("failed", [True, False])
def test_the_summary_equals_the_rows_for_any_range(zone, failed):
    customer = CustomerFactory(time_zone=zone)
    fill(customer, 400)
    fill(CustomerFactory(), 20)
    random = Random(7)
    for _ in range(25):
        start = NOW - timedelta(seconds=random.randrange(50 * 86_400))
        end = start + timedelta(seconds=random.choice([1, 3_600, 86_400, random.randrange(40 * 86_400)]))
        wanted = Wanted(start=start, end=end, failed=failed)
        assert plain(service_totals(customer, wanted)) == raw(customer, wanted)


def test_whole_days_are_read_from_the_roll_up_alone(easycall):
    fill(easycall, 50)
    midnight = datetime(2026, 10, 10, tzinfo=ZoneInfo(easycall.time_zone))
    with CaptureQueriesContext(connection) as queries:
        service_totals(easycall, Wanted(start=midnight, end=midnight + timedelta(days=20)))
    assert "billing_xdrday" in queries[0]["sql"]
    assert all('"billing_xdr"' not in query["sql"] for query in queries)


def test_summary_of_a_line_and_of_the_customer_alone(easycall):
    lines = LineFactory.create_batch(2, customer=easycall)
    fill(easycall, 200, lines=(None, *lines))
    for choice in ({"line": lines[0]}, {"customer_only": True}, {"service_id": 2}, {"line": lines[1], "service_id": 1}):
        wanted = Wanted(start=START, end=END, **choice)
        found = plain(service_totals(easycall, wanted))
        assert found
        assert found == raw(easycall, wanted)


def test_nobody_has_no_transactions(easycall):
    fill(easycall, 5)
    wanted = Wanted(start=START, end=END)
    assert service_totals(None, wanted) == []
    assert not transactions(None, wanted).exists()


@pytest.mark.parametrize("column", sorted(SORTS))
@pytest.mark.parametrize("sign", ["", "-"])
def test_pages_forth_and_back_hold_every_row_once(easycall, column, sign):
    lines = LineFactory.create_batch(2, customer=easycall)
    fill(easycall, 83, lines=(None, *lines), spread=timedelta(seconds=20))
    wanted = Wanted(start=START, end=END, failed=True)

    def page(cursor):
        return transactions_page(easycall, wanted, sort=sign + column, cursor=cursor, size=10, total=83)

    first = found = page("")
    forth, starts = [[row.pk for row in found.rows]], [found.start]
    while found.next:
        found = page(found.next)
        forth.append([row.pk for row in found.rows])
        starts.append(found.start)
    assert starts == [1, 11, 21, 31, 41, 51, 61, 71, 81]
    keys = [SORTS[column].desc() if sign else SORTS[column].asc()]
    tail = [f"{sign}started_at", f"{sign}id"]
    assert [*chain(*forth)] == list(transactions(easycall, wanted).order_by(*keys, *tail).values_list("pk", flat=True))
    found = last = page(first.last)
    assert [row.pk for row in last.rows] == forth[-1]
    assert (last.start, last.next, last.last) == (81, None, None)
    back = [[row.pk for row in found.rows]]
    while found.previous:
        found = page(found.previous)
        back.insert(0, [row.pk for row in found.rows])
    assert back == forth
    assert (found.first, found.start) == (True, 1)


@pytest.mark.parametrize(
    "cursor", ["x", "W10", "WzFd", "é", "A" * 5000, "bnVsbA", str(Cursor("after", 1, "NaN", NOW, 1))]
)
@pytest.mark.parametrize("sort", ["amount", "-started_at", "nonsense"])
def test_a_nonsense_cursor_is_the_first_page_or_an_empty_one(easycall, cursor, sort):
    fill(easycall, 3)
    page = transactions_page(
        easycall, Wanted(start=START, end=END, failed=True), sort=sort, cursor=cursor, size=2, total=3
    )
    assert page.start == 1


def test_a_cursor_never_leaves_the_range(easycall):
    fill(easycall, 30)
    wanted = Wanted(start=NOW - timedelta(days=5), end=NOW, failed=True)
    outside = str(Cursor("after", 1, "", NOW + timedelta(days=300), 2**60))
    page = transactions_page(easycall, wanted, sort="-started_at", cursor=outside, size=100, total=30)
    assert all(wanted.start <= row.started_at < wanted.end for row in page.rows)


def test_a_deep_page_neither_counts_nor_skips(easycall):
    fill(easycall, 60)
    wanted = Wanted(start=START, end=END, failed=True)
    first = transactions_page(easycall, wanted, sort="", cursor="", size=10, total=60)
    with CaptureQueriesContext(connection) as queries:
        transactions_page(easycall, wanted, sort="", cursor=first.next, size=10, total=60)
    sql = queries[0]["sql"].upper()
    assert len(queries) == 1
    assert "OFFSET" not in sql
    assert "COUNT(" not in sql
    assert sql.count('"STARTED_AT" <') == 1, "the cursor takes the place of the range's end"


def test_too_many_rows_are_in_order_of_date_only(easycall, monkeypatch):
    fill(easycall, 20)
    monkeypatch.setattr(xdrs, "MOST_TO_SORT", 19)
    wanted = Wanted(start=START, end=END, failed=True)
    page = transactions_page(easycall, wanted, sort="amount", cursor="", size=50, total=20)
    dates = [row.started_at for row in page.rows]
    assert dates == sorted(dates, reverse=True)


def test_sort_reads_columns_only():
    assert Sort.of("-amount") == Sort("amount", descending=True)
    assert Sort.of("customer__email") == Sort("started_at", descending=True)


def test_recent_calls_bring_their_recording(easycall, alice, lotus, django_assert_num_queries):
    for n in range(7):
        post_rows(
            [
                LedgerRow(
                    customer_id=easycall.pk,
                    service_id=1 if n else 6,
                    started_at=NOW - timedelta(hours=n),
                    amount=Decimal(0),
                    external_id=f"test:{n}",
                    call_id=f"call-{n}",
                )
            ],
            now=NOW,
        )
    heard = {"started_at": NOW, "file": "a.wav", "status": "ready"}
    mine = CallRecording.objects.create(customer=easycall, call_id="call-1", **heard)
    CallRecording.objects.create(customer=lotus, call_id="call-2", **heard)
    CallRecording.objects.create(customer=easycall, call_id="call-3", **heard | {"status": "converting"})
    with django_assert_num_queries(2):
        calls = recent_calls(easycall, user=alice, limit=5, now=NOW)
    assert [call.call_id for call in calls] == [f"call-{n}" for n in range(1, 6)]
    assert [call.recording for call in calls] == [mine, None, None, None, None]


batches = st.lists(
    st.lists(
        st.tuples(
            st.integers(0, 25),
            st.integers(0, 1),
            st.sampled_from([1, 2, 6]),
            st.integers(0, 70 * 24),
            st.integers(-(10**6), 10**6),
            st.booleans(),
        ),
        max_size=15,
    ),
    max_size=6,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=batches)
def test_after_any_batches_with_duplicates_roll_up_and_rows_are_equal(easycall, lotus, batches):
    """Amounts, counts and days agree exactly, whatever comes twice and in whatever order."""
    empty_ledger()
    expected: dict[str, tuple] = {}
    for batch in batches:
        rows = [
            LedgerRow(
                customer_id=(easycall, lotus)[who].pk,
                service_id=service,
                started_at=NOW - timedelta(hours=hours),
                amount=Decimal(units) / 100_000,
                failed=failed,
                external_id=f"test:{number}",
            )
            for number, who, service, hours, units, failed in batch
        ]
        post_rows(rows, now=NOW)
        for row in rows:
            expected.setdefault(row.external_id, (row.customer_id, row.amount))
    assert Xdr.objects.count() == len(expected)
    for customer in (easycall, lotus):
        totals = XdrDay.objects.for_customer(customer).aggregate(n=Sum("transactions"), amount=Sum("amount"))
        mine = [amount for pk, amount in expected.values() if pk == customer.pk]
        assert (totals["n"] or 0, totals["amount"] or 0) == (len(mine), sum(mine))
    assert set(expected) == set(Xdr.objects.values_list("external_id", flat=True))


@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize("size", [1, 7, 25])
def test_pages_hold_every_row_once_when_nobody_has_counted(easycall, descending, size):
    fill(easycall, 60, spread=timedelta(hours=1))  # many at the same second
    rows = Xdr.for_customer(easycall)
    order = Sort("started_at", descending)
    expected = list(rows.order_by(*(["-started_at", "-id"] if descending else ["started_at", "id"])))

    def page(cursor):
        read = Cursor.read(cursor, order) if cursor else None
        return page_of(rows, start=START, end=END, sort=order, cursor=read, size=size, total=None)

    pages = [page(None)]
    while pages[-1].next:
        assert pages[-1].total is None
        assert pages[-1].last is None
        pages.append(page(pages[-1].next))
    assert list(chain.from_iterable(each.rows for each in pages)) == expected
    assert [each.start for each in pages] == list(range(1, 61, size))
    assert pages[-1].total == 60
    back = [pages[-1]]
    while back[-1].previous:
        back.append(page(back[-1].previous))
    assert [each.rows for each in reversed(back)] == [each.rows for each in pages]
    assert [each.start for each in reversed(back)] == [each.start for each in pages]
    assert page(str(Cursor("last"))).rows == pages[0].rows  # nobody knows where the last page begins


def test_rows_of_a_day(easycall, lotus):
    fill(lotus, 5)
    fill(easycall, 40, spread=timedelta(days=3))
    day = NOW.date() - timedelta(days=1)
    expected = {row.pk for row in Xdr.for_customer(easycall) if row.started_at.astimezone(UTC).date() == day}
    assert expected
    assert set(rows_of_day(easycall, f"{day}").values_list("pk", flat=True)) == expected
    for odd in ("", "x", "2026-02-30", "9999-12-31", "20261114x"):
        assert not rows_of_day(easycall, odd).exists()
