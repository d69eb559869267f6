"""Which step of dunning is next, and when."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rating.dunning import Next, Step, next_step
from tests.billing.rating.many import many

DUE = date(2026, 3, 15)
REMIND, RESTRICT, SUSPEND = Step(3, "remind"), Step(10, "restrict", Decimal(5)), Step(20, "suspend")
STEPS = [SUSPEND, REMIND, RESTRICT]


def following(taken=None, outstanding="100", steps=STEPS) -> Next | None:
    return next_step(steps, due_date=DUE, taken=taken or {}, outstanding=Decimal(outstanding))


@pytest.mark.parametrize(
    ("taken", "outstanding", "step", "day"),
    [
        ({}, "100", REMIND, date(2026, 3, 18)),
        ({3: date(2026, 3, 18)}, "100", RESTRICT, date(2026, 3, 25)),
        ({3: date(2026, 3, 30)}, "100", RESTRICT, date(2026, 4, 6)),  # late by 12 days, and so is the next
        ({3: date(2026, 3, 18)}, "4.99", SUSPEND, date(2026, 4, 4)),  # too little to be barred for
        ({3: date(2026, 3, 18)}, "5", RESTRICT, date(2026, 3, 25)),
        ({10: date(2026, 3, 25)}, "100", SUSPEND, date(2026, 4, 4)),  # the reminder, set since, is not made good for
    ],
)
def test_the_next_step(taken, outstanding, step, day):
    assert following(taken, outstanding) == Next(step, day)


def test_nothing_to_do():
    assert following({20: DUE}) is None
    assert following(outstanding="0") is None
    assert following(steps=[]) is None


@many
@given(
    st.lists(st.builds(Step, st.integers(1, 90), st.just("remind")), unique_by=lambda step: step.days, max_size=6),
    st.lists(st.integers(0, 40), min_size=6, max_size=6),
)
def test_steps_come_in_order_each_once_and_never_nearer_than_set(steps, delays):
    taken: dict[int, date] = {}
    for delay in delays:
        found = next_step(steps, due_date=DUE, taken=taken, outstanding=Decimal(1))
        if found is None:
            break
        assert found.step.days > max(taken, default=0)
        last_days, last_day = max(taken.items(), default=(0, DUE))
        assert found.day - last_day >= timedelta(days=found.step.days - last_days)
        taken[found.step.days] = found.day + timedelta(days=delay)
    assert sorted(taken) == sorted(step.days for step in steps)
