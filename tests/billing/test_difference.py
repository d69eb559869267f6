"""Why a bill is higher: what is named adds up to the difference, to the cent."""

from decimal import Decimal

from hypothesis import given, strategies

from billing.difference import Figure, breakdown, changes
from billing.money import round_money
from tests.billing.rating.many import many

figures = strategies.dictionaries(
    strategies.integers(0, 12), strategies.builds(Figure, strategies.decimals(-500, 500, places=5)), max_size=12
)


@many
@given(figures, figures, strategies.integers(0, 6), strategies.sampled_from(["USD", "JPY", "BHD"]))
def test_a_breakdown_adds_up(before, now, most, currency):
    whole = sum((figure.amount for figure in now.values()), Decimal(0))
    whole -= sum((figure.amount for figure in before.values()), Decimal(0))
    amount = round_money(whole, currency)
    found = breakdown(amount, changes(before, now, currency=currency), most=most)
    assert sum((change.amount for change in found.changes), found.rest) == amount
    assert len(found.changes) <= most
    assert all(change.amount for change in found.changes)


def test_the_largest_first_and_what_is_new_or_gone():
    found = changes({"a": Figure(Decimal(5)), "b": Figure(Decimal(1))}, {"b": Figure(Decimal(9))}, currency="USD")
    assert [(change.key, change.amount) for change in found] == [("b", 8), ("a", -5)]
    assert (found[1].is_gone, found[1].is_new, found[0].is_new) == (True, False, False)
