"""Volume Discounts: the list, its bars, the history, and who may see them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from billing.models import DiscountUsage
from billing.pages.discounts import Bar, bar_of, days_words, left_words, time_left
from billing.queries.discounts import Period, discounts_of
from billing.rating.discount import Threshold
from tests.billing.operations.test_rating import give_discount

pytestmark = pytest.mark.django_db
LIST = "billing:discounts"
START = datetime(2026, 1, 1, tzinfo=UTC)


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def steps(*found: tuple[int | None, int]) -> tuple[Threshold, ...]:
    return tuple(Threshold(None if upto is None else Decimal(upto), Decimal(percent)) for upto, percent in found)


@pytest.mark.parametrize(
    ("used", "thresholds", "bar"),
    [
        (50, steps((100, 100)), Bar(500, ())),
        (120, steps((100, 100), (200, 50)), Bar(600, (500,))),
        # Without an end the bar goes on beyond the last edge, and beyond what is used.
        (50, steps((100, 100), (None, 50)), Bar(400, (800,))),
        (400, steps((100, 100), (None, 50)), Bar(800, (200,))),
        (300, steps((100, 100)), Bar(1000, ())),
        (300, steps((None, 50)), None),
    ],
)
def test_a_bar_shows_what_is_used_and_its_edges(used, thresholds, bar):
    period = Period(START, None, Decimal(used), Decimal(0), thresholds)
    assert bar_of(period) == bar


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(days=3, hours=4, minutes=12, seconds=59), "3 days 04:12"),
        (timedelta(days=1), "1 day 00:00"),
        (timedelta(hours=5), "05:00"),
        (timedelta(days=-1), "00:00"),
    ],
)
def test_the_time_that_is_left(left, words):
    assert time_left(START + left, now=START) == words


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (datetime(2026, 11, 1, 4, tzinfo=UTC), datetime(2026, 12, 1, 5, tzinfo=UTC), "11/01/2026 – 11/30/2026"),
        (datetime(2026, 11, 3, 5, tzinfo=UTC), datetime(2026, 11, 4, 5, tzinfo=UTC), "11/03/2026"),
        (datetime(2026, 11, 3, 4, tzinfo=UTC), None, "since 11/02/2026"),
    ],
)
def test_a_window_is_named_by_the_customers_days(start, end, words):
    period = Period(start, end, Decimal(0), Decimal(0), ())
    with translation.override("en"):
        assert days_words(period, ZoneInfo("America/New_York")) == words


def test_the_list_says_what_is_used_and_left(as_alice, easycall):
    now = timezone.now()
    discount = give_discount(easycall, [(6000, 100), (None, 50)], prefixes=["49"], starts_at=now - timedelta(days=9),
                             reset="never", precedence=7)  # fmt: skip
    DiscountUsage.objects.create(discount=discount, period_start=discount.starts_at, used=5250)
    future = give_discount(easycall, [(60, 20)], starts_at=now + timedelta(days=9))
    page = text(as_alice.get(reverse(LIST)))
    for words in (
        "Group 0", "Plan 0", "87:30 min used", "12:30 min left", "Never", "Free", "On its own",
        "up to 100 min: Free", "after that: 50 %", "Not Yet Active", "Starts on", "Usage history",
    ):  # fmt: skip
        assert words in page
    assert f'popovertarget="history-{discount.pk}"' in page
    # What counts today comes before what does not count yet.
    assert page.index(f'"history-{discount.pk}"') < page.index(f'"history-{future.pk}"')
    assert 'width="700"' in page  # 5250 of 6000, and a quarter more for what has no end


@pytest.mark.parametrize(
    ("steps", "used", "words"),
    [
        ([(6000, 50)], 600, "90 min left"),
        ([(6000, 100), (12000, 50)], 600, "90 min left for free"),
        ([(6000, 100), (12000, 50)], 6600, "90 min left at 50 % discount"),
        ([(6000, 100), (12000, 50)], 12000, "0 min left"),
        ([(6000, 100), (None, 50)], 6000, "no limit"),
    ],
)
def test_what_is_left_is_said_of_the_step_that_runs(easycall, steps, used, words):
    discount = give_discount(easycall, steps, reset="never")
    DiscountUsage.objects.create(discount=discount, period_start=discount.starts_at, used=used)
    (state,) = discounts_of(easycall, now=timezone.now())
    assert left_words(state) == words


def test_who_has_none_is_told_what_they_are(as_alice):
    assert "You have no volume discounts" in text(as_alice.get(reverse(LIST)))


def test_the_history_has_all_periods_and_the_others(as_bob, easycall):
    discount = give_discount(easycall, [(100, 100)], reset="daily", roll_over=True)
    waiting = give_discount(easycall, [(None, 10)], precedence=1)
    start = discount.starts_at.replace(hour=0)
    DiscountUsage.objects.bulk_create(
        DiscountUsage(
            discount=discount, period_start=start + timedelta(days=n), period_end=start + timedelta(days=n + 1), used=90
        )
        for n in range(1, 21)
    )
    page = text(as_bob.get(reverse("billing:discount", args=[discount.pk])))
    assert page.count("1:30 min") == 20
    assert waiting.plan.name in page
    assert "may still be used in the next period" in page


def test_a_stranger_does_not_learn_that_it_exists(as_charlie, easycall):
    address = reverse("billing:discount", args=[give_discount(easycall, [(60, 100)]).pk])
    assert {as_charlie.generic(method, address).status_code for method in ("GET", "HEAD", "POST", "OPTIONS")} == {404}
    assert "Plan 0" not in text(as_charlie.get(reverse(LIST)))


def test_who_is_not_signed_in_is_sent_to_the_login(client, easycall):
    assert client.get(reverse(LIST)).status_code == 302


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_as_many_queries_for_three_as_for_one(as_alice, easycall, rows, django_assert_max_num_queries):
    for _number in range(rows):
        give_discount(easycall, [(60, 100)], prefixes=["49"])
    as_alice.get(reverse(LIST))
    with django_assert_max_num_queries(14), translation.override("en"):
        as_alice.get(reverse(LIST))
