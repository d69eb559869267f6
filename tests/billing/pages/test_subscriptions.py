"""Subscriptions: what alice (owner), bob (reads only), charlie (a stranger) and lena (one line) see of them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from billing.queries.subscriptions import subscriptions_of
from tests.factories import DidFactory, LineFactory, SubscriptionFactory

PAGE = "billing:subscriptions"


def sold(customer, name, **more):
    return SubscriptionFactory(customer=customer, name=name, **({"did": None} | more))


@pytest.fixture
def four(easycall):
    now = timezone.now()
    sold(easycall, "Later", started_at=now + timedelta(days=3), charged_until=now + timedelta(days=3))
    sold(easycall, "Over", ended_at=datetime(2026, 3, 1, 5, tzinfo=UTC), next_charge_at=None)
    sold(easycall, "Hosting", default_fee=Decimal(10), discount=Decimal(20), ended_at=now + timedelta(days=400))
    line = LineFactory(customer=easycall, account_id="12125550177", name="Front desk")
    sold(easycall, "Recording", line=line, cycle="daily", default_fee=Decimal("0.40"))


def names(customer, **more):
    return [each.name for each in subscriptions_of(customer, now=timezone.now(), **more)]


def test_active_ones_stand_first_and_those_to_come_at_the_end(four, easycall, lotus):
    assert sorted(names(easycall)[:2]) == ["Hosting", "Recording"]
    assert names(easycall)[2:] == ["Later"]
    assert names(easycall, ended=True)[2:] == ["Over", "Later"]
    assert names(lotus) == []
    assert names(None) == []


def test_the_page_says_fee_discount_and_what_it_is_for(four, as_alice):
    page = as_alice.get(reverse(PAGE)).content.decode()
    assert "8.00 USD a month" in page
    assert "Default 10.00 USD, 20 % discount" in page
    assert "0.40 USD a day" in page
    assert "Line 12125550177 (Front desk)" in page
    assert "EasyCall Ltd</td>" in page
    assert "Over" not in page


def test_one_to_come_is_grey_and_one_that_is_over_hidden_until_asked_for(four, as_alice):
    page = as_alice.get(reverse(PAGE), {"ended": "on"}).content.decode()
    assert '<span class="text-quiet">Later <span class="badge none">Pending</span></span>' in page
    assert 'Over <span class="badge none">Ended</span>' in page
    assert '<span class="text-quiet">Over' not in page


def test_days_are_the_customers_and_the_finish_date_is_the_last_day(as_alice, alice, easycall):
    alice.time_zone, alice.date_format = "Asia/Tokyo", "iso"
    alice.save()
    sold(
        easycall,
        "Hosting",
        started_at=datetime(2026, 1, 1, 5, tzinfo=UTC),
        ended_at=datetime(2056, 2, 1, 5, tzinfo=UTC),
        charged_until=datetime(2026, 2, 1, 5, tzinfo=UTC),
    )
    page = as_alice.get(reverse(PAGE)).content.decode()
    assert "2026-01-01" in page
    assert "2056-01-31" in page


def test_the_fee_of_a_number_names_the_number(as_alice, easycall):
    sold(easycall, "Number", did=DidFactory(line=LineFactory(customer=easycall), number="12125550150"))
    assert "Number +1 212-555-0150" in as_alice.get(reverse(PAGE)).content.decode()


def test_a_download_has_numbers_and_words(four, as_alice):
    file = b"".join(as_alice.get(reverse(PAGE), {"format": "csv"}).streaming_content).decode()
    assert "Hosting,8.00" in file
    assert "EasyCall Ltd" in file


@pytest.mark.parametrize("by", ["name", "-name", "fee", "-ended_at", "started_at", "cycle", "discount"])
def test_it_sorts_by_every_head(four, as_alice, by):
    assert as_alice.get(reverse(PAGE), {"sort": by}).status_code == 200


def test_who_sees_it(four, as_bob, as_charlie, as_lena, client):
    assert as_bob.get(reverse(PAGE)).status_code == 200
    assert "Hosting" not in as_charlie.get(reverse(PAGE)).content.decode()
    assert as_lena.get(reverse(PAGE)).status_code == 403
    assert client.get(reverse(PAGE)).status_code == 302
