"""Volume discounts are used up exactly, whoever writes and however often."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.db.models import QuerySet

from billing.models import (
    Account,
    CustomerDiscount,
    DestinationGroup,
    DiscountPlan,
    DiscountStep,
    DiscountUsage,
    Service,
    Xdr,
)
from billing.operations.ledger import LedgerRow, post_rows
from billing.operations.rating import apply_discounts
from selfcare.models import OutgoingMail
from tests.billing.operations.test_ledger import run_together
from tests.billing.priced import NOW
from tests.factories import CustomerFactory, TariffFactory


def give_discount(customer, steps, *, prefixes=(), starts_at=NOW - timedelta(days=90), is_direct=True, **plan):
    number = DiscountPlan.objects.count()
    group = DestinationGroup.objects.create(name=f"Group {number}", prefixes=list(prefixes)) if prefixes else None
    made = DiscountPlan.objects.create(
        **{"name": f"Plan {number}", "service_id": Service.CALLS, "destination_group": group} | plan
    )
    DiscountStep.objects.bulk_create(DiscountStep(plan=made, upto=upto, percent=percent) for upto, percent in steps)
    return CustomerDiscount.objects.create(customer=customer, plan=made, starts_at=starts_at, is_direct=is_direct)


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
    return post_rows(rows, now=NOW, finish=partial(apply_discounts, now=NOW))


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
def test_the_highest_precedence_goes_first_whichever_was_given_first(easycall):
    later = give_discount(easycall, [(None, 10)], precedence=10)
    first = give_discount(easycall, [(None, 100)], precedence=20)
    post(call(easycall, 1))
    assert prices() == [(0, Decimal("0.6"))]
    assert dict(DiscountUsage.objects.values_list("discount", "used")) == {first.pk: 60, later.pk: 0}


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
@pytest.mark.parametrize(
    ("reset", "midnight"),
    [
        ("daily", datetime(2026, 11, 11, 5, tzinfo=UTC)),
        ("weekly", datetime(2026, 11, 9, 5, tzinfo=UTC)),  # a Monday
        ("monthly", datetime(2026, 11, 1, 4, tzinfo=UTC)),  # summer time ends that night
        ("billing_period", datetime(2026, 11, 10, 5, tzinfo=UTC)),
    ],
)
def test_each_reset_is_at_midnight_in_new_york(easycall, reset, midnight):
    easycall.billing_day = 10
    easycall.save()
    give_discount(easycall, [(60, 100)], reset=reset)
    before = midnight - timedelta(seconds=1)
    post(call(easycall, 1, at=before), call(easycall, 2, at=midnight), call(easycall, 3, at=before))
    assert [discount for _amount, discount in prices()] == [Decimal("0.6"), Decimal("0.6"), 0]
    assert DiscountUsage.objects.latest("period_start").period_start == midnight


@pytest.mark.django_db
def test_a_one_time_volume_never_comes_again(easycall):
    give_discount(easycall, [(60, 100)], reset="never")
    post(call(easycall, 1, at=NOW - timedelta(days=60)), call(easycall, 2))
    assert [amount for amount, _discount in prices()] == [0, Decimal("0.6")]


@pytest.mark.django_db
def test_discounts_join_in_as_their_plans_say_and_the_customers_own_come_last(easycall):
    """0.60 a minute: 50 % off, then 20 % off what is left, though the second has the higher precedence."""
    own = give_discount(easycall, [(None, 20)], combination="sequential", precedence=90)
    package = give_discount(easycall, [(None, 50)], combination="cumulative", is_direct=False)
    post(call(easycall, 1))
    assert prices() == [(Decimal("0.24"), Decimal("0.36"))]
    row = Xdr.objects.get()
    assert row.pieces == [["60", "60", "0.6", "0.36", [[package.plan_id, "50", None], [own.plan_id, "20", None]]]]


@pytest.mark.django_db
def test_thresholds_in_money_count_the_price_before_the_discount_in_their_currency_only(easycall):
    plan = {"measure": "money", "currency": easycall.currency, "combination": "cumulative"}
    give_discount(easycall, [(Decimal("0.9"), 50)], **plan)
    give_discount(easycall, [(None, 50)], **plan | {"currency": "CHF"})
    post(call(easycall, 1), call(easycall, 2, at=NOW + timedelta(seconds=1)))
    assert prices() == [(Decimal("0.3"), Decimal("0.3")), (Decimal("0.45"), Decimal("0.15"))]
    assert DiscountUsage.objects.get().used == Decimal("0.9")


@pytest.mark.django_db
def test_a_peak_level_is_that_of_the_customers_tariff_when_the_call_begins(easycall):
    tariff = TariffFactory(currency=easycall.currency, time_zone="UTC", off_peak_hours="hr{18-23}")
    Account.objects.update_or_create(customer=easycall, defaults={"tariff": tariff})
    give_discount(easycall, [(None, 100)], peak_level="off_peak")
    give_discount(easycall, [(None, 10)], peak_level="peak")
    post(call(easycall, 1, at=NOW.replace(hour=17, minute=59)), call(easycall, 2, at=NOW.replace(hour=18)))
    assert [discount for _amount, discount in prices()] == [Decimal("0.06"), Decimal("0.6")]


@pytest.mark.django_db
def test_without_a_split_the_row_has_one_average_discount(easycall):
    """2 of 8 minutes are free: 25 % on the whole call."""
    give_discount(easycall, [(120, 100)], split_at_edge=False)
    post(call(easycall, 1, seconds=480, amount="4"))
    assert prices() == [(3, 1)]
    (piece,) = Xdr.objects.get().pieces
    assert piece[:4] == ["480", "25", "4", "1"]


def in_month(month: int, day: int = 10):
    return NOW.replace(month=month, day=day)


@pytest.mark.django_db
def test_what_is_left_rolls_over_into_the_next_month_once(easycall):
    give_discount(easycall, [(100, 100)], roll_over=True, starts_at=in_month(8, 1))
    post(call(easycall, 1, seconds=90, amount="1", at=in_month(9)))
    post(call(easycall, 2, seconds=200, amount="2", at=in_month(10)))
    usage = DiscountUsage.objects.order_by("period_start").values_list("used", "rolled_over")
    # August had no call: its whole volume came over into September, and was used first.
    assert list(usage) == [(90, 100), (200, 100)]
    assert prices() == [(0, 1), (0, 2)]
    post(call(easycall, 3, seconds=200, amount="2", at=in_month(11)))
    assert Xdr.objects.get(external_id="test:3").discount == 1
    assert DiscountUsage.objects.latest("period_start").rolled_over == 0


@pytest.mark.django_db
def test_a_late_call_of_an_earlier_month_lowers_what_came_over_into_all_later_ones(easycall):
    give_discount(easycall, [(100, 100)], roll_over=True, starts_at=in_month(9, 1).replace(hour=0) - timedelta(days=1))
    post(call(easycall, 1, seconds=10, at=in_month(10)), call(easycall, 2, seconds=10, at=in_month(11)))
    assert list(DiscountUsage.objects.values_list("rolled_over", flat=True)) == [100, 100]
    post(call(easycall, 3, seconds=180, at=in_month(9)))
    assert [(int(usage.used), int(usage.rolled_over)) for usage in DiscountUsage.objects.all()] == [
        (10, 100),
        (10, 20),
        (180, 100),
    ]


@pytest.mark.django_db
def test_days_of_calls_that_come_at_once_are_counted_as_if_they_had_come_one_by_one(easycall):
    customers = [easycall, CustomerFactory(time_zone=easycall.time_zone)]
    for customer in customers:
        give_discount(customer, [(100, 100), (150, 50)], reset="daily", roll_over=True)
    days = [NOW - timedelta(days=back, hours=hour) for back in range(9) for hour in (1, 2)]
    batches = [
        [call(customer, f"{customer.pk}:{n}", seconds=40 + 9 * n, at=at) for n, at in enumerate(sorted(days))]
        for customer in customers
    ]
    post(*batches[0])
    for row in batches[1]:
        post(row)
    found = [
        list(
            DiscountUsage.objects.filter(discount__customer=customer).values_list("period_start", "used", "rolled_over")
        )
        for customer in customers
    ]
    assert found[0] == found[1]
    assert len(found[0]) == 9
    of = [list(Xdr.for_customer(one).order_by("started_at").values_list("discount", flat=True)) for one in customers]
    assert of[0] == of[1]


@pytest.mark.django_db
def test_who_comes_in_the_middle_of_a_month_has_half_of_it(easycall):
    """16 November in New York: 15 of 30 days."""
    start = NOW.replace(day=16, hour=5)
    give_discount(easycall, [(60, 100)], prorate_first=True, starts_at=start)
    post(call(easycall, 1, at=start + timedelta(hours=1)), call(easycall, 2, at=start + timedelta(days=20)))
    assert [discount for _amount, discount in prices()] == [Decimal("0.3"), Decimal("0.6")]


@pytest.mark.django_db
def test_the_customer_is_told_once_when_his_volume_is_nearly_and_when_it_is_quite_used(easycall):
    give_discount(easycall, [(100, 100), (None, 50)], notify_percent=80, notify_reached=True)
    sent = OutgoingMail.objects.filter(customer=easycall)
    for number in range(1, 5):
        post(call(easycall, number, seconds=40))
        if number < 2:
            assert not sent.exists()
    subjects = sent.order_by("pk").values_list("subject", "to")
    assert list(subjects) == [
        ("80 % of your volume of Plan 0 is used", [easycall.email]),
        ("Your volume of Plan 0 is used up", [easycall.email]),
    ]
    assert "From now on you get 50 % off." in sent.latest("pk").body


@pytest.mark.django_db
def test_without_an_address_of_the_customer_his_owners_are_told(easycall, alice):
    easycall.email = ""
    easycall.save()
    give_discount(easycall, [(60, 100)], notify_reached=True)
    post(call(easycall, 1))
    assert OutgoingMail.objects.get().to == [alice.email]


@pytest.mark.django_db
def test_nobody_is_told_of_a_month_that_is_over(easycall):
    give_discount(easycall, [(10, 100)], notify_reached=True)
    post(call(easycall, 1, at=NOW - timedelta(days=40)))
    assert DiscountUsage.objects.get().used == 10
    assert not OutgoingMail.objects.exists()


def many_writers(customer, *, writers, calls):
    """Batches of calls of 60 seconds, half of each posted twice, by as many connections at once."""
    batches = [[call(customer, n * calls + m, amount="0.60") for m in range(calls)] for n in range(writers)]
    run_together(lambda batch: post(*batch[: calls // 2]) and post(*batch), batches)
    return Xdr.for_customer(customer).values_list("discount", flat=True)


@pytest.mark.django_db(transaction=True)
def test_32_writers_give_the_volume_away_exactly_once():
    customer = CustomerFactory()
    give_discount(customer, [(6000, 100)], roll_over=True, starts_at=NOW.replace(day=1))
    discounts = many_writers(customer, writers=32, calls=8)
    assert DiscountUsage.objects.get().used == 6000
    assert (len(discounts), sum(discounts)) == (256, Decimal(60))


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_same_writers_give_away_too_much(monkeypatch):
    """The twin: it shows that the test above could fail."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_how: rows.all())
    customer = CustomerFactory()
    give_discount(customer, [(6000, 100)])
    discounts = many_writers(customer, writers=32, calls=8)
    assert len(discounts) == 256
    assert sum(discounts) > 60
