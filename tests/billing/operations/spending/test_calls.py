"""Notices about single calls come with their booking, and about limits right after it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from billing.models import SpendNotice
from billing.operations.priced_calls import book_priced
from billing.operations.spending.calls import is_abroad
from selfcare.models import OutgoingMail
from tests.billing.operations.test_calls import book, call
from tests.billing.operations.test_priced_calls import priced
from tests.billing.priced import NOW, german_customer
from tests.factories import SpendLimitsFactory, UserFactory

pytestmark = pytest.mark.django_db
Kind = SpendNotice.Kind
NIGHT = datetime(2026, 11, 14, 23, 30, tzinfo=UTC)  # half past midnight in Berlin


@pytest.fixture
def customer():
    customer = german_customer(p4930="6.00", p44="6.00", p4915="0.06")
    UserFactory(customer=customer)
    return customer


def told(kind) -> int:
    return SpendNotice.objects.filter(kind=kind).count()


def test_a_limit_is_told_of_right_after_the_booking(customer):
    book(customer, call())
    assert SpendNotice.objects.get().percent == 50  # 12 of 20
    book(customer, call(2))
    assert list(SpendNotice.objects.order_by("pk").values_list("percent", flat=True)) == [50, 100]


def test_a_dear_call_is_told_once_an_hour(customer):
    SpendLimitsFactory(customer=customer, daily_limit=1000, call_over=5)
    book(customer, call(), call(2, cld="+442079460000", seconds=121), call(3, cld="+4915112345678"))
    notice = SpendNotice.objects.get()
    assert (notice.kind, notice.amount, notice.number) == (Kind.CALL_OVER, 18, "442079460000")
    assert "+44 20 7946 0000" in OutgoingMail.objects.get().body
    book(customer, call(), call(4))
    assert told(Kind.CALL_OVER) == 1
    book(customer, call(5, started_at=NOW - timedelta(hours=1)))
    assert told(Kind.CALL_OVER) == 2


def test_calls_abroad_at_night_are_told_once_a_night(customer):
    SpendLimitsFactory(customer=customer, daily_limit=1000, night_abroad=True)
    book(customer, call(1, started_at=NIGHT), call(2, cld="+442079460000"))
    assert told(Kind.NIGHT_ABROAD) == 0  # at night, but in the country; abroad, but by day
    for number, hours in ((3, -1), (4, 0), (5, 5)):
        book(customer, call(number, cld="+442079460000", started_at=NIGHT + timedelta(hours=hours)))
    assert told(Kind.NIGHT_ABROAD) == 1
    book(customer, call(6, cld="+442079460000", started_at=NIGHT - timedelta(hours=24)))
    assert told(Kind.NIGHT_ABROAD) == 2


def test_calls_that_carry_their_price_are_told_of_like_others(customer):
    SpendLimitsFactory(customer=customer, call_over=5, night_abroad=True)
    dear, cheap = priced(1, "5.01", account="101"), priced(2, "5.00")
    abroad = priced(3, "0.10", cld="+442079460000", started_at=NIGHT)
    old = priced(4, "9.00", started_at=NOW - timedelta(days=3))
    book_priced({customer.pk: [dear, cheap, abroad, old]}, source="portal", now=NOW, dry_run=True)
    assert not SpendNotice.objects.exists()
    for _attempt in range(2):
        book_priced({customer.pk: [dear, cheap, abroad, old]}, source="portal", now=NOW)
        assert list(SpendNotice.objects.order_by("kind").values_list("kind", "amount")) == [
            (Kind.CALL_OVER, Decimal("5.01")),
            (Kind.NIGHT_ABROAD, Decimal("0.10")),
        ]


def test_old_calls_of_an_import_are_no_news(customer):
    SpendLimitsFactory(customer=customer, call_over=1, night_abroad=True)
    book(customer, call(started_at=NOW - timedelta(days=3), cld="+442079460000"))
    assert not SpendNotice.objects.exists()


def test_a_rehearsal_tells_nobody(customer):
    SpendLimitsFactory(customer=customer, call_over=1)
    book(customer, call(), call(2), dry_run=True)
    assert not SpendNotice.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_what_is_abroad():
    assert is_abroad("442079460000", "DE")
    assert is_abroad("18765550123", "US")
    assert not is_abroad("12125550123", "US")
    assert not is_abroad("110", "DE")
    assert not is_abroad("442079460000", "")
