"""Rows enter the ledger once, under any number of writers, and totals follow."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from structlog.testing import capture_logs

from billing.models import Account, CallPlace, Service, Xdr, XdrDay, XdrKey
from billing.operations.ledger import LedgerRow, Posted, make_months, post_rows
from billing.queries.checks import differences
from selfcare.errors import Refused
from tests.factories import CustomerFactory

NOW = datetime(2026, 11, 15, 12, tzinfo=UTC)


def row(customer, external_id, *, amount="1.25000", started_at=NOW, service_id=Service.CALLS, **more) -> LedgerRow:
    return LedgerRow(
        customer_id=customer.pk,
        service_id=service_id,
        started_at=started_at,
        amount=Decimal(amount),
        external_id=external_id,
        charged_quantity=Decimal(60),
        **more,
    )


@pytest.mark.django_db
def test_a_row_keeps_every_value_and_moves_total_and_balance(easycall):
    posted = post_rows(
        [row(easycall, "test:1", cli="49301", cld="", description='say "hi", all', cause="\\N", ended_at=NOW)], now=NOW
    )
    found = Xdr.objects.get()
    assert posted == Posted(1, 0)
    assert (found.cli, found.cld, found.description, found.cause) == ("49301", "", 'say "hi", all', "\\N")
    assert (found.rate, found.line_id, found.ended_at, found.failed) == (None, None, NOW, False)
    assert Account.objects.get(customer=easycall).balance == Decimal("1.25")
    day = XdrDay.objects.get()
    assert (day.transactions, day.amount, day.charged_quantity) == (1, Decimal("1.25"), Decimal(60))


@pytest.mark.django_db
def test_the_same_external_id_is_one_row_in_a_batch_and_across_months(easycall):
    first = post_rows([row(easycall, "test:1"), row(easycall, "test:1", amount="9")], now=NOW)
    again = post_rows([row(easycall, "test:1", started_at=NOW - timedelta(days=40)), row(easycall, "test:2")], now=NOW)
    assert (first, again) == (Posted(1, 1), Posted(1, 1))
    assert Account.objects.get(customer=easycall).balance == Decimal("2.5")
    assert XdrKey.objects.count() == 2


@pytest.mark.django_db
def test_old_months_are_made_and_nothing_falls_beside_them(easycall):
    post_rows([row(easycall, "test:old", started_at=datetime(2003, 2, 28, 23, 59, tzinfo=UTC))], now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM billing_xdr")
        assert cursor.fetchall() == [("billing_xdr_200302",)]


@pytest.mark.django_db
@pytest.mark.parametrize("moment", [datetime(1999, 12, 31, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC)])
def test_a_date_far_away_is_refused_and_nothing_is_booked(easycall, moment):
    with pytest.raises(Refused):
        post_rows([row(easycall, "test:1"), row(easycall, "test:2", started_at=moment)], now=NOW)
    assert not Xdr.objects.exists()
    assert not XdrKey.objects.exists()


@pytest.mark.django_db
def test_an_external_id_needs_its_namespace(easycall):
    with pytest.raises(ValueError, match="namespaced"):
        post_rows([row(easycall, "1234")], now=NOW)


@pytest.mark.django_db
def test_a_batch_that_fails_leaves_neither_rows_nor_keys(easycall):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        post_rows([row(easycall, "test:1")], now=NOW, finish=lambda rows: 1 / 0)
    assert not XdrKey.objects.exists()


@pytest.mark.django_db
def test_finish_sees_new_rows_only(easycall):
    seen: list[str] = []

    def finish(rows):
        seen.extend(found.external_id for found in rows)
        return rows

    post_rows([row(easycall, "test:1")], now=NOW)
    post_rows([row(easycall, "test:1"), row(easycall, "test:2")], now=NOW, finish=finish)
    assert seen == ["test:2"]


@pytest.mark.django_db
def test_the_ledger_refuses_changes(easycall):
    post_rows([row(easycall, "test:1")], now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Xdr.objects.update(amount=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        Xdr.objects.all().delete()


@pytest.mark.django_db
def test_make_months_is_repeatable_and_warns_of_strays(easycall):
    assert make_months(now=NOW) == make_months(now=NOW) == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('billing_xdr_202610'), to_regclass('billing_xdr_202702')")
        assert None not in cursor.fetchone()
        cursor.execute(
            "INSERT INTO billing_xdr (customer_id, service_id, started_at, amount, external_id)"
            " VALUES (%s, 1, '2199-01-01', 0, 'test:stray')",
            [easycall.pk],
        )
    with capture_logs() as logs:
        assert make_months(now=NOW) == 1
    assert [entry["log_level"] for entry in logs] == ["warning"]


def run_together(act, jobs):
    """Runs `act(job)` for all jobs at once, each on a connection of its own."""
    barrier = Barrier(len(jobs))

    def one(job):
        try:
            barrier.wait()
            return act(job)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(one, jobs))


@pytest.mark.django_db(transaction=True)
def test_eight_writers_of_the_same_calls_book_each_once():
    """The batches overlap in different orders over two customers and three months: no double, no deadlock."""
    customers = CustomerFactory.create_batch(2)
    rows = [
        row(customers[n % 2], f"test:{n}", started_at=NOW - timedelta(days=30 * (n % 3)), amount="0.00001")
        for n in range(600)
    ]
    batches = [rows[n * 40 : n * 40 + 300][:: 1 if n % 2 else -1] for n in range(8)]
    posted = run_together(lambda batch: post_rows(batch, now=NOW), batches)
    offered = {one.external_id for batch in batches for one in batch}
    assert sum(one.inserted for one in posted) == Xdr.objects.count() == XdrKey.objects.count() == len(offered)
    for customer in customers:
        raw = Xdr.objects.for_customer(customer).aggregate(total=Sum("amount"))["total"]
        assert Account.objects.get(customer=customer).balance == raw
        assert XdrDay.objects.for_customer(customer).aggregate(total=Sum("amount"))["total"] == raw
    assert list(differences()) == []


@pytest.mark.django_db(transaction=True)
def test_writers_of_single_calls_leave_the_sums_of_one_batch():
    """Each call finds its sums by their keys, or makes them; a call more or less is seen by nobody else."""
    alone, together = CustomerFactory.create_batch(2, time_zone="America/New_York")

    def calls(customer):
        return [
            row(
                customer,
                f"test:{customer.pk}-{n}",
                started_at=NOW - timedelta(hours=7 * n),
                amount=f"0.{n:05}",
                service_id=Service.MESSAGES if n % 7 == 6 else Service.CALLS,
                failed=n % 5 == 4,
                destination=("Germany", "France", "")[n % 3],
            )
            for n in range(160)
        ]

    def one_by_one(rows):
        for one in rows:
            post_rows([one], now=NOW)

    rows = calls(alone)
    run_together(one_by_one, [rows[n::8] for n in range(8)])
    post_rows(calls(together), now=NOW)
    assert list(differences()) == []
    for model in (XdrDay, CallPlace):
        sums = [field.attname for field in model._meta.concrete_fields if field.attname != "customer_id"]
        first, second = (sorted(model.for_customer(one).values_list(*sums)) for one in (alone, together))
        assert first == second != []


@pytest.mark.django_db(transaction=True)
def test_without_the_keys_the_race_is_real():
    """The negative control: looking first and inserting then books the same call more than once."""
    customer = CustomerFactory()
    looked = Barrier(4)

    def naive(_):
        with transaction.atomic():
            known = Xdr.objects.filter(external_id="test:1").exists()
            looked.wait()
            if not known:
                with connection.cursor() as cursor:
                    cursor.execute(
                        "INSERT INTO billing_xdr (customer_id, service_id, started_at, amount, external_id)"
                        " VALUES (%s, 1, %s, 1, 'test:1')",
                        [customer.pk, NOW],
                    )

    run_together(naive, range(4))
    assert Xdr.objects.count() == 4
