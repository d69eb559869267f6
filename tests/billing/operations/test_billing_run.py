"""The billing run: one invoice a period for everybody, whatever crashes, fails, or runs twice."""

import json
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from decimal import Decimal
from threading import Barrier
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from billing.models import BillingTrouble, Invoice, InvoiceCounter, Xdr
from billing.operations import billing_run, invoices
from billing.operations.billing_run import close_periods, due_customers, run
from billing.operations.invoices import issue_invoice
from billing.operations.ledger import make_missing_months
from billing.queries.checks import differences
from billing.tasks import run_billing
from selfcare.errors import Refused
from selfcare.models import Brand, Customer, OutgoingMail
from tests.billing.bills import FEBRUARY, JANUARY, MARCH, book
from tests.factories import CustomerFactory

AFTER_JANUARY = JANUARY.end + timedelta(hours=2)


def with_calls(count: int) -> list[Customer]:
    customers = [CustomerFactory() for _ in range(count)]
    for customer in customers:
        book(customer, "1.00001", at=JANUARY.start)
    return customers


def numbers() -> list[str]:
    return sorted(Invoice.objects.values_list("number", flat=True))


def counted(count: int) -> list[str]:
    return [f"{n:06}" for n in range(1, count + 1)]


def test_everybodys_period_is_closed_once_an_hour_after_its_end(db):
    with_calls(3)
    assert run(now=JANUARY.end + timedelta(minutes=59)).issued == []
    assert len(run(now=JANUARY.end + timedelta(hours=1)).issued) == 3
    assert run(now=AFTER_JANUARY).issued == []
    assert numbers() == counted(3)


def test_each_in_his_own_time_zone(db):
    for zone in ("Pacific/Apia", "UTC", "America/Los_Angeles"):
        customer = CustomerFactory(time_zone=zone)
        book(customer, "1", at=JANUARY.start + timedelta(days=3))
    made = []
    for hours in range(-15, 12):
        outcome = run(now=datetime(2026, 2, 1, 1, tzinfo=ZoneInfo("UTC")) + timedelta(hours=hours))
        made += [(hours, invoice.time_zone) for invoice in outcome.issued]
    assert made == [(-13, "Pacific/Apia"), (0, "UTC"), (8, "America/Los_Angeles")]


def test_after_days_off_it_catches_up_oldest_first(db):
    (customer,) = with_calls(1)
    Customer.objects.filter(pk=customer.pk).update(billing_period="weekly")
    book(customer, "2", at=JANUARY.start + timedelta(days=20))
    made = run(now=MARCH.start).issued
    assert len(made) == 8
    assert [i.period_end for i in made[:-1]] == [i.period_start for i in made[1:]]
    assert [i.number for i in made] == counted(8)
    assert sum(i.total for i in made) == 3


def test_who_fails_is_reported_and_the_others_get_theirs(db, monkeypatch):
    Brand(name="ITSP", support_email="care@itsp.example").save()
    first, second, third = with_calls(3)
    issue = billing_run.issue_invoice

    def fails_for_second(*, customer: Customer, **given: Any) -> Invoice:
        if customer == second:
            raise ZeroDivisionError("no rate")
        return issue(customer=customer, **given)

    monkeypatch.setattr(billing_run, "issue_invoice", fails_for_second)
    for hour in (2, 3):
        outcome = run(now=JANUARY.end + timedelta(hours=hour))
        assert outcome.failed == [(second, "ZeroDivisionError: no rate")]
    assert {i.customer for i in Invoice.objects.all()} == {first, third}
    trouble = BillingTrouble.objects.get()
    assert (trouble.customer, trouble.tries, trouble.error) == (second, 2, "ZeroDivisionError: no rate")
    mail = OutgoingMail.objects.get(key__startswith="billing-trouble:")
    assert (mail.to, "no rate" in mail.body) == (["care@itsp.example"], True)
    monkeypatch.undo()
    assert [i.customer for i in run(now=AFTER_JANUARY + timedelta(days=1)).issued] == [second]
    assert not BillingTrouble.objects.exists()
    assert numbers() == counted(3), "a number is not lost with who failed"


def test_a_refusal_is_told_in_its_own_words(db, monkeypatch, capsys):
    (customer,) = with_calls(1)

    def refuse(**_given: Any) -> None:
        raise Refused("Not like this.")

    monkeypatch.setattr(billing_run, "issue_invoice", refuse)
    with pytest.raises(CommandError, match=r"Not like this\."):
        call_command("issue_invoices", until=date(2026, 2, 1))
    assert BillingTrouble.objects.get().customer == customer


