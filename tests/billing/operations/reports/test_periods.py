"""The reports of closed periods: each once, when the period is over where the customer is."""

from datetime import UTC, datetime, timedelta

import pytest

from billing.models import XdrReport
from billing.operations.reports import delete_report, open_automatic
from billing.operations.reports.periods import GRACE
from selfcare.errors import Refused
from selfcare.models import Customer
from tests.billing.operations.reports.made import book, call

MARCH_5 = datetime(2026, 3, 5, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def periods(customer) -> list[tuple[str, str]]:
    rows = XdrReport.for_customer(customer).order_by("period_start")
    return [(f"{row.period_start:%m-%d %H}", f"{row.period_end:%m-%d %H}") for row in rows]


def in_berlin(customer) -> None:
    Customer.objects.filter(pk=customer.pk).update(time_zone="Europe/Berlin")
    customer.refresh_from_db()


def test_a_period_gets_its_report_after_its_end_and_only_one(easycall):
    in_berlin(easycall)
    book(call(easycall, 1, at=MARCH_5))
    end = datetime(2026, 3, 31, 22, tzinfo=UTC)  # midnight in Berlin, where it is summer by then
    assert open_automatic(now=end + GRACE - timedelta(seconds=1)) == []
    assert len(open_automatic(now=end + GRACE)) == 1
    assert open_automatic(now=end + GRACE) == []
    assert open_automatic(now=end + timedelta(days=20)) == []
    assert periods(easycall) == [("02-28 23", "03-31 22")]
    assert XdrReport.objects.get().kind == XdrReport.Kind.AUTOMATIC


def test_after_an_outage_every_missed_period_gets_its_report(easycall):
    in_berlin(easycall)
    book(call(easycall, 1, at=MARCH_5))
    open_automatic(now=datetime(2026, 4, 2, tzinfo=UTC))
    book(*(call(easycall, f"later-{n}", at=MARCH_5 + timedelta(days=30 * n)) for n in (1, 3)))
    open_automatic(now=datetime(2026, 7, 2, tzinfo=UTC))
    assert periods(easycall) == [("02-28 23", "03-31 22"), ("03-31 22", "04-30 22"), ("05-31 22", "06-30 22")]


def test_the_period_begins_on_the_billing_day(easycall):
    Customer.objects.filter(pk=easycall.pk).update(time_zone="UTC", billing_day=4)
    book(call(easycall, 1, at=MARCH_5))
    open_automatic(now=datetime(2026, 4, 4, 2, tzinfo=UTC))
    assert periods(easycall) == [("03-04 00", "04-04 00")]


def test_without_a_transaction_there_is_no_report(easycall):
    assert open_automatic(now=datetime(2026, 4, 2, tzinfo=UTC)) == []


def test_the_report_of_a_period_cannot_be_deleted(easycall, alice):
    book(call(easycall, 1, at=MARCH_5))
    open_automatic(now=datetime(2026, 4, 2, tzinfo=UTC))
    with pytest.raises(Refused, match="13 months"):
        delete_report(user=alice, report=XdrReport.objects.get())
