"""Monthly fees: each period once, also after days off and with several workers."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from billing import tasks
from billing.models import Subscription, Xdr
from billing.operations import subscriptions
from billing.operations.subscriptions import charge_due, end_subscription, open_subscription
from billing.queries.accounts import money_words
from billing.queries.checks import differences
from selfcare.models import Customer
from tests.billing.bills import FEBRUARY, JANUARY, invoice_of
from tests.factories import CustomerFactory, DidFactory, LineFactory
from tests.parallel import parallel

BEGIN = datetime(2026, 1, 16, 15, tzinfo=UTC)  # 16 of January's 31 days are left in New York
FIRST_OF_FEBRUARY = datetime(2026, 2, 1, 5, tzinfo=UTC)


def charged(customer: Customer) -> list[Decimal]:
    return list(Xdr.for_customer(customer).order_by("started_at").values_list("amount", flat=True))


@pytest.fixture
def subscription(easycall) -> Subscription:
    return open_subscription(customer=easycall, name="Hosting", fee=Decimal("3.10"), did=None, now=BEGIN)


def test_it_begins_with_the_part_that_is_left(subscription, easycall):
    row = Xdr.for_customer(easycall).get()
    assert (row.amount, row.quantity, row.service.name) == (Decimal("1.60"), Decimal("0.516"), "Subscriptions")
    assert row.description == "Hosting, 2026-01-16 to 2026-01-31"
    assert row.started_at == BEGIN
    assert row.external_id == f"subscription:{subscription.pk}:2026-01-16T15:00:00+00:00"
    assert subscription.charged_until == FIRST_OF_FEBRUARY


def test_a_month_is_charged_at_its_beginning_in_the_customers_zone(subscription, easycall):
    assert charge_due(now=FIRST_OF_FEBRUARY - timedelta(seconds=1)) == 0
    assert charge_due(now=FIRST_OF_FEBRUARY) == 1
    assert charged(easycall) == [Decimal("1.60"), Decimal("3.10")]
    assert charge_due(now=FIRST_OF_FEBRUARY) == 0
    assert charged(easycall) == [Decimal("1.60"), Decimal("3.10")]


def test_after_months_off_every_period_is_there_once(subscription, easycall):
    now = datetime(2026, 5, 20, tzinfo=UTC)
    assert charge_due(now=now) == 1
    assert charge_due(now=now) == 0
    assert charged(easycall) == [Decimal("1.60"), *[Decimal("3.10")] * 4]
    starts = list(Xdr.for_customer(easycall).order_by("started_at").values_list("started_at", flat=True))
    assert starts[1:3] == [FIRST_OF_FEBRUARY, datetime(2026, 3, 1, 5, tzinfo=UTC)]
    assert starts[3] == datetime(2026, 4, 1, 4, tzinfo=UTC)  # summer time


def test_a_lost_note_of_what_is_charged_charges_nothing_twice(subscription, easycall):
    """Were `charged_until` set back, the ledger would still know the periods by their external ids."""
    charge_due(now=FIRST_OF_FEBRUARY)
    Subscription.objects.update(charged_until=BEGIN, next_charge_at=BEGIN)
    charge_due(now=FIRST_OF_FEBRUARY)
    assert charged(easycall) == [Decimal("1.60"), Decimal("3.10")]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once(easycall):
    for number in range(3):
        open_subscription(customer=easycall, name=f"Hosting {number}", fee=Decimal(3), did=None, now=BEGIN)
    parallel([lambda: charge_due(now=FIRST_OF_FEBRUARY)] * 8)
    assert charged(easycall)[3:] == [Decimal(3)] * 3
    assert list(differences()) == []


@pytest.mark.django_db(transaction=True)
def test_without_its_lock_the_ledger_still_takes_a_period_once(easycall, monkeypatch):
    open_subscription(customer=easycall, name="Hosting", fee=Decimal(3), did=None, now=BEGIN)
    both_have_looked = Barrier(2)

    def look_and_wait(subscription_id: int) -> Any:
        found = Subscription.objects.get(pk=subscription_id)
        both_have_looked.wait(timeout=30)
        return found

    monkeypatch.setattr(subscriptions, "locked", look_and_wait)
    parallel([lambda: charge_due(now=FIRST_OF_FEBRUARY)] * 2)
    assert charged(easycall)[1:] == [Decimal(3)]


def test_dying_between_the_row_and_the_note_leaves_neither(subscription, easycall, monkeypatch):
    def die(*_args: object, **_more: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Subscription, "save", die)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        charge_due(now=FIRST_OF_FEBRUARY)
    assert charged(easycall) == [Decimal("1.60")]
    monkeypatch.undo()
    charge_due(now=FIRST_OF_FEBRUARY)
    assert charged(easycall) == [Decimal("1.60"), Decimal("3.10")]


def test_an_ended_one_costs_no_more_and_gives_nothing_back(subscription, easycall):
    ended = end_subscription(subscription=subscription, now=BEGIN + timedelta(days=2))
    assert ended.ended_at == BEGIN + timedelta(days=2)
    assert ended.last_paid < FIRST_OF_FEBRUARY
    assert charge_due(now=FIRST_OF_FEBRUARY) == 0
    assert charged(easycall) == [Decimal("1.60")]
    again = end_subscription(subscription=subscription, now=FIRST_OF_FEBRUARY)
    assert again.ended_at == ended.ended_at


def test_what_was_due_before_the_end_is_still_charged(subscription, easycall):
    end_subscription(subscription=subscription, now=FIRST_OF_FEBRUARY + timedelta(days=3))
    assert charged(easycall) == [Decimal("1.60"), Decimal("3.10")]


def test_a_free_one_moves_on_without_rows(easycall):
    free = open_subscription(customer=easycall, name="Gift", fee=Decimal(0), did=None, now=BEGIN)
    charge_due(now=FIRST_OF_FEBRUARY)
    free.refresh_from_db()
    assert free.charged_until == datetime(2026, 3, 1, 5, tzinfo=UTC)
    assert charged(easycall) == []


def test_a_closed_customer_is_not_charged_a_suspended_one_is(subscription, easycall):
    easycall.status = Customer.Status.CLOSED
    easycall.save()
    assert charge_due(now=FIRST_OF_FEBRUARY) == 0
    easycall.status = Customer.Status.SUSPENDED
    easycall.save()
    assert charge_due(now=FIRST_OF_FEBRUARY) == 1


def test_a_number_that_staff_took_away_costs_no_more(easycall):
    did = DidFactory(line=LineFactory(customer=easycall))
    subscription = open_subscription(customer=easycall, name="Number", fee=Decimal("3.10"), did=did, now=BEGIN)
    did.customer = did.line = None
    did.save()
    charge_due(now=FIRST_OF_FEBRUARY)
    subscription.refresh_from_db()
    assert subscription.ended_at == FIRST_OF_FEBRUARY
    assert charged(easycall) == [Decimal("1.60")]


def test_a_number_is_paid_for_once(easycall):
    did = DidFactory(line=LineFactory(customer=easycall))
    open_subscription(customer=easycall, name="Number", fee=Decimal(3), did=did, now=BEGIN)
    with pytest.raises(IntegrityError, match="did_is_paid_for_once"), transaction.atomic():
        open_subscription(customer=easycall, name="Number", fee=Decimal(3), did=did, now=BEGIN)


def test_it_is_on_the_invoice_to_the_cent(easycall):
    easycall.tax_rate = Decimal(10)
    easycall.save()
    open_subscription(customer=easycall, name="Hosting", fee=Decimal("3.10"), did=None, now=BEGIN)
    charge_due(now=FIRST_OF_FEBRUARY)
    january, february = invoice_of(easycall, JANUARY), invoice_of(easycall, FEBRUARY)
    assert [(str(line), line.net) for line in january.lines.all()] == [("Subscriptions", Decimal("1.60"))]
    assert (january.total, february.total) == (Decimal("1.76"), Decimal("3.41"))
    assert money_words(easycall).balance == Decimal("5.17")


def test_another_billing_day(db):
    customer = CustomerFactory(billing_day=20)
    open_subscription(customer=customer, name="Hosting", fee=Decimal("3.10"), did=None, now=BEGIN)
    assert charged(customer) == [Decimal("0.40")]
    charge_due(now=datetime(2026, 1, 20, 5, tzinfo=UTC))
    assert charged(customer) == [Decimal("0.40"), Decimal("3.10")]


def test_the_task_charges_what_is_due_now(subscription, easycall):
    tasks.charge_subscriptions()
    subscription.refresh_from_db()
    assert subscription.charged_until > datetime.now(UTC)
    assert len(charged(easycall)) > 1
