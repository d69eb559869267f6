"""Volume discounts are used up exactly, whoever writes and however often."""

from datetime import timedelta
from decimal import Decimal

import pytest

from billing.models import CustomerDiscount, DiscountPlan, DiscountStep, DiscountUsage, Service, Xdr
from billing.operations.ledger import LedgerRow, post_rows
from billing.operations.rating import apply_discounts
from tests.billing.operations.test_ledger import run_together
from tests.billing.priced import NOW
from tests.factories import CustomerFactory


def give_discount(customer, steps, *, reset="monthly", precedence=10, prefixes=(), starts_at=NOW - timedelta(days=90)):
    plan = DiscountPlan.objects.create(
        name=f"Plan {DiscountPlan.objects.count()}",
        service_id=Service.CALLS,
        destination_group="All",
        reset=reset,
        precedence=precedence,
        prefixes=list(prefixes),
    )
    DiscountStep.objects.bulk_create(DiscountStep(plan=plan, upto=upto, percent=percent) for upto, percent in steps)
    return CustomerDiscount.objects.create(customer=customer, plan=plan, starts_at=starts_at)


def call(customer, number, *, seconds=60, amount="0.60", at=NOW, cld="4930400400", failed=False) -> LedgerRow:
    return LedgerRow(
        customer_id=customer.pk,
        service_id=Service.CALLS,
        started_at=at,
        amount=Decimal(amount),
        charged_quantity=Decimal(seconds),
        external_id=f"test:{number}",
        cld=cld,
        failed=failed,
    )


def post(*rows):
    return post_rows(rows, now=NOW, finish=apply_discounts)


def prices():
    return list(Xdr.objects.order_by("external_id").values_list("amount", "discount"))


@pytest.mark.django_db
def test_a_call_over_an_edge_is_split_and_sums_exactly(easycall):
    give_discount(easycall, [(90, 100), (None, 50)])
    post(call(easycall, 1), call(easycall, 2, at=NOW + timedelta(seconds=1)))
    assert prices() == [(0, Decimal("0.6")), (Decimal("0.15"), Decimal("0.45"))]
    assert DiscountUsage.objects.get().used == 120


@pytest.mark.django_db
def test_a_call_that_comes_again_uses_nothing(easycall):
    give_discount(easycall, [(90, 100)])
    post(call(easycall, 1))
    post(call(easycall, 1), call(easycall, 1))
    assert DiscountUsage.objects.get().used == 60


@pytest.mark.django_db
def test_what_one_plan_does_not_cover_goes_to_the_next_and_no_second_has_two(easycall):
    give_discount(easycall, [(30, 100)], precedence=20)
    give_discount(easycall, [(None, 10)], precedence=10)
    post(call(easycall, 1))
    assert prices() == [(Decimal("0.27"), Decimal("0.33"))]
    assert list(DiscountUsage.objects.order_by("used").values_list("used", flat=True)) == [30, 30]


@pytest.mark.django_db
def test_what_a_plan_is_not_for_keeps_its_price(easycall):
    give_discount(easycall, [(None, 100)], prefixes=["33"])
    give_discount(easycall, [(None, 100)], starts_at=NOW + timedelta(days=1))
    give_discount(CustomerFactory(), [(None, 100)])
    post(call(easycall, 1), call(easycall, 2, amount="0", cld="3312"), call(easycall, 3, cld="3312", failed=True))
    assert prices() == [(Decimal("0.6"), 0), (0, 0), (Decimal("0.6"), 0)]
    assert not DiscountUsage.objects.exists()


@pytest.mark.django_db
def test_each_month_of_the_customer_has_its_own_counter(easycall):
    """Midnight is the customer's: 1 November 03:30 UTC is still October in New York."""
    give_discount(easycall, [(60, 100)])
    october = NOW.replace(day=1, hour=3, minute=30)
    post(call(easycall, 1, at=october), call(easycall, 2))
    assert [amount for amount, _discount in prices()] == [0, 0]
    assert DiscountUsage.objects.count() == 2


@pytest.mark.django_db
def test_a_one_time_volume_never_comes_again(easycall):
    give_discount(easycall, [(60, 100)], reset="never")
    post(call(easycall, 1, at=NOW - timedelta(days=60)), call(easycall, 2))
    assert [amount for amount, _discount in prices()] == [0, Decimal("0.6")]


@pytest.mark.django_db(transaction=True)
def test_eight_writers_give_the_volume_away_exactly_once():
    customer = CustomerFactory()
    give_discount(customer, [(6000, 100)])
    batches = [[call(customer, n * 20 + m, amount="0.60") for m in range(20)] for n in range(8)]
    run_together(lambda batch: post(*batch[:10]) and post(*batch), batches)
    assert DiscountUsage.objects.get().used == 6000
    discounts = Xdr.objects.values_list("discount", flat=True)
    assert (len(discounts), sum(discounts)) == (160, Decimal(60))
