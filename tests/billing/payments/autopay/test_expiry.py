"""Cards that end soon are told of 30 days and 7 days before, once each."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from billing.operations.autopay import tell_of_expiring
from selfcare.models import OutgoingMail
from tests.factories import StoredMethodFactory

pytestmark = pytest.mark.django_db
LAST = datetime(2026, 2, 28, 12, tzinfo=UTC)


def told() -> int:
    return OutgoingMail.objects.filter(key__startswith="card_expires:").count()


@pytest.fixture
def card(easycall, alice):
    return StoredMethodFactory(customer=easycall, exp_month=2, exp_year=2026)


def test_twice_whoever_asks_how_often(card):
    counts = []
    for day in range(60, -3, -1):
        for _again in range(2):
            tell_of_expiring(now=LAST - timedelta(days=day))
        counts.append((day, told()))
    changes = [day for (_before, count), (day, after) in pairwise(counts) if after > count]
    assert changes == [30, 7]
    mail = OutgoingMail.objects.order_by("id").last()
    assert mail.to == ["alice@example.com"]
    assert mail.subject == "Your card Visa 4242 ends on 2026-02-28"


def test_nobody_was_there_for_weeks(card):
    tell_of_expiring(now=LAST - timedelta(days=3))
    assert told() == 1


@pytest.mark.parametrize(
    "spoiled",
    [{"removed_at": LAST}, {"usable": False}, {"exp_month": None, "exp_year": None}, {"exp_year": 2027},
     {"exp_month": 1}],
)  # fmt: skip
def test_what_is_not_told(card, spoiled):
    type(card).objects.update(**spoiled)
    tell_of_expiring(now=LAST - timedelta(days=5))
    assert told() == 0


def test_over_the_end_of_a_year(easycall, alice):
    StoredMethodFactory(customer=easycall, exp_month=1, exp_year=2027)
    tell_of_expiring(now=datetime(2027, 1, 1, 12, tzinfo=UTC))
    assert told() == 1


def test_all_customers_in_one_query(card, django_assert_num_queries):
    StoredMethodFactory(exp_month=6, exp_year=2026)
    with django_assert_num_queries(1):
        tell_of_expiring(now=LAST - timedelta(days=200))
