"""Dunning: each step once an invoice, barred until it is paid, and never a call for help."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from billing.models import Account, DunningStep, DunningTaken, Invoice, Xdr
from billing.operations.credit_notes import credit_invoice
from billing.operations.dunning import end_paid, remind_and_block, take_next
from billing.operations.invoices import void_invoice
from billing.operations.ledger import make_missing_months
from billing.queries.dunning import blocked_now, dunning_of
from centrex.queries.plans import plan_of
from centrex.routing.engine import Call, decide
from selfcare.models import CustomerClass, OutgoingMail
from tests.billing.bills import FEBRUARY, JANUARY, NOW, book, invoice_of, pay
from tests.factories import CustomerFactory, LineFactory

D = Decimal
# The invoice of January is due on 15 February in New York; a day there begins at 5:00 UTC.
DAY_AFTER = datetime(2026, 2, 16, 5, tzinfo=UTC)


def day(number: int) -> datetime:
    """So many days after the due date, in the middle of the day in New York."""
    return DAY_AFTER + timedelta(days=number - 1, hours=12)


@pytest.fixture(autouse=True)
def steps(db) -> None:
    DunningStep.objects.create(days=3, act="remind", least=1)
    DunningStep.objects.create(days=10, act="restrict", fee=D("2.50"))
    DunningStep.objects.create(days=20, act="suspend")


@pytest.fixture
def invoice(easycall) -> Invoice:
    book(easycall, "80", at=JANUARY.start)
    return invoice_of(easycall, JANUARY)


def acts() -> list[str]:
    return list(DunningTaken.objects.order_by("taken_at", "pk").values_list("act", flat=True))


def days_pass(first: int, last: int) -> None:
    for number in range(first, last + 1):
        remind_and_block(now=day(number))


def test_each_step_on_its_day_and_once(easycall, invoice):
    taken = {}
    for number in range(-3, 40):
        remind_and_block(now=day(number))
        remind_and_block(now=day(number))
        taken[number] = len(acts())
    assert [number for number in taken if taken[number] > taken.get(number - 1, 0)] == [3, 10, 20]
    assert acts() == ["remind", "restrict", "suspend"]
    mails = OutgoingMail.objects.filter(key__startswith="dunning:").order_by("pk")
    assert [mail.subject.split(":")[0] for mail in mails] == [
        "Reminder", "Calls to the outside are barred", "Your telephone service is suspended",
    ]  # fmt: skip


def test_a_day_begins_at_midnight_of_the_customers_clock(easycall, invoice):
    third = DAY_AFTER + timedelta(days=2)
    assert remind_and_block(now=third - timedelta(minutes=1)) == 0
    assert remind_and_block(now=third) == 1


def test_paid_it_stops_and_what_was_barred_is_lifted_at_once(easycall, invoice):
    days_pass(1, 10)
    assert blocked_now([easycall]) == {easycall.pk: "restrict"}
    pay(easycall, "79.99", at=day(11))
    assert blocked_now([easycall]) == {easycall.pk: "restrict"}
    pay(easycall, "0.01", at=day(11))
    assert blocked_now([easycall]) == {}, "before any job has run"
    assert end_paid(now=day(11)) == 2
    days_pass(12, 40)
    assert acts() == ["remind", "restrict"]
    assert not DunningTaken.objects.filter(ended_at=None).exists()
    end = OutgoingMail.objects.filter(key__contains=":end:")
    assert [mail.subject for mail in end] == ["Thank you for your payment: you can call again"]


def test_void_and_credited_invoices_are_let_go(easycall, invoice):
    book(easycall, "70", at=FEBRUARY.start)
    second = invoice_of(easycall, FEBRUARY)
    days_pass(1, 60)
    assert blocked_now([easycall]) == {easycall.pk: "suspend"}
    void_invoice(invoice=invoice, staff=None, reason="Wrong", now=day(60))
    assert blocked_now([easycall]) == {easycall.pk: "suspend"}, "for the second"
    credit_invoice(invoice=second, amounts=None, reason="Wrong", staff=None, made_as=uuid4(), now=day(60))
    assert blocked_now([easycall]) == {}


def test_the_fee_is_one_row_and_on_the_next_invoice(easycall, invoice):
    days_pass(1, 12)
    fee = Xdr.objects.get(external_id__startswith="dunning:")
    assert (fee.amount, fee.description) == (D("2.50"), f"Reminder fee, invoice {invoice.number}")
    assert D("2.50") in [line.net for line in invoice_of(easycall, FEBRUARY).lines.all()]


def test_too_little_is_left_alone(easycall):
    book(easycall, "0.99", at=JANUARY.start)
    invoice_of(easycall, JANUARY)
    DunningStep.objects.exclude(act="remind").delete()
    days_pass(1, 30)
    assert acts() == []


def test_after_a_week_without_the_job_a_customer_still_has_his_time(easycall, invoice):
    remind_and_block(now=day(30))
    remind_and_block(now=day(36))
    assert acts() == ["remind"]
    remind_and_block(now=day(37))
    assert acts() == ["remind", "restrict"]


def test_a_class_has_steps_of_its_own(easycall, invoice):
    easycall.customer_class = CustomerClass.objects.create(name="Hospitals")
    easycall.save()
    DunningStep.objects.create(customer_class=easycall.customer_class, days=30, act="remind")
    days_pass(1, 60)
    assert acts() == ["remind"]


def test_who_is_exempt_is_left_alone_and_free_at_once(easycall, invoice):
    days_pass(1, 10)
    Account.objects.filter(customer=easycall).update(dunning_exempt=True)
    assert blocked_now([easycall]) == {}
    assert dunning_of(easycall, now=day(10)) is None
    days_pass(11, 60)
    assert acts() == ["remind", "restrict"]


def test_what_was_paid_ahead_or_is_prepaid_is_never_dunned(easycall, lotus):
    book(lotus, "80", at=JANUARY.start)
    invoice_of(lotus, JANUARY)
    pay(easycall, "80", at=JANUARY.start)
    book(easycall, "80", at=JANUARY.start)
    invoice_of(easycall, JANUARY)
    days_pass(1, 40)
    assert acts() == []


def test_one_that_fails_does_not_keep_the_others(easycall, invoice, monkeypatch):
    other = CustomerFactory()
    book(other, "5", at=JANUARY.start)
    invoice_of(other, JANUARY)

    def take(*, invoice_id: int, now: datetime) -> DunningTaken | None:
        if invoice_id == invoice.pk:
            raise ZeroDivisionError
        return take_next(invoice_id=invoice_id, now=now)

    monkeypatch.setattr("billing.operations.dunning.take_next", take)
    remind_and_block(now=day(3))
    assert DunningTaken.objects.get().customer == other


def test_where_the_customer_stands(easycall, invoice):
    assert dunning_of(easycall, now=day(0)) is None
    days_pass(1, 10)
    found = dunning_of(easycall, now=day(11))
    (mine,) = found.invoices
    assert (found.act, found.overdue, [row.act for row in mine.taken]) == ("restrict", 80, ["remind", "restrict"])
    assert (mine.next.step.act, mine.next.day) == ("suspend", (day(20)).date())


def test_the_customer_reads_where_he_stands(as_alice, easycall):
    period_end = timezone.now() - timedelta(days=60)
    book(easycall, "80", at=JANUARY.start)
    invoice = invoice_of(easycall, JANUARY)
    for name in ("billing:summary", "billing:invoices", "billing:pay", "dashboard"):
        assert "overdue" in as_alice.get(reverse(name)).content.decode().lower()
    remind_and_block(now=period_end)
    DunningTaken.objects.update(act="restrict")
    for name in ("billing:summary", "billing:invoices", "billing:pay", "dashboard"):
        page = as_alice.get(reverse(name)).content.decode()
        assert "Calls to the outside are barred" in page
        assert reverse("billing:invoice", args=[invoice.pk]) in page
    pay(easycall, "80", at=NOW)
    assert "Calls to the outside are barred" not in as_alice.get(reverse("billing:summary")).content.decode()


def test_the_engine_obeys_and_help_is_never_barred(easycall, invoice):
    line = LineFactory(customer=easycall)

    def cause(number: str, act: str) -> str | None:
        DunningTaken.objects.update(act=act)
        plan = plan_of(easycall, now=day(10), blocked=blocked_now([easycall]))
        answer = decide(plan, Call(number, line=line.pk), day(10))
        return answer.cause and answer.cause.value

    assert cause("+12125559999", "restrict") is None
    days_pass(1, 3)
    assert [cause(number, "remind") for number in ("+12125559999", "911")] == [None, None]
    assert [cause(number, "restrict") for number in ("+12125559999", "911")] == ["unpaid_invoice", None]
    assert [cause(number, "suspend") for number in ("+12125559999", "911")] == ["suspended", None]


def test_nobody_barred_costs_one_query(easycall, invoice):
    with CaptureQueriesContext(connection) as queries:
        assert blocked_now([easycall]) == {}
    assert len(queries) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_take_a_step_once(easycall, invoice):
    make_missing_months({day(3)})
    barrier = Barrier(4)

    def work(_number: int) -> None:
        barrier.wait(10)
        try:
            remind_and_block(now=day(3))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert acts() == ["remind"]
    assert OutgoingMail.objects.filter(key__startswith="dunning:").count() == 1
