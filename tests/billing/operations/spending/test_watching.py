"""Notices about limits and low money: each once, whoever finds it out, and to those who want them."""

from datetime import timedelta
from decimal import Decimal

import pytest

from billing import tasks
from billing.models import Service, SpendLimits, SpendNotice, SpendReader
from billing.operations.spending import watch, watching
from billing.queries.spend_limits import spending_of
from selfcare.models import OutgoingMail, OutgoingSms, Role
from tests.billing.operations.spending.spent import NOW, spend
from tests.factories import CustomerFactory, LineFactory, LineLimitFactory, SpendLimitsFactory, UserFactory
from tests.parallel import parallel

pytestmark = pytest.mark.django_db
Kind = SpendNotice.Kind


def told() -> list[tuple[str, int | None]]:
    return list(SpendNotice.objects.order_by("pk").values_list("kind", "percent"))


def test_each_step_is_told_once(easycall, alice):
    for amount, expected in (("9.99", []), ("0.01", [50]), ("5", []), ("1", [80]), ("3", []), ("2", [100]), ("9", [])):
        spend(easycall, amount)
        before = len(told())
        for _again in range(2):
            watch(now=NOW)
        assert [percent for _kind, percent in told()[before:]] == expected, amount
    assert OutgoingMail.objects.count() == 3
    stop = OutgoingMail.objects.order_by("pk").last()
    assert stop.to == ["alice@example.com"]
    assert stop.subject == "Your spending limit is reached"
    assert "No more calls that cost money until midnight. Emergency calls always work." in stop.body


def test_a_jump_over_all_steps_is_one_notice(easycall, alice):
    spend(easycall, "70")
    watch(now=NOW)
    watch(now=NOW)
    assert told() == [(Kind.DAY_LIMIT, 100)]


def test_the_next_day_and_a_changed_limit_begin_anew(easycall, alice):
    limits = SpendLimitsFactory(customer=easycall, daily_limit=10)
    spend(easycall, "10")
    watch(now=NOW)
    limits.daily_limit = 20
    limits.save()
    watch(now=NOW)
    assert told() == [(Kind.DAY_LIMIT, 100), (Kind.DAY_LIMIT, 50)]
    tomorrow = NOW + timedelta(days=1)
    spend(easycall, "16", at=tomorrow - timedelta(hours=1))
    watch(now=tomorrow)
    assert told()[2:] == [(Kind.DAY_LIMIT, 80)]


def test_periods_and_lines(easycall, alice):
    lobby = LineFactory(customer=easycall, name="Lobby")
    SpendLimitsFactory(customer=easycall, daily_limit=1000, period_limit=100)
    LineLimitFactory(line=lobby, daily_limit=50)
    spend(easycall, "42", line=lobby)
    spend(easycall, "40", at=NOW - timedelta(days=3))
    watch(now=NOW)
    assert set(told()) == {(Kind.PERIOD_LIMIT, 80), (Kind.LINE_LIMIT, 80)}
    bodies = " ".join(OutgoingMail.objects.values_list("body", flat=True))
    assert "(Lobby) have cost 42.00 USD today: 80 % of its limit" in bodies.replace("\xa0", " ")
    assert "in this billing period: 80 %" in bodies


def test_an_expensive_day_is_told_and_stops_nothing(easycall, alice):
    SpendLimitsFactory(customer=easycall, daily_limit=1000, day_over=15)
    spend(easycall, "15")
    watch(now=NOW)
    assert told() == []
    spend(easycall, "0.01")
    watch(now=NOW)
    watch(now=NOW)
    assert told() == [(Kind.DAY_OVER, None)]


def test_it_goes_to_those_who_were_chosen(easycall, alice, bob):
    limits = SpendLimitsFactory(customer=easycall)
    bob.mobile = "+12125550188"
    bob.save()
    SpendReader.objects.create(limits=limits, user=bob, by_mail=True, by_sms=True)
    spend(easycall, "20")
    watch(now=NOW)
    assert OutgoingMail.objects.get().to == [bob.email]
    text = OutgoingSms.objects.get()
    assert str(text.to) == "+12125550188" or text.to.as_e164 == "+12125550188"
    assert text.body.startswith("Calls have cost")
    assert "/billing/alerts/" in text.body