def test_who_is_due_is_one_query_whatever_their_number(db):
    with_calls(1)
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert due_customers(now=AFTER_JANUARY)
        assert len(queries) == 1
        with_calls(4)
    assert len(due_customers(now=AFTER_JANUARY)) == 9
    run(now=AFTER_JANUARY)
    assert due_customers(now=AFTER_JANUARY) == []


def test_a_closed_customer_gets_his_last_invoice_and_no_more(easycall):
    book(easycall, "3", at=FEBRUARY.start + timedelta(days=2))
    Customer.objects.filter(pk=easycall.pk).update(status="closed")
    assert [i.total for i in run(now=MARCH.end + timedelta(days=90)).issued] == [3]


def test_the_clock_starts_it(db):
    with_calls(1)
    run_billing()
    assert Invoice.objects.filter(period_start=JANUARY.start).count() == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("place", ["the number", "the rows", "the payments"])
def test_killed_in_the_middle_the_next_run_makes_the_rest(place):
    customers = with_calls(4)
    needed = ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")
    database = json.dumps({name: connection.settings_dict[name] for name in needed})
    command = [sys.executable, "-m", "tests.billing.operations.dying_biller", database, place]
    done = subprocess.run([*command, AFTER_JANUARY.isoformat()], capture_output=True, timeout=120, check=False)  # noqa: S603
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert numbers() == counted(1)
    assert len(run(now=AFTER_JANUARY).issued) == 3
    assert run(now=AFTER_JANUARY).issued == []
    assert numbers() == counted(4)
    assert {i.customer for i in Invoice.objects.all()} == set(customers)
    assert list(differences()) == []


class Crash(Exception):
    """The process dies before the commit."""


def at_once(customers: list[Customer], *, workers: int, each: int) -> None:
    """So many workers make `each` invoices at the same time, one in ten is turned back and tried again."""
    barrier = Barrier(workers)

    def work(worker: int) -> None:
        barrier.wait(30)
        try:
            for n in range(each):
                place = worker * each + n
                make(customers[place % len(customers)], turned_back=place % 10 == 0)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(work, range(workers)))


def make(customer: Customer, *, turned_back: bool) -> None:
    for dies in (True, False) if turned_back else (False,):
        try:
            with transaction.atomic():
                issue_invoice(customer=customer, period=JANUARY, now=AFTER_JANUARY)
                if dies:
                    raise Crash
        except Crash:
            pass


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_32_at_once_with_rollbacks_leave_no_gap_and_no_duplicate():
    make_missing_months({JANUARY.start, JANUARY.end})
    customers = with_calls(80)
    at_once(customers, workers=32, each=5)
    assert numbers() == counted(80)
    assert Invoice.objects.values("customer").distinct().count() == 80
    assert Xdr.objects.filter(external_id__startswith="invoice:").count() == 80, "one rounding row each"
    assert list(differences()) == []


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_without_the_counters_lock_there_would_be_a_gap_or_a_duplicate(monkeypatch):
    """The twin of the test above: it finds what the lock prevents."""

    def unlocked() -> str:
        counter, _is_new = InvoiceCounter.objects.get_or_create(name="invoice")
        time.sleep(0.05)
        InvoiceCounter.objects.filter(pk=counter.pk).update(last=counter.last + 1)
        return f"{counter.last + 1:06}"

    monkeypatch.setattr(invoices, "next_number", unlocked)
    InvoiceCounter.objects.create(name="invoice")
    make_missing_months({JANUARY.start, JANUARY.end})
    customers = with_calls(8)
    with pytest.raises(Exception, match="duplicate key"):
        at_once(customers, workers=8, each=1)


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_make_one_invoice_each():
    customers = with_calls(6)
    make_missing_months({JANUARY.start, JANUARY.end})
    barrier = Barrier(2)

    def work(_number: int) -> None:
        barrier.wait(10)
        try:
            run(now=AFTER_JANUARY)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, range(2)))
    assert numbers() == counted(6)
    assert Invoice.objects.values("customer").distinct().count() == len(customers)
    assert not BillingTrouble.objects.exists()
    assert Decimal(sum(Invoice.objects.values_list("total", flat=True))) == 6


def test_close_periods_is_idempotent(db):
    (customer,) = with_calls(1)
    assert len(close_periods(customer=customer, now=AFTER_JANUARY)) == 1
    assert close_periods(customer=customer, now=AFTER_JANUARY) == []
