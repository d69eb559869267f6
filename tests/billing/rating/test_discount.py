from collections.abc import Sequence
from decimal import Decimal as D

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from billing.rating.discount import Combination, Given, Offer, Part, Threshold, discounted, together
from tests.billing.rating.many import many

PLAN = (Threshold(D(100), D(100)), Threshold(D(200), D(50)))
ENDLESS = (Threshold(D(100), D(100)), Threshold(None, D(50)))
ALONE, ADDED, AFTER = Combination.EXCLUSIVE, Combination.CUMULATIVE, Combination.SEQUENTIAL


def offer(
    *steps: tuple[int | None, int], used: int = 0, how: Combination = ALONE, in_money: bool = False, splits: bool = True
) -> Offer:
    thresholds = tuple(Threshold(None if upto is None else D(upto), D(percent)) for upto, percent in steps)
    return Offer(plan=1, thresholds=thresholds, used=D(used), combination=how, in_money=in_money, splits=splits)


def shown(parts: Sequence[Part]) -> list[tuple[D, D]]:
    return [(part.units, part.percent) for part in parts]


@pytest.mark.parametrize(
    ("used", "units", "plan", "parts"),
    [
        (0, 40, PLAN, [(40, 100)]),
        (0, 100, PLAN, [(100, 100)]),
        (90, 20, PLAN, [(10, 100), (10, 50)]),
        (100, 20, PLAN, [(20, 50)]),
        (90, 200, PLAN, [(10, 100), (100, 50), (90, 0)]),
        (500, 5, PLAN, [(5, 0)]),
        (500, 5, ENDLESS, [(5, 50)]),
        (0, 0, PLAN, []),
        (0, 7, (), [(7, 0)]),
    ],
)
def test_a_call_is_split_where_it_crosses_an_edge(
    used: int, units: int, plan: tuple[Threshold, ...], parts: list[tuple[int, int]]
) -> None:
    found = discounted(amount=D("0.1"), units=D(units), offers=[Offer(plan=1, thresholds=plan, used=D(used))])
    assert shown(found) == parts


def test_each_part_is_discounted_by_its_own_percent() -> None:
    found = discounted(amount=D("0.10000"), units=D(30), offers=[Offer(plan=1, thresholds=PLAN, used=D(90))])
    assert [(part.full_amount, part.discount) for part in found] == [
        (D("0.03333"), D("0.03333")),
        (D("0.06667"), D("0.03334")),
    ]


def test_one_xdr_takes_the_average_percent() -> None:
    """2 of 8 minutes are free: 25 % on the whole call."""
    (part,) = discounted(amount=D(4), units=D(8), offers=[offer((2, 100), splits=False)])
    assert part == Part(D(8), D(25), D(4), D(1), (Given(0, D(25), D(2)),))


@pytest.mark.parametrize(
    ("before", "percent", "how", "total"),
    [(0, 20, ADDED, 20), (20, 50, ADDED, 70), (80, 50, ADDED, 100), (20, 50, AFTER, 60), (50, 50, AFTER, 75),
     (100, 50, AFTER, 100), (0, 30, ALONE, 30)],
)  # fmt: skip
def test_percents_go_together_as_the_plan_says(before: int, percent: int, how: Combination, total: int) -> None:
    assert together(D(before), D(percent), how) == total


@pytest.mark.parametrize(
    ("offers", "parts"),
    [
        # What the first does not cover goes to the second, and no second has both.
        ([offer((30, 100)), offer((None, 10))], [(30, 100), (30, 10)]),
        ([offer((None, 20), how=ADDED), offer((None, 50), how=ADDED)], [(60, 70)]),
        ([offer((None, 20), how=ADDED), offer((None, 50), how=AFTER)], [(60, 60)]),
        ([offer((None, 20), how=AFTER), offer((20, 50), how=ADDED)], [(20, 70), (40, 20)]),
        # One on its own waits behind those that share, and takes over when they are used up.
        ([offer((20, 20), how=ADDED), offer((None, 50))], [(20, 20), (40, 50)]),
        # Nobody joins one on its own.
        ([offer((20, 10)), offer((None, 50), how=ADDED)], [(20, 10), (40, 50)]),
        # What is free uses nothing else.
        ([offer((20, 100), how=ADDED), offer((30, 50), how=ADDED)], [(20, 100), (30, 50), (10, 0)]),
        ([], [(60, 0)]),
    ],
)
def test_several_discounts_on_one_call(offers: list[Offer], parts: list[tuple[int, int]]) -> None:
    assert shown(discounted(amount=D("0.6"), units=D(60), offers=offers)) == parts


