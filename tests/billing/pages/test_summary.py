"""The Billing Summary: five windows by their definitions, the charts of the chosen time, and who sees whose."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing.models import DiscountStep, DiscountUsage, Payment, Service
from billing.operations.ledger import LedgerRow, post_rows
from selfcare.models import CustomerClass, Role
from tests.factories import CustomerDiscountFactory, InvoiceFactory, PaymentFactory, SubscriptionFactory, UserFactory
from tests.people import signed_in

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
PAGE = "/billing/"
D = Decimal


@pytest.fixture(autouse=True)
def in_november():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(autouse=True)
def days_as_iso(alice):
    alice.date_format = "iso"
    alice.save()


def book(customer, *, days, amount="1.50", service=Service.CALLS, name="call", **more):
    more = {"destination": "Germany", "country": "DE"} | more if service == Service.CALLS else more
    rows = [
        LedgerRow(
            customer_id=customer.pk,
            service_id=service,
            started_at=NOW - timedelta(days=back, hours=1),
            amount=D(amount),
            charged_quantity=D(90),
            external_id=f"{name}:{customer.pk}-{service}-{back}",
            **more,
        )
        for back in days
    ]
    post_rows(rows, now=NOW)


def text(answer) -> str:
    """What the page says, tags away."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_a_new_customer_sees_what_will_be_there(as_alice):
    answer = as_alice.get(PAGE)
    assert b"chart-area" not in answer.content
    said = text(answer)
    for words in (
        "Nothing was charged or paid in this billing period yet.",
        "There is nothing that you pay for by the month.",
        "You have no volume discount at the moment.",
        "Nothing was charged in this time.",
        "A forecast appears here after four weeks of calls.",
        "Nobody called a number outside in this time.",
        "There were no calls in this time.",
        "Last Invoice Amount –",
        "Last Payment Received on –",
    ):
        assert words in said


def test_the_totals_are_those_of_the_billing_period(easycall, as_alice):
    easycall.billing_day = 15
    easycall.save()
    book(easycall, days=range(6))  # three of them since the 15th, and the 14th, 13th and 12th
    said = text(as_alice.get(PAGE))
    assert "Transactions Totals Information 2026-11-15 – 2026-12-14" in said
    assert "Voice Calls 4 6:00 6.00000 USD" in said
    assert "Total 4 6.00000 USD" in said


def test_the_invoices_by_their_definitions(easycall, as_alice):
    september = {"period_start": datetime(2026, 9, 1, tzinfo=UTC), "period_end": datetime(2026, 10, 1, tzinfo=UTC)}
    october = {"period_start": datetime(2026, 10, 1, tzinfo=UTC), "period_end": datetime(2026, 11, 1, tzinfo=UTC)}
    InvoiceFactory(customer=easycall, due_date=date(2026, 10, 15), net=D(100), tax=D(20), total=D(120), **september)
    InvoiceFactory(
        customer=easycall,
        due_date=date(2026, 11, 18),
        net=D(80),
        tax=D(0),
        total=D(80),
        previous_unpaid=D(120),
        **october,
    )
    paid = {"state": Payment.State.SUCCEEDED, "customer": easycall}
    PaymentFactory(amount=D(33), paid_at=NOW - timedelta(days=3), **paid)
    PaymentFactory(amount=D(44), paid_at=NOW - timedelta(days=9), **paid)
    said = text(as_alice.get(PAGE))
    assert "Balance Due 200.00 USD" in said
    assert "Overdue Balance 120.00 USD" in said  # the other is due today
    assert "Last Invoice Due Date 2026-11-18" in said
    assert "Last Invoice Amount 200.00 USD" in said
    assert "Last Payment Received on 2026-11-15: 33.00 USD" in said
    assert f'href="{reverse("billing:invoices")}"'.encode() in as_alice.get(PAGE).content


