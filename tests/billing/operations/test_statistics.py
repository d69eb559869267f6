"""Statistics of closed periods: one mail a customer and period, with the file or, when it is large, a link to it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import resolve

from billing import tasks
from billing.models import Service, StatisticSent
from billing.operations import statistics
from billing.operations.statistics import at_most, send_due_statistics
from selfcare.models import Customer, CustomerClass, OutgoingMail
from tests.factories import XdrFactory
from tests.parallel import parallel

FIRST_OF_FEBRUARY = datetime(2026, 2, 1, 5, tzinfo=UTC)  # New York's midnight
NOW = FIRST_OF_FEBRUARY + timedelta(hours=6)


@pytest.fixture
def wants_all(easycall) -> Customer:
    easycall.send_statistic, easycall.email = "full", "office@easycall.example"
    easycall.save()
    Customer.objects.filter(pk=easycall.pk).update(created_at=datetime(2026, 1, 5, tzinfo=UTC))
    call = {"customer": easycall, "service_id": Service.CALLS}
    XdrFactory(**call, started_at=datetime(2026, 1, 10, tzinfo=UTC), amount=Decimal("1.25"), destination="=SUM(A1)")
    XdrFactory(**call, started_at=datetime(2026, 1, 11, tzinfo=UTC), amount=Decimal(0), failed=True)
    XdrFactory(**call, started_at=FIRST_OF_FEBRUARY, amount=Decimal(77))
    return easycall


def sent(**more) -> OutgoingMail:
    return OutgoingMail.objects.get(**more)


@pytest.mark.django_db(transaction=True)
def test_all_transactions_of_the_period_come_as_a_file(wants_all):
    assert send_due_statistics(now=NOW - timedelta(seconds=1)) == 0
    assert send_due_statistics(now=NOW) == 1
    mail = sent()
    assert mail.to == ["office@easycall.example"]
    assert "1.25000 USD" in mail.body
    attached = mail.attachments.get()
    assert attached.name == "transactions-2026-01-01-2026-01-31.csv"
    with attached.file.open("rb") as file:
        lines = file.read().decode("utf-8-sig").splitlines()
    assert len(lines) == 3  # the head and two calls; the call of February is in the next one
    assert "'=SUM(A1)" in lines[1]
    row = StatisticSent.objects.get()
    assert (row.kind, row.by_link, row.period_end) == ("full", False, FIRST_OF_FEBRUARY)


@pytest.mark.django_db(transaction=True)
def test_it_is_sent_once_whoever_asks(wants_all):
    parallel([lambda: send_due_statistics(now=NOW)] * 3)
    send_due_statistics(now=NOW + timedelta(days=3))
    assert OutgoingMail.objects.count() == StatisticSent.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_large_file_becomes_a_link_that_gives_it(wants_all, monkeypatch, alice):
    monkeypatch.setattr(statistics, "MOST_ATTACHED", 200)
    send_due_statistics(now=NOW)
    mail = sent()
    assert not mail.attachments.exists()
    assert StatisticSent.objects.get().by_link
    address = next(line for line in mail.body.splitlines() if "from_date=" in line)
    path = address.removeprefix("http://127.0.0.1:8000").removeprefix("http://testserver")
    path = path[path.index("/", 8) if path.startswith("http") else 0 :]
    assert resolve(path.partition("?")[0]).view_name == "billing:transactions"
    client = Client()
    client.force_login(alice, backend="selfcare.backends.WithCustomer")
    file = b"".join(client.get(f"{path}&format=csv").streaming_content).decode("utf-8-sig")
    assert len(file.splitlines()) == 3


def test_ten_megabytes_are_attached_and_of_more_no_more_is_read():
    read = []

    def parts():
        for number in range(100):
            read.append(number)
            yield b"x" * 1024 * 1024

    assert at_most(parts(), statistics.MOST_ATTACHED) is None
    assert len(read) == 11
    assert len(at_most([b"x" * 1024 * 1024] * 10, statistics.MOST_ATTACHED) or b"") == statistics.MOST_ATTACHED


def test_a_summary_has_no_file(wants_all):
    Customer.objects.update(send_statistic="summary")
    send_due_statistics(now=NOW)
    assert "Calls: 2" in sent().body
    assert not sent().attachments.exists()


@pytest.mark.parametrize(
    ("own", "by_class", "mails"),
    [("", "summary", 1), ("", "nothing", 0), ("nothing", "full", 0), ("summary", "nothing", 1)],
)
def test_the_customers_choice_goes_before_the_class(wants_all, own, by_class, mails):
    group = CustomerClass.objects.create(name="Business", send_statistic=by_class)
    Customer.objects.update(send_statistic=own, customer_class=group)
    assert send_due_statistics(now=NOW) == mails


def test_after_months_off_what_was_missed_is_sent_and_no_older_one(wants_all):
    Customer.objects.update(send_statistic="summary")
    send_due_statistics(now=NOW)
    send_due_statistics(now=datetime(2026, 4, 2, tzinfo=UTC))
    assert StatisticSent.objects.count() == 3  # January, February, March
    StatisticSent.objects.all().delete()
    OutgoingMail.objects.all().delete()
    send_due_statistics(now=datetime(2026, 4, 2, tzinfo=UTC))
    assert StatisticSent.objects.get().period_end == datetime(2026, 4, 1, 4, tzinfo=UTC)


def test_what_somebody_declined_does_not_come_when_he_wants_it_again(wants_all):
    Customer.objects.update(send_statistic="summary")
    assert send_due_statistics(now=NOW) == 1  # January
    Customer.objects.update(send_statistic="nothing")
    assert send_due_statistics(now=datetime(2026, 3, 2, tzinfo=UTC)) == 0
    Customer.objects.update(send_statistic="summary")
    assert send_due_statistics(now=datetime(2026, 4, 2, tzinfo=UTC)) == 1
    kinds = StatisticSent.objects.order_by("period_end").values_list("kind", flat=True)
    assert list(kinds) == ["summary", "nothing", "summary"]
    assert OutgoingMail.objects.count() == 2


def test_nothing_from_before_he_came_nor_to_a_closed_customer(wants_all):
    Customer.objects.update(created_at=FIRST_OF_FEBRUARY + timedelta(hours=1), send_statistic="summary")
    assert send_due_statistics(now=NOW) == 0
    Customer.objects.update(created_at=datetime(2025, 6, 1, tzinfo=UTC), status="closed")
    assert send_due_statistics(now=NOW) == 0


def test_without_an_address_it_goes_to_the_owners_and_else_waits(wants_all, alice):
    Customer.objects.update(email="", send_statistic="summary")
    alice.email = ""
    alice.save()
    assert send_due_statistics(now=NOW) == 0
    alice.email = "alice@easycall.example"
    alice.save()
    assert send_due_statistics(now=NOW) == 1
    assert sent().to == ["alice@easycall.example"]


def test_the_task_looks_at_the_clock(wants_all):
    Customer.objects.update(send_statistic="summary")
    tasks.send_statistics()
    assert StatisticSent.objects.count() == 1
