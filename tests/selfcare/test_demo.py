"""The demo: refused where customers could be, complete, and the same each time."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Sum

from billing.models import Account, CustomerDiscount, DiscountUsage, Invoice, Subscription, Xdr
from billing.queries.checks import differences
from billing.queries.discounts import Status, discounts_of
from billing.queries.invoices import PaymentStatus, payment_status, with_payments
from billing.queries.subscriptions import subscriptions_of
from centrex.models import Batch, CallQueue, CallRecording, Did, Extension, Huntgroup, Line, Site, Sound
from centrex.sounds.convert import find_ffmpeg
from selfcare.demo import bills, calls, numbers, subscriptions
from selfcare.demo.everything import make_everything
from selfcare.models import Customer, OutgoingMail, User
from tests.factories import CustomerFactory
from tickets.models import Message, Ticket

NOW = datetime(2026, 3, 20, 16, 30, tzinfo=UTC)


def test_is_refused_outside_a_trial(db, settings):
    settings.TRIAL = False
    with pytest.raises(CommandError, match="known passwords"):
        call_command("demo_data")
    assert not User.objects.exists()


def test_is_refused_where_there_are_customers(db, settings):
    settings.TRIAL = True
    CustomerFactory()
    with pytest.raises(CommandError, match="customers already"):
        call_command("demo_data")
    call_command("demo_data", if_empty=True)
    assert Customer.objects.count() == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("now", [NOW, datetime(2026, 3, 1, 6, 30, tzinfo=UTC)], ids=["any day", "first of a month"])
def test_is_complete_and_adds_up(now, monkeypatch):
    for module in (calls, bills, numbers, subscriptions):
        monkeypatch.setattr(module, "DAYS", 150)  # thirteen months take half a minute
    monkeypatch.setattr(bills, "WRONG_ONE", 2)
    make_everything(now=now, say=lambda _text: None)

    easycall = Customer.objects.get(company_name="EasyCall Ltd")
    assert set(User.objects.values_list("username", flat=True)) == {"alice", "bob", "berta", "charlie", "dora", "lena"}
    assert Line.for_customer(easycall).count() >= 20
    assert Batch.for_customer(easycall).count() == 2
    assert Extension.for_customer(easycall).count() == 14
    assert Huntgroup.for_customer(easycall).count() == 4
    assert set(Site.for_customer(easycall).values_list("name", flat=True)) == {"Default", "New York", "Field"}
    assert Line.for_customer(easycall).filter(site__name="New York", registered_until__gt=now).exists()
    assert Line.for_customer(easycall).filter(site=None).exists()
    assert CallQueue.for_customer(easycall).get().huntgroup.name == "Support"
    assert Did.for_customer(easycall).order_by("country").values("country").distinct().count() == 10
    of_numbers = Subscription.for_customer(easycall).running().exclude(did=None)
    assert of_numbers.count() == Did.for_customer(easycall).count() == 11
    given = subscriptions_of(easycall, now=now, ended=True).filter(did=None)
    assert [each.state for each in given] == ["active", "active", "ended", "pending"]
    assert not Subscription.objects.to_charge(now=now).exists()
    assert Did.objects.offered_to(easycall, now=now).count() > 100

    assert list(differences()) == []
    assert not Xdr.objects.filter(started_at__gt=now).exists()
    for account in Account.objects.all():
        assert account.balance == Xdr.for_customer(account.customer).aggregate(sum=Sum("amount"))["sum"]

    statuses = Counter(payment_status(invoice, now=now) for invoice in with_payments(Invoice.objects.all()))
    wanted = {PaymentStatus.PAID, PaymentStatus.PARTIALLY_PAID, PaymentStatus.UNPAID, PaymentStatus.OVERDUE}
    assert set(statuses) >= wanted | {PaymentStatus.DO_NOT_PAY, PaymentStatus.NOT_APPLICABLE}
    assert Invoice.objects.exclude(voided_at=None).count() == 1

    assert CustomerDiscount.objects.count() == 7
    assert DiscountUsage.objects.filter(used__gt=0).exists()
    found = {state.plan.name: state.status for state in discounts_of(easycall, now=now)}
    assert set(found.values()) == {Status.ACTIVE, Status.CONSUMED, Status.NOT_YET}
    assert CallRecording.objects.filter(status=CallRecording.Status.READY).count() > 10
    assert not Sound.objects.exclude(state=Sound.State.READY).exists()
    assert find_ffmpeg() is None or Sound.for_customer(easycall).count() == 3
    assert Ticket.objects.values("status").distinct().count() >= 3
    assert Message.objects.filter(internal=True).exists()
    assert not OutgoingMail.objects.filter(sent_at=None).exists()


def test_the_same_day_makes_the_same_calls(db):
    customer = CustomerFactory()
    Line.objects.create(customer=customer, account_id="12125550100")
    habit = calls.Habit(customer, 5, 1, 50, 20, "1")

    def week() -> list[tuple]:
        made = calls.records(habit, calls.random.Random(7), now=NOW)
        return [
            (call.external_id, call.cld, call.seconds) for call in made if call.started_at > NOW - timedelta(days=7)
        ]

    assert week() == week()
