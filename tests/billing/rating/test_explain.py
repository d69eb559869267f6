"""An explanation adds up to what was booked, or is not given."""

from dataclasses import replace
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rating.discount import Offer, Threshold, discounted
from billing.rating.explain import Booked, explain
from billing.rating.pieces import BookedPiece, Share
from billing.rating.rate import price
from billing.rating.tariff import Rate
from tests.billing.rating.many import many
from tests.billing.rating.test_discount import plans
from tests.billing.rating.test_rate import durations, rate, rates


def booked_with(terms: Rate, seconds: int, used: D, plan: tuple[Threshold, ...]) -> tuple[Booked, list[BookedPiece]]:
    """A call as the ledger has it, and the pieces of its price."""
    charge = price(terms, seconds=seconds)
    offer = Offer(plan=1, thresholds=plan, used=used)
    pieces = [
        BookedPiece(part.units, part.percent, part.full_amount, part.discount, (Share(1, part.percent, None),))
        for part in discounted(amount=charge.amount, units=D(charge.charged_seconds), offers=[offer])
    ]
    discount = sum((piece.discount for piece in pieces), D(0))
    booked = Booked(
        seconds=seconds,
        charged_seconds=charge.charged_seconds,
        amount=charge.amount - discount,
        discount=discount,
        tax=D(0),
    )
    return booked, pieces


@many
@given(rates, durations, st.integers(0, 10**6).map(D), plans)
def test_the_lines_add_up_to_the_row(terms: Rate, seconds: int, used: D, plan: tuple[Threshold, ...]) -> None:
    booked, pieces = booked_with(terms, seconds, used, plan)
    found = explain(booked, rate=terms, on_net=False, pieces=pieces)
    assert found is not None
    assert all(step.amount >= 0 and step.amount == round(step.amount, 5) for step in found.steps)
    steps = sum((step.amount for step in found.steps), D(0))
    assert steps - sum((piece.discount for piece in found.pieces), D(0)) + found.tax == booked.amount == found.amount


BOOKED, PIECES = booked_with(rate(), 100, D(30), (Threshold(D(60), D(100)),))


@pytest.mark.parametrize(
    "other",
    [
        {"seconds": 200},
        {"charged_seconds": 60},
        {"amount": BOOKED.amount + D("0.00001")},
        {"discount": BOOKED.discount - D("0.00001"), "amount": BOOKED.amount + D("0.00001")},
        {"tax": D("0.01")},
    ],
)
def test_what_does_not_add_up_is_not_explained(other: dict[str, D]) -> None:
    assert explain(BOOKED, rate=rate(), on_net=False, pieces=PIECES)
    assert explain(replace(BOOKED, **other), rate=rate(), on_net=False, pieces=PIECES) is None


def test_other_terms_than_those_booked_are_found_out() -> None:
    assert explain(BOOKED, rate=rate(price_next=D("0.31")), on_net=False, pieces=PIECES) is None
    lost = replace(PIECES[0], full_amount=PIECES[0].full_amount - 1)
    assert explain(BOOKED, rate=rate(), on_net=False, pieces=[lost, *PIECES[1:]]) is None


def test_a_tax_that_is_part_of_the_amount_is_a_line_of_its_own() -> None:
    taxed = replace(BOOKED, amount=BOOKED.amount + D("0.01"), tax=D("0.01"))
    found = explain(taxed, rate=rate(), on_net=False, pieces=PIECES)
    assert found is not None
    assert (found.tax, found.amount) == (D("0.01"), taxed.amount)
