"""Every booked call is explained to the last decimal, whatever came together, or not at all."""

import random
from datetime import timedelta
from decimal import Decimal

import pytest

from billing.models import DiscountPlan, Rate, RateTerms, Tariff, Xdr
from billing.operations.calls import book_calls, tariff_of
from billing.queries.explanations import explained
from tests.billing.operations.test_calls import call
from tests.billing.operations.test_rating import give_discount
from tests.billing.priced import NOW, german_customer

pytestmark = pytest.mark.django_db
CALLS = 400


def some_price(rng: random.Random) -> Decimal:
    return Decimal(rng.randrange(500_000)).scaleb(-6)


def odd_rates(tariff: Tariff, rng: random.Random) -> None:
    """Prefixes 49300 to 49309 with all that a rate can have, some by time slot."""
    Rate.objects.bulk_create(
        Rate(
            tariff=tariff,
            prefix=f"4930{digit}",
            destination=f"Berlin {digit}",
            time_slot=slot,
            price_first=some_price(rng),
            price_next=some_price(rng),
            connect_fee=Decimal(rng.randrange(9)).scaleb(-2),
            free_seconds=rng.choice((0, 0, 10)),
            first_interval=rng.choice((1, 7, 30, 60)),
            next_interval=rng.choice((1, 6, 7, 60)),
            minimum_charge=Decimal(rng.choice((0, 0, 15))).scaleb(-2),
        )
        for digit in range(10)
        for slot in (("flat",) if digit % 2 else ("peak", "off_peak"))
    )


def some_call(number: int, rng: random.Random) -> object:
    started = NOW - timedelta(seconds=rng.randrange(40 * 86_400))
    return call(
        number,
        cld=f"+493040{number:06}" if number % 7 else f"+4930{rng.randrange(10)}{number:06}",
        started_at=started,
        seconds=rng.choice((1, 9, 10, 11, 60, 61)) if number % 3 else rng.randrange(3600),
    )


def test_hundreds_of_calls_with_all_rules_add_up_to_their_rows():
    rng = random.Random(2026)
    customer = german_customer()
    Tariff.objects.update(off_peak_hours="hr{18-7}", time_zone="Europe/Berlin")
    odd_rates(tariff_of(customer), rng)
    give_discount(customer, [(9000, 100), (50_000, 33)], precedence=20, prefixes=["49304"])
    give_discount(customer, [(100_000, 10)], precedence=10)
    records = [some_call(number, rng) for number in range(CALLS)]
    booked = book_calls(records, customer=customer, tariff=tariff_of(customer), source="portal", now=NOW)
    assert (booked.inserted, booked.rejects) == (CALLS, ())
    Rate.objects.all().delete()  # the tariff of today has nothing to say
    discounted = 0
    for row in Xdr.objects.all():
        if not row.quantity:
            assert (row.amount, row.terms_id) == (0, None)
            continue
        found = explained(row)
        assert found is not None
        steps = sum((step.amount for step in found.explanation.steps), Decimal(0))
        off = sum((piece.discount for piece in found.explanation.pieces), Decimal(0))
        assert steps - off + found.explanation.tax == row.amount
        assert off == row.discount
        discounted += bool(off)
    assert CALLS / 4 < discounted < CALLS


def test_what_was_left_of_a_plan_is_told_and_a_plan_that_is_gone_has_no_name():
    customer = german_customer()
    plan = give_discount(customer, [(100, 100), (None, 50)]).plan
    book_calls([call()], customer=customer, tariff=tariff_of(customer), source="portal", now=NOW)
    row = Xdr.objects.get()
    found = explained(row)
    pieces = found.explanation.pieces
    assert [(piece.units, piece.percent, piece.shares[0].left) for piece in pieces] == [(100, 100, 0), (20, 50, None)]
    assert found.plans == {plan.pk: plan}
    plan.customers.all().delete()
    DiscountPlan.objects.all().delete()
    assert explained(row).plans == {}


def test_lost_or_contradicting_facts_are_not_explained():
    customer = german_customer()
    book_calls([call()], customer=customer, tariff=tariff_of(customer), source="portal", now=NOW)
    row = Xdr.objects.get()
    assert explained(row)
    for name, value in (("amount", row.amount + 1), ("pieces", [["1", "2"]]), ("quantity", Decimal("60.5"))):
        other = Xdr.objects.get()
        setattr(other, name, value)
        assert explained(other) is None
    other = Xdr.objects.get()
    other.terms_id = "00000000-0000-0000-0000-000000000000"
    assert not RateTerms.objects.filter(pk=other.terms_id).exists()
    assert explained(other) is None