def test_subscriptions_that_run_are_listed_as_on_their_own_page(easycall, alice, as_alice):
    alice.time_zone = "Asia/Tokyo"  # the days stay those of the customer in New York
    alice.save()
    times = {"started_at": datetime(2026, 10, 9, 22, tzinfo=UTC), "charged_until": NOW + timedelta(days=12)}
    SubscriptionFactory(customer=easycall, name="Fax line", default_fee=D(10), discount=D(20), **times)
    SubscriptionFactory(customer=easycall, name="Hosting", did=None, cycle="daily", default_fee=D("0.4"), **times)
    SubscriptionFactory(customer=easycall, name="Old one", ended_at=NOW, **times)
    SubscriptionFactory(
        customer=easycall,
        name="Later",
        started_at=NOW + timedelta(days=1),
        charged_until=NOW + timedelta(days=1),
    )
    said, page = text(as_alice.get(PAGE)), text(as_alice.get(reverse("billing:subscriptions")))
    assert "Hosting EasyCall Ltd 2026-10-09 0.40 USD a day" in said
    assert "2026-10-09 8.00 USD a month" in said
    assert "Old one" not in said
    assert "Later" not in said
    for words in ("0.40 USD a day", "8.00 USD a month", "2026-10-09"):
        assert words in page


def test_a_window_shows_the_newest_and_leads_to_the_rest(easycall, as_alice):
    for number in range(6):
        began = NOW - timedelta(days=number)
        SubscriptionFactory(customer=easycall, name=f"Line rental {number:02}", started_at=began, charged_until=NOW)
    content = as_alice.get(PAGE).content.decode()
    assert content.count("Line rental") == 5
    assert "Line rental 05" not in content
    assert "These are the newest 5." in content
    assert f'href="{reverse("billing:subscriptions")}">See All Subscriptions' in content


def test_what_is_left_of_a_discount_is_what_its_page_says(easycall, as_alice):
    discount = CustomerDiscountFactory(customer=easycall)
    DiscountStep.objects.create(plan=discount.plan, upto=6000, percent=D(100))
    DiscountStep.objects.create(plan=discount.plan, upto=None, percent=D(10))
    november = {
        "period_start": datetime(2026, 11, 1, 4, tzinfo=UTC),
        "period_end": datetime(2026, 12, 1, 5, tzinfo=UTC),
    }
    october = {"period_start": datetime(2026, 10, 1, 4, tzinfo=UTC), "period_end": datetime(2026, 11, 1, 4, tzinfo=UTC)}
    DiscountUsage.objects.create(discount=discount, used=D(1500), **november)
    DiscountUsage.objects.create(discount=discount, used=D(6000), **october)
    CustomerDiscountFactory(customer=easycall, plan__name="Gone", ends_at=NOW)
    answer, page = as_alice.get(PAGE), as_alice.get(reverse("billing:discounts"))
    words = "25 min used , 75 min left for free 12 days 17:00"
    assert words in text(answer)
    assert words in text(page)
    assert "Gone" not in text(answer)
    assert f'href="{reverse("billing:discount", args=[discount.pk])}"' in answer.content.decode()


def test_a_page_that_is_switched_off_has_no_window_and_no_link(easycall, as_alice):
    book(easycall, days=[1])
    SubscriptionFactory(customer=easycall)
    off = ["billing:invoices", "billing:transactions", "billing:subscriptions", "billing:discounts", "billing:pay"]
    easycall.customer_class = CustomerClass.objects.create(name="Few pages", hidden_pages=off)
    easycall.save()
    answer = as_alice.get(PAGE)
    content = answer.content.decode()
    for heading in ("Invoices Information", "Active Subscriptions", "Volume Discounts"):
        assert heading not in content
    for name in off:
        assert f'href="{reverse(name)}' not in content
    assert "Voice Calls 1 1:30" in text(answer)


@pytest.mark.parametrize(
    ("query", "first", "title", "total"),
    [
        ("", "2026-11-01 – 2026-11-30", "Spend by day and service", "3.00 USD in all"),
        ("?time=this", "2026-11-01 – 2026-11-30", "Spend by day and service", "3.00 USD in all"),
        ("?time=last", "2026-10-01 – 2026-10-31", "Spend by day and service", "2.00 USD in all"),
        ("?time=year", "2025-12-01 – 2026-11-30", "Spend by period and service", "7.00 USD in all"),
        ("?time=nonsense", "2026-11-01 – 2026-11-30", "Spend by day and service", "3.00 USD in all"),
    ],
)
def test_the_time_that_was_chosen(easycall, as_alice, query, first, title, total):
    book(easycall, days=[1, 40, 300], amount="2")
    book(easycall, days=[2], amount="1", service=Service.SUBSCRIPTIONS)
    book(easycall, days=[3], amount="-500", service=Service.PAYMENTS)
    said = text(as_alice.get(PAGE + query))
    assert f"Spending {first}" in said
    assert title in said
    assert total in said