def test_when_nobody_of_those_is_active_any_more_it_goes_to_the_owners(easycall, alice, bob):
    limits = SpendLimitsFactory(customer=easycall)
    SpendReader.objects.create(limits=limits, user=bob)
    bob.is_active = False
    bob.save()
    spend(easycall, "20")
    watch(now=NOW)
    assert OutgoingMail.objects.get().to == [alice.email]


def test_low_money_is_told_when_it_becomes_so_and_again_after_a_payment(lotus, charlie):
    SpendLimitsFactory(customer=lotus, low_funds=25, automatic=False)
    spend(lotus, "-100", service=Service.PAYMENTS)
    steps = (("74.99", 0), ("0.01", 0), ("0.01", 1), ("3", 0), ("-4", 0), ("4", 0), ("-6", 0), ("3.01", 1))
    for hour, (amount, expected) in enumerate(steps):
        spend(lotus, amount, service=Service.CALLS if Decimal(amount) > 0 else Service.PAYMENTS)
        assert sum(watch(now=NOW + timedelta(hours=hour, minutes=n)) for n in range(2)) == expected, amount
    first = OutgoingMail.objects.order_by("pk").first()
    assert "24.99" in first.body.replace("\xa0", " ")


def test_a_credit_customer_is_told_when_his_credit_is_nearly_used(easycall, alice):
    SpendLimitsFactory(customer=easycall, low_funds=100, automatic=False)
    spend(easycall, "400")
    assert watch(now=NOW) == 0
    spend(easycall, "0.01")
    assert watch(now=NOW) == 1


def test_a_closed_customer_is_told_nothing(easycall, alice):
    SpendLimitsFactory(customer=easycall, low_funds=1000)
    spend(easycall, "20")
    easycall.status = "closed"
    easycall.save()
    assert watch(now=NOW) == 0


@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_moment_tell_once(easycall, alice):
    SpendLimitsFactory(customer=easycall, low_funds=490)
    spend(easycall, "20")
    assert sum(parallel([lambda: watch(now=NOW)] * 4)) == 2
    assert OutgoingMail.objects.count() == SpendNotice.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_calls_booked_at_the_same_moment_are_counted_and_told_exactly(easycall, alice):
    SpendLimitsFactory(customer=easycall, daily_limit=30)

    def call() -> None:
        spend(easycall, "3")
        watch(now=NOW, customers=[easycall])

    parallel([call] * 6)
    assert spending_of(easycall, now=NOW).spent_today == 18
    parallel([call] * 6)
    assert (spending_of(easycall, now=NOW).spent_today, spending_of(easycall, now=NOW).left) == (36, -6)
    steps = [percent for _kind, percent in told()]
    assert len(steps) == len(set(steps)), "each step once"
    assert {50, 100} <= set(steps)
    assert OutgoingMail.objects.count() == len(steps)


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_they_would_tell_of_low_money_twice(easycall, alice, monkeypatch):
    """The twin: workers that have read the money before any of them has written that it is low."""
    limits = SpendLimitsFactory(customer=easycall, low_funds=490)
    spend(easycall, "20")
    row = watching._with_funds().get()
    for step in range(2):
        watching.tell(customer=easycall, kind=Kind.LOW_FUNDS, window=str(step), amount=row.available,
                      threshold=row.low_funds, now=NOW)  # fmt: skip
    assert OutgoingMail.objects.count() == 2
    OutgoingMail.objects.all().delete()
    SpendNotice.objects.all().delete()
    assert [watching._tell_of_low(limits.pk, NOW + timedelta(minutes=step)) for step in range(2)] == [True, False]
    assert SpendLimits.objects.get().low_since == NOW


def test_all_customers_are_looked_at_in_a_few_queries(easycall, django_assert_max_num_queries):
    for _ in range(5):
        customer = CustomerFactory()
        UserFactory(customer=customer, role=Role.OWNER)
        SpendLimitsFactory(customer=customer, low_funds=1)
        LineLimitFactory(line=LineFactory(customer=customer), daily_limit=100)
        spend(customer, "1")
    with django_assert_max_num_queries(7):
        assert watch(now=NOW) == 0


def test_the_task_looks_at_the_clock(easycall, alice):
    SpendLimitsFactory(customer=easycall, low_funds=1000)
    tasks.watch_spending()
    assert told() == [(Kind.LOW_FUNDS, None)]
