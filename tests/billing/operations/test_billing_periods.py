"""The kind of a customer's billing periods: chosen by staff, counting from the next one, followed by everything."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from billing.models import Invoice, Xdr, XdrReport
from billing.operations.billing_periods import choose_billing_period
from billing.operations.billing_run import close_periods
from billing.operations.reports import open_automatic
from billing.operations.statistics import closed_periods
from billing.operations.subscriptions import charge_due, open_subscription
from billing.queries.calendars import calendar_of, period_of
from billing.queries.discount_terms import Terms
from billing.queries.spend_limits import spending_of
from selfcare.errors import Refused
from selfcare.models import AuditEvent, Customer
from tests.billing.bills import book
from tests.factories import CustomerDiscountFactory, CustomerFactory

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 11, 12, tzinfo=UTC)  # a Wednesday


def chosen(customer: Customer, kind: str, *, day: int = 1, at: datetime = NOW) -> Customer:
    return choose_billing_period(customer=customer, kind=kind, billing_day=day, staff=None, now=at)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


@pytest.fixture
def berlin(db) -> Customer:
    customer = CustomerFactory(time_zone="Europe/Berlin", currency="EUR")
    Customer.objects.filter(pk=customer.pk).update(created_at=local("2026-01-14"))
    customer.refresh_from_db()
    return customer


@pytest.fixture
def weekly(berlin) -> Customer:
    Customer.objects.filter(pk=berlin.pk).update(billing_period="weekly")
    berlin.refresh_from_db()
    return berlin


def test_a_change_counts_from_the_next_period_and_the_first_one_is_partial(berlin, dora):
    before = period_of(berlin, NOW)
    changed = choose_billing_period(customer=berlin, kind="weekly", billing_day=1, staff=dora, now=NOW)
    assert changed.billing_since == date(2026, 4, 1)
    assert period_of(changed, NOW) == before
    first = period_of(changed, before.end)
    assert (first.start, first.end) == (local("2026-04-01"), local("2026-04-06")), "from a Wednesday to Sunday"
    assert period_of(changed, first.end).end == local("2026-04-13")
    event = AuditEvent.objects.get(action="edit")
    assert event.user == dora
    assert next(pair[1] for pair in event.changes.values()) == "Weekly, Monday to Sunday"


def test_a_change_that_does_not_count_yet_is_replaced(berlin):
    first = chosen(berlin, "weekly")
    second = chosen(first, "daily", at=NOW + timedelta(days=3))
    assert (second.billing_since, len(second.billing_before)) == (date(2026, 4, 1), 1)
    third = chosen(second, "30_days", at=local("2026-04-10T12:00"))
    assert (third.billing_since, len(third.billing_before)) == (date(2026, 4, 11), 2)
    assert period_of(third, local("2026-04-05T12:00")).start == local("2026-04-05")
    assert [period_of(third, local(day)).start for day in ("2026-03-05", "2026-04-10")] == [
        local("2026-03-01"), local("2026-04-10"),
    ]  # fmt: skip


def test_what_cannot_be_is_refused(berlin):
    with pytest.raises(Refused, match="already"):
        chosen(berlin, "monthly")
    with pytest.raises(Refused, match="between 1 and 28"):
        chosen(berlin, "monthly", day=29)


def test_an_anniversary_of_the_31st_runs_from_28th_to_28th(db):
    customer = CustomerFactory(time_zone="Europe/Berlin", billing_period="anniversary")
    Customer.objects.filter(pk=customer.pk).update(created_at=local("2026-01-31T09:00"))
    customer.refresh_from_db()
    book(customer, "3", at=local("2026-02-02"))
    made = close_periods(customer=customer, now=local("2026-04-01"))
    assert [(i.period_start, i.period_end) for i in made] == [
        (local("2026-01-31"), local("2026-02-28")),
        (local("2026-02-28"), local("2026-03-28")),
    ]


def test_each_week_is_an_invoice_and_the_first_begins_with_the_customer(weekly):
    book(weekly, "3", at=local("2026-01-15"))
    book(weekly, "4", at=local("2026-01-19"))
    made = close_periods(customer=weekly, now=local("2026-01-27"))
    assert [(i.period_start, i.period_end, i.total) for i in made] == [
        (local("2026-01-14"), local("2026-01-19"), 3),
        (local("2026-01-19"), local("2026-01-26"), 4),
    ]


def test_a_fee_for_a_month_is_charged_week_by_week_and_sums_to_it(weekly):
    open_subscription(customer=weekly, name="Line", fee=Decimal("31.00"), did=None, now=local("2026-03-01"))
    charge_due(now=local("2026-04-01") - timedelta(seconds=1))
    rows = Xdr.objects.for_customer(weekly).order_by("started_at")
    assert [(row.started_at, row.amount) for row in rows] == [
        (local("2026-03-01"), 1), (local("2026-03-02"), 7), (local("2026-03-09"), 7), (local("2026-03-16"), 7),
        (local("2026-03-23"), 7), (local("2026-03-30"), 2),
    ]  # fmt: skip


def test_reports_and_statistics_follow(weekly):
    for day in ("2026-03-03", "2026-03-10", "2026-03-17"):
        book(weekly, "1", at=local(day))
    open_automatic(now=local("2026-03-09T02:00"))
    open_automatic(now=local("2026-03-16T02:00"))
    open_automatic(now=local("2026-03-16T03:00"))
    spans = XdrReport.objects.filter(customer=weekly).order_by("period_start")
    assert list(spans.values_list("period_start", "period_end")) == [
        (local("2026-03-02"), local("2026-03-09")), (local("2026-03-09"), local("2026-03-16")),
    ]  # fmt: skip
    periods = closed_periods(weekly, since=local("2026-03-02"), now=local("2026-03-17"))
    assert [(each.start, each.end) for each in periods] == list(spans.values_list("period_start", "period_end"))


def test_limits_and_discounts_follow(weekly):
    spending = spending_of(weekly, now=NOW)
    assert (spending.period.first, spending.period.end) == (date(2026, 3, 9), date(2026, 3, 16))
    discount = CustomerDiscountFactory(customer=weekly, plan__reset="billing_period")
    window = Terms.of(discount).window_at(NOW)
    assert (window.start, window.end) == (local("2026-03-09"), local("2026-03-16"))


def test_the_summary_shows_the_week(as_alice, easycall):
    Customer.objects.filter(pk=easycall.pk).update(billing_period="weekly")
    for time in ("this", "last", "year"):
        page = as_alice.get(reverse("billing:summary"), {"time": time})
        assert page.status_code == 200
        span = page.context["period"]
        assert (span.end - span.first).days == 7
        assert span.first.weekday() == 0


@pytest.mark.django_db
def test_staff_choose_it_in_the_administration(as_dora, easycall):
    page = reverse("admin:billing_account_period", args=[easycall.pk])
    begins = calendar_of(easycall).day(period_of(easycall, timezone.now()).end)
    assert "counts from the next period" in as_dora.get(page).content.decode()
    assert as_dora.post(page, {"billing_period": "weekly", "billing_day": "29"}).status_code == 200
    assert as_dora.post(page, {"billing_period": "weekly", "billing_day": "1"}).status_code == 302
    easycall.refresh_from_db()
    assert (easycall.billing_period, easycall.billing_since) == ("weekly", begins)
    assert not Invoice.objects.exists()


def test_the_customers_form_does_not_rewrite_periods(as_dora, easycall):
    change = as_dora.get(reverse("admin:selfcare_customer_change", args=[easycall.pk]))
    assert not {"billing_period", "billing_day"} & set(change.context["adminform"].form.fields)
    added = as_dora.get(reverse("admin:selfcare_customer_add"))
    assert {"billing_period", "billing_day"} <= set(added.context["adminform"].form.fields)
