"""What a customer reads about his discounts: how each stands, what is left, and until when."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from billing.models import DestinationGroup, DiscountUsage
from billing.queries.discounts import Status, discount_with_others, discounts_of
from tests.billing.operations.test_rating import give_discount
from tests.billing.priced import NOW

pytestmark = pytest.mark.django_db
NOVEMBER = datetime(2026, 11, 1, 4, tzinfo=UTC)  # midnight in New York, still in summer time
DECEMBER = datetime(2026, 12, 1, 5, tzinfo=UTC)


@pytest.fixture
def easycall(easycall):
    easycall.time_zone = "America/New_York"
    easycall.save()
    return easycall


def use(discount, used, *, start=NOVEMBER, end=DECEMBER, rolled_over=0):
    return DiscountUsage.objects.create(
        discount=discount, period_start=start, period_end=end, used=used, rolled_over=rolled_over
    )


def state(discount):
    (found,) = [one for one in discounts_of(discount.customer, now=NOW) if one.pk == discount.pk]
    return found


@pytest.mark.parametrize(
    ("steps", "used", "status", "percent", "remaining"),
    [
        ([(6000, 100), (None, 50)], 0, Status.ACTIVE, 100, 6000),
        ([(6000, 100), (None, 50)], 5250, Status.ACTIVE, 100, 750),
        ([(6000, 100), (None, 50)], 6000, Status.ACTIVE, 50, None),
        ([(6000, 100), (9000, 50)], 6000, Status.ACTIVE, 50, 3000),
        ([(6000, 100), (9000, 50)], 9000, Status.CONSUMED, 0, 0),
        ([(6000, 100)], 6000, Status.CONSUMED, 0, 0),
    ],
)
def test_how_a_discount_stands(easycall, steps, used, status, percent, remaining):
    discount = give_discount(easycall, steps)
    use(discount, used)
    found = state(discount)
    assert (found.status, found.percent, found.remaining) == (status, percent, remaining)
    assert found.expires_at == DECEMBER
    assert (found.current.starts_at, found.current.ends_at) == (NOVEMBER, DECEMBER)


def test_before_the_start_and_after_the_end(easycall):
    future = give_discount(easycall, [(60, 100)], starts_at=NOW + timedelta(days=9))
    over = give_discount(easycall, [(60, 100)])
    over.ends_at = NOW - timedelta(days=1)
    over.save()
    assert state(future).status == Status.NOT_YET
    assert (state(over).status, state(over).expires_at) == (Status.ENDED, over.ends_at)
    over.starts_at, over.ends_at = NOW - timedelta(days=200), NOW - timedelta(days=100)
    over.save()
    assert [one.pk for one in discounts_of(easycall, now=NOW)] == [future.pk]


def test_a_one_time_volume_never_expires_but_by_its_own_end(easycall):
    discount = give_discount(easycall, [(60, 100)], reset="never")
    assert state(discount).expires_at is None
    discount.ends_at = NOW + timedelta(days=2)
    discount.save()
    assert state(discount).expires_at == discount.ends_at


def test_who_is_behind_one_on_its_own_waits_for_it(easycall):
    first = give_discount(easycall, [(60, 100)], precedence=20)
    second = give_discount(easycall, [(None, 10)], precedence=10)
    assert (state(first).status, state(second).status) == (Status.ACTIVE, Status.NOT_YET)
    use(first, 60)
    assert (state(first).status, state(second).status) == (Status.CONSUMED, Status.ACTIVE)


def test_one_on_its_own_waits_behind_those_that_share_and_they_are_one_discount(easycall):
    shared = {"combination": "cumulative"}
    first = give_discount(easycall, [(None, 20)], precedence=30, **shared)
    second = give_discount(easycall, [(None, 50)], precedence=20, combination="sequential")
    alone = give_discount(easycall, [(None, 90)], precedence=10)
    elsewhere = give_discount(easycall, [(None, 5)], prefixes=["44"], **shared)
    assert state(first).combined_percent == state(second).combined_percent == 60
    assert (state(second).percent, state(elsewhere).combined_percent) == (50, 5)
    assert state(alone).status == Status.NOT_YET


def test_what_rolled_over_is_counted_before_the_first_call_of_a_month(easycall):
    discount = give_discount(easycall, [(100, 100)], roll_over=True)
    october = datetime(2026, 10, 1, 4, tzinfo=UTC)
    use(discount, 90, start=october, end=NOVEMBER)
    found = state(discount)
    assert (found.current.rolled_over, found.current.volume, found.remaining) == (10, 110, 110)
    (past,) = found.past
    assert (past.starts_at, past.used, past.volume, past.reached) == (october, 90, 100, None)


def test_a_crumb_beyond_an_edge_in_money_is_not_shown(easycall):
    discount = give_discount(easycall, [(5, 100)], measure="money", currency=easycall.currency)
    use(discount, Decimal("5.00004"))
    found = state(discount)
    assert (found.used, found.remaining, found.current.reached) == (5, 0, 5)


def test_the_others_are_those_for_the_same_destinations_and_strangers_have_none(easycall, lotus):
    first = give_discount(easycall, [(60, 100)])
    second = give_discount(easycall, [(60, 100)], precedence=5)
    third = give_discount(easycall, [(60, 100)])
    third.plan.destination_group = DestinationGroup.objects.create(name="Elsewhere", prefixes=["1"])
    third.plan.save()
    give_discount(lotus, [(60, 100)])
    found = discount_with_others(easycall, second.pk, now=NOW)
    assert [one.pk for one in found] == [first.pk, second.pk]
    assert discount_with_others(lotus, first.pk, now=NOW) == []


def test_the_number_of_queries_does_not_grow(easycall, django_assert_max_num_queries):
    for _number in range(3):
        use(give_discount(easycall, [(60, 100)]), 30)
    with django_assert_max_num_queries(3):
        assert len(discounts_of(easycall, now=NOW)) == 3