def test_the_comparison_and_the_forecast_are_of_this_period_whatever_is_chosen(easycall, as_alice):
    book(easycall, days=range(60), amount="2")
    for query in ("", "?time=last", "?time=year"):
        said = text(as_alice.get(PAGE + query))
        assert "36.00 USD until today; on the same day of the last period it was 36.00 USD." in said
        assert "Forecast: 60.00 USD by the end of this period, most likely between 60.00 USD and 60.00 USD." in said


def test_four_weeks_are_needed_for_a_forecast(easycall, as_alice):
    book(easycall, days=range(27), amount="2")
    assert "A forecast appears here after four weeks of calls." in text(as_alice.get(PAGE))


def test_months_are_named_where_the_period_is_none(easycall, as_alice):
    book(easycall, days=[1])
    words = "Destinations and hours are counted by whole calendar months."
    assert words not in text(as_alice.get(PAGE))
    easycall.billing_day = 10
    easycall.save()
    said = text(as_alice.get(PAGE))
    assert words in said
    assert "Top destinations 2026-11-01 – 2026-12-31" in said


def test_each_chart_has_its_figures(easycall, as_alice):
    book(easycall, days=[1])
    content = as_alice.get(PAGE).content.decode()
    assert content.count('role="img"') == content.count('<details class="chart-figures"') == 4
    said = text(as_alice.get(PAGE))
    assert "Most was spent on calls to Germany (DE): 1.50 USD." in said
    assert "Most calls began on Tuesday between 06:00 and 07:00." in said


def test_places_in_the_drawing_have_a_point_in_every_language(easycall, as_alice):
    book(easycall, days=range(5), amount="1.37")
    content = as_alice.get(PAGE, headers={"accept-language": "de"}).content.decode()
    assert re.search(r'<rect class="s1" x="\d+\.\d+%"', content)
    assert not re.search(r'<(rect|line|text)[^>]*="-?\d+,\d', content)


def test_a_stranger_sees_his_own(easycall, as_charlie):
    book(easycall, days=[1])
    SubscriptionFactory(customer=easycall, name="Fax line")
    CustomerDiscountFactory(customer=easycall, plan__name="Europe")
    said = text(as_charlie.get(PAGE))
    assert "Germany" not in said
    assert "Fax line" not in said
    assert "Europe" not in said


def test_a_prepaid_customer_has_no_credit_limit(as_charlie):
    said = text(as_charlie.get(PAGE))
    assert "Billed Prepaid" in said
    assert "Credit Limit" not in said


def test_who_may_look(easycall, as_bob):
    assert as_bob.get(PAGE).status_code == 200
    assert as_bob.post(PAGE).status_code in {403, 405}
    manager = UserFactory(customer=easycall, role=Role.CENTREX_MANAGER)
    assert signed_in(manager).get(PAGE).status_code == 403


def test_more_rows_cost_no_more_queries(easycall, as_alice):
    def fill(n):
        book(easycall, days=range(2 * n, 2 * n + 2), name=f"call{n}", destination=f"Place {n}")
        SubscriptionFactory(customer=easycall)
        discount = CustomerDiscountFactory(customer=easycall)
        DiscountStep.objects.create(plan=discount.plan, upto=600, percent=D(100))

    fill(0)
    as_alice.get(PAGE)
    with CaptureQueriesContext(connection) as one:
        as_alice.get(PAGE)
    fill(1), fill(2)
    with CaptureQueriesContext(connection) as three:
        as_alice.get(PAGE)
    assert len(one) == len(three), "\n".join(query["sql"][:150] for query in three)