def test_money_counts_the_price_before_the_discount() -> None:
    found = discounted(amount=D(6), units=D(60), offers=[offer((2, 50), used=1, in_money=True)])
    assert shown(found) == [(10, 50), (50, 0)]
    assert found[0].given == (Given(0, D(50), D(2)),)


def test_a_call_without_a_price_uses_no_money() -> None:
    found = discounted(amount=D(0), units=D(60), offers=[offer((2, 50), in_money=True)])
    assert found == (Part(D(60), D(50), D(0), D(0), (Given(0, D(50), D(0)),)),)


@pytest.mark.parametrize(
    ("plan", "match"),
    [
        ((Threshold(D(100), D(1)), Threshold(D(100), D(2))), "above the one before"),
        ((Threshold(None, D(1)), Threshold(D(100), D(2))), "last"),
    ],
)
def test_thresholds_out_of_order_are_refused(plan: tuple[Threshold, ...], match: str) -> None:
    with pytest.raises(ValueError, match=match):
        Offer(plan=1, thresholds=plan, used=D(0))


def test_impossible_values_are_refused() -> None:
    with pytest.raises(ValueError, match="percent"):
        Threshold(D(1), D(101))
    with pytest.raises(ValueError, match="above zero"):
        Threshold(D(0), D(10))
    with pytest.raises(ValueError, match="zero or more"):
        offer(used=-1)
    with pytest.raises(ValueError, match="zero or more"):
        discounted(amount=D(1), units=D(-1), offers=[])


volumes = st.decimals(0, 10**6, places=3)
amounts = st.integers(0, 10**9).map(lambda number: D(number).scaleb(-5))
plans = st.lists(st.tuples(st.integers(1, 10**6), st.integers(0, 100)), max_size=6, unique_by=lambda step: step[0]).map(
    lambda steps: tuple(Threshold(D(upto), D(percent)) for upto, percent in sorted(steps))
)
offer_lists = st.lists(
    st.builds(
        Offer,
        plan=st.integers(1, 5),
        thresholds=plans,
        used=volumes,
        combination=st.sampled_from(Combination),
        in_money=st.booleans(),
        splits=st.booleans(),
    ),
    max_size=4,
)


@many
@given(amounts, volumes, offer_lists)
def test_the_parts_sum_to_the_whole(amount: D, units: D, offers: list[Offer]) -> None:
    parts = discounted(amount=amount, units=units, offers=offers)
    assert sum(part.units for part in parts) == units
    assert sum(part.full_amount for part in parts) == (amount if parts else 0)
    assert all(part.units > 0 for part in parts)
    assert all(0 <= part.discount <= part.full_amount for part in parts)
    assert all(0 <= part.percent <= 100 for part in parts)


@many
@given(amounts, volumes, offer_lists)
def test_a_counter_moves_by_what_it_gave_to(amount: D, units: D, offers: list[Offer]) -> None:
    """Volume is counted exactly and never beyond its last edge; money exactly, beyond it by a crumb at most."""
    splitting = [Offer(plan=o.plan, thresholds=o.thresholds, used=o.used, combination=o.combination,
                       in_money=o.in_money) for o in offers]  # fmt: skip
    parts = discounted(amount=amount, units=units, offers=splitting)
    for place, one in enumerate(splitting):
        mine = [(part, given) for part in parts for given in part.given if given.place == place]
        counted = sum((part.full_amount if one.in_money else part.units) for part, _given in mine)
        after = mine[-1][1].used if mine else one.used
        assert after == one.used + counted
        if mine and one.thresholds[-1].upto is not None and not one.in_money:
            assert after <= one.thresholds[-1].upto


@many
@given(volumes, volumes, volumes, plans)
def test_two_calls_are_discounted_like_one(used: D, one: D, two: D, plan: tuple[Threshold, ...]) -> None:
    def free(before: D, units: D) -> D:
        parts = discounted(amount=D(1), units=units, offers=[Offer(plan=1, thresholds=plan, used=before)])
        return sum((part.units * part.percent for part in parts), D(0))

    assert free(used, one + two) == free(used, one) + free(used + one, two)


@many
@given(amounts, volumes, plans, plans, st.sampled_from([ADDED, AFTER]))
def test_one_more_discount_that_joins_in_never_makes_a_call_dearer(
    amount: D, units: D, first: tuple[Threshold, ...], second: tuple[Threshold, ...], how: Combination
) -> None:
    assume(amount > 1)
    alone = [Offer(plan=1, thresholds=first, used=D(0), combination=how)]
    both = [*alone, Offer(plan=2, thresholds=second, used=D(0), combination=how)]

    def discount(offers: list[Offer]) -> D:
        return sum((part.discount for part in discounted(amount=amount, units=units, offers=offers)), D(0))

    # Each part of the call is rounded for itself.
    assert discount(both) >= discount(alone) - D("0.0002")
