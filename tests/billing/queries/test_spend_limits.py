"""What calls may still cost: limits, the policy, and the ledger's own sums."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.models import Service, SpendPolicy
from billing.queries.spend_limits import (
    Limit,
    Source,
    available_for_calls,
    left_of_office,
    lines_spending,
    spending_of,
    spendings_of,
)
from selfcare.models import CustomerClass
from tests.billing.operations.spending.spent import NOW, spend
from tests.factories import CustomerFactory, LineFactory, LineLimitFactory, SpendLimitsFactory

D = Decimal
pytestmark = pytest.mark.django_db
MIDNIGHT = datetime(2026, 11, 18, 5, tzinfo=UTC)  # in New York


def test_who_set_nothing_has_the_usual_limit(easycall):
    found = spending_of(easycall, now=NOW)
    assert (found.day, found.in_period, found.left) == (Limit(D(20), Source.USUAL), None, D(20))
    assert (found.usual, found.most_a_day) == (D(20), D(60))


def test_the_usual_limit_follows_the_last_thirty_days_and_not_today(easycall):
    for back in range(1, 31):
        spend(easycall, "10", at=NOW - timedelta(days=back))
    spend(easycall, "999", at=NOW - timedelta(days=31))
    spend(easycall, "12.5")
    found = spending_of(easycall, now=NOW)
    assert (found.usual, found.spent_today, found.left) == (D(30), D("12.5"), D("17.5"))


def test_fees_payments_and_failed_calls_do_not_count(easycall):
    for service in (Service.SUBSCRIPTIONS, Service.DID_CHARGES, Service.CREDITS, Service.TAXES):
        spend(easycall, "100", service=service)
    spend(easycall, "-500", service=Service.PAYMENTS)
    assert spending_of(easycall, now=NOW).spent_today == 0
    for service in (Service.CALLS, Service.MESSAGES, Service.DATA):
        spend(easycall, "1", service=service)
    assert spending_of(easycall, now=NOW).spent_today == 3


def test_a_day_begins_at_the_customers_midnight_and_a_period_on_his_day(easycall):
    easycall.billing_day = 15
    easycall.save()
    SpendLimitsFactory(customer=easycall, daily_limit=50, period_limit=100)
    spend(easycall, "30", at=MIDNIGHT - timedelta(seconds=1))
    spend(easycall, "5", at=MIDNIGHT)
    spend(easycall, "60", at=datetime(2026, 11, 15, 4, 59, tzinfo=UTC))  # the last minute of the period before
    found = spending_of(easycall, now=NOW)
    assert (found.spent_today, found.spent_in_period, found.left) == (D(5), D(35), D(45))
    tomorrow = spending_of(easycall, now=NOW + timedelta(days=1))
    assert (tomorrow.spent_today, tomorrow.left) == (D(0), D(50))
    assert spending_of(easycall, now=datetime(2026, 12, 16, tzinfo=UTC)).spent_in_period == 0


def test_the_lower_of_two_limits_counts(easycall):
    SpendLimitsFactory(customer=easycall, daily_limit=50, period_limit=10)
    spend(easycall, "4")
    assert spending_of(easycall, now=NOW).left == 6


def test_staff_limit_whatever_the_customer_set(easycall):
    SpendLimitsFactory(customer=easycall, daily_limit=500, most_a_day=40, most_a_period=300)
    found = spending_of(easycall, now=NOW)
    assert (found.day, found.in_period) == (Limit(D(40), Source.STAFF), Limit(D(300), Source.STAFF))


def test_a_raise_counts_today_only(easycall):
    SpendLimitsFactory(customer=easycall, daily_limit=10, raised_on=NOW.date(), raised_to=35)
    assert spending_of(easycall, now=NOW).day == Limit(D(35), Source.RAISED)
    assert spending_of(easycall, now=NOW + timedelta(days=1)).day == Limit(D(10), Source.OWN)


def test_the_policy_of_the_class_goes_before_that_for_all(easycall):
    group = CustomerClass.objects.create(name="Business")
    SpendPolicy.objects.create(least=100)
    assert spending_of(easycall, now=NOW).usual == 100
    easycall.customer_class = group
    assert spending_of(easycall, now=NOW).usual == 100
    policy = SpendPolicy.objects.create(customer_class=group, least=7, most_times=2)
    assert (spending_of(easycall, now=NOW).usual, spending_of(easycall, now=NOW).most_a_day) == (D(7), D(14))
    policy.is_limited = False
    policy.save()
    assert spending_of(easycall, now=NOW).day is None


def test_staff_may_switch_the_usual_limit_off_for_one(easycall):
    SpendLimitsFactory(customer=easycall, automatic=False)
    assert (spending_of(easycall, now=NOW).left, spending_of(easycall, now=NOW).most_a_day) == (None, None)


def test_a_line_has_a_limit_of_its_own(easycall):
    lobby, desk = LineFactory(customer=easycall), LineFactory(customer=easycall)
    LineLimitFactory(line=lobby, daily_limit=3)
    spend(easycall, "2", line=lobby)
    spend(easycall, "9", line=lobby, at=MIDNIGHT - timedelta(seconds=1))
    spend(easycall, "5", line=desk)
    spend(easycall, "1", line=lobby, service=Service.SUBSCRIPTIONS)
    (found,) = lines_spending([easycall], now=NOW)
    assert (found.kept.line, found.spent_today, found.left) == (lobby, D(2), D(1))


@pytest.mark.parametrize(
    ("credit", "daily", "line", "expected"),
    [(500, 50, None, 46), (30, 50, None, 26), (500, 50, 7, 3), (500, 2, 7, 0), (0, 50, None, 0)],
)
def test_what_is_available_is_the_least_of_all(easycall, credit, daily, line, expected):
    easycall.credit_limit = credit
    easycall.save()
    phone = LineFactory(customer=easycall)
    SpendLimitsFactory(customer=easycall, daily_limit=daily)
    if line is not None:
        LineLimitFactory(line=phone, daily_limit=line)
    spend(easycall, "4", line=phone)
    assert available_for_calls(easycall, phone, now=NOW) == expected
    assert available_for_calls(easycall, None, now=NOW) >= expected


def test_each_office_has_its_own(easycall, lotus):
    berlin = CustomerFactory(main_office=easycall, time_zone="Europe/Berlin", currency="EUR")
    lobby = LineFactory(customer=berlin)
    LineLimitFactory(line=lobby, daily_limit=3)
    LineLimitFactory(line=LineFactory(customer=lotus))
    spend(easycall, "12")
    assert left_of_office(easycall, now=NOW) == ({easycall.pk: D(8), berlin.pk: D(20)}, {lobby.pk: D(3)})


def test_many_customers_take_as_many_queries_as_one(easycall):
    def asked(customers) -> int:
        with CaptureQueriesContext(connection) as found:
            spendings_of(customers, now=NOW)
            lines_spending(customers, now=NOW)
        return len(found)

    customers = [CustomerFactory() for _ in range(4)]
    for customer in customers:
        SpendLimitsFactory(customer=customer)
        LineLimitFactory(line=LineFactory(customer=customer))
        spend(customer, "3")
    assert asked(customers[:1]) == asked(customers)
