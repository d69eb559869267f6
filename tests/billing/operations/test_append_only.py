"""Nobody changes a row of the ledger, by any table that holds it, and its sums follow a customer's time zone."""

from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from threading import Event, Thread

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.models import CallPlace, Service, XdrDay
from billing.operations.ledger import LedgerRow, make_months, post_rows
from billing.queries.checks import differences
from selfcare.models import Customer
from tests.billing.operations.test_ledger import NOW, row
from tests.factories import CustomerFactory
from tests.ledger import empty_ledger

LATE = datetime(2026, 10, 31, 23, 30, tzinfo=UTC)
ZONES = ["UTC", "America/New_York", "Asia/Kathmandu", "Pacific/Kiritimati"]


def execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["billing_xdr", "billing_xdr_202611", "billing_xdr_202612", "billing_xdr_rest"])
@pytest.mark.parametrize("sql", ["UPDATE {} SET amount = 0", "DELETE FROM {}", "TRUNCATE {}"])
def test_no_table_of_the_ledger_lets_rows_be_changed_or_taken_out(easycall, table, sql):
    make_months(now=NOW)
    post_rows([row(easycall, "test:1")], now=NOW)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        execute(sql.format(table))


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["billing_xdr_202611", "billing_xdr_rest"])
def test_no_row_goes_in_beside_the_sums(easycall, table):
    make_months(now=NOW)
    with pytest.raises(IntegrityError, match="which keeps its sums"), transaction.atomic():
        execute(
            f"INSERT INTO {table} (customer_id, service_id, started_at, amount, external_id)"
            f" SELECT {easycall.pk}, 1, '2026-11-03', 1, 'test:1'"
        )


@pytest.mark.django_db
def test_a_month_that_an_import_makes_is_guarded_as_well(easycall):
    post_rows([row(easycall, "test:1", started_at=datetime(2004, 5, 1, tzinfo=UTC))], now=NOW)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        execute("DELETE FROM billing_xdr_200405")


@pytest.mark.django_db
@pytest.mark.parametrize("sql", ["DELETE FROM billing_xdrkey", "UPDATE billing_xdrkey SET external_id = 'test:2'"])
def test_an_external_id_stays_taken(easycall, sql):
    post_rows([row(easycall, "test:1")], now=NOW)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        execute(sql)


@pytest.mark.django_db
def test_another_time_zone_counts_the_calls_again(easycall, lotus):
    """Half past eleven in the evening in UTC is half past eight of the next day, and month, in Tokyo."""
    Customer.objects.update(time_zone="UTC")
    both = [row(one, f"test:{one.pk}", started_at=LATE, destination="Germany") for one in (easycall, lotus)]
    post_rows(both, now=NOW)
    easycall.refresh_from_db()
    easycall.time_zone = "Asia/Tokyo"
    easycall.save()
    days = dict(XdrDay.objects.values_list("customer_id", "day"))
    assert days == {easycall.pk: date(2026, 11, 1), lotus.pk: date(2026, 10, 31)}
    assert CallPlace.objects.get(customer=easycall).month == date(2026, 11, 1)
    hours = XdrDay.objects.get(customer=easycall).hours
    assert (hours.index(1), sum(hours)) == (8, 1)


@pytest.mark.django_db
def test_saving_a_customer_in_the_same_zone_counts_nothing_again(easycall, django_assert_num_queries):
    post_rows([row(easycall, "test:1")], now=NOW)
    execute("UPDATE billing_xdrday SET transactions = 7")
    easycall.save()
    assert XdrDay.objects.get().transactions == 7


@contextmanager
def function_without(text: str, *, name: str):
    """The function of the database without this part of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef(%s::regproc)", [name])
        whole = cursor.fetchone()[0]
        assert text in whole
        cursor.execute(whole.replace(text, "NULL"))
        try:
            yield
        finally:
            cursor.execute(whole)


def moved_while_booking(customer) -> bool:
    """Book a call, and before that is committed move the customer to Tokyo; whether the move had to wait."""
    post_rows([row(customer, "test:old", started_at=datetime(2026, 9, 3, tzinfo=UTC))], now=NOW)
    moved = Event()

    def move() -> None:
        try:
            Customer.objects.filter(pk=customer.pk).update(time_zone="Asia/Tokyo")
            moved.set()
        finally:
            connection.close()

    mover = Thread(target=move)
    with transaction.atomic():
        post_rows([row(customer, "test:new", started_at=LATE)], now=NOW)
        mover.start()
        waited = not moved.wait(timeout=1)
    mover.join(timeout=60)
    return waited


@pytest.mark.django_db(transaction=True)
def test_a_call_booked_while_the_zone_changes_is_counted_in_one_of_them():
    assert moved_while_booking(CustomerFactory(time_zone="UTC"))
    assert list(differences()) == []


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_it_would_be_counted_in_the_old_one():
    """The negative control: counting again does not see what is not committed yet."""
    lock = "PERFORM pg_advisory_xact_lock(hashtext('billing_zone'))"
    with function_without(lock, name="billing_sum_again"):
        moved_while_booking(CustomerFactory(time_zone="UTC"))
    assert any("2026-10-31" in sentence for sentence in differences())


rows = st.tuples(
    st.integers(0, 40),
    st.integers(0, 1),
    st.sampled_from([Service.CALLS, Service.CALLS, Service.MESSAGES, Service.PAYMENTS]),
    st.integers(0, 70 * 24),
    st.integers(-(10**6), 10**6),
    st.booleans(),
    st.sampled_from(["", "Germany", "Ivory Coast, 'Côte'"]),
)
acts = st.lists(st.lists(rows, max_size=12) | st.tuples(st.integers(0, 1), st.sampled_from(ZONES)), max_size=8)


@pytest.mark.django_db(transaction=True)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=acts)
def test_after_any_batches_and_moves_all_sums_are_those_of_the_rows(transactional_db, acts):
    """Some external ids come twice, in one batch or in two; customers move between zones in between."""
    empty_ledger()
    customers = CustomerFactory.create_batch(2)
    offered = set()
    for act in acts:
        if isinstance(act, tuple):
            who, zone = act
            Customer.objects.filter(pk=customers[who].pk).update(time_zone=zone)
            continue
        offered |= {number for number, *_more in act}
        post_rows(
            [
                LedgerRow(
                    customer_id=customers[who].pk,
                    service_id=service,
                    started_at=NOW - timedelta(hours=hours),
                    amount=Decimal(units) / 100_000,
                    charged_quantity=Decimal(units % 300),
                    failed=failed,
                    destination=place,
                    external_id=f"test:{number}",
                )
                for number, who, service, hours, units, failed, place in act
            ],
            now=NOW,
        )
    assert list(differences()) == []
    assert sum(day.transactions for day in XdrDay.objects.all()) == len(offered)
