"""A tried price is what a booking would charge, and leaves nothing behind."""

from decimal import Decimal

import pytest

from billing.models import Account, DiscountUsage, Xdr
from billing.operations.calls import tariff_of
from billing.operations.trial_prices import tariff_for, try_price
from selfcare.errors import Refused
from tests.billing.operations.test_calls import book, call
from tests.billing.operations.test_rating import give_discount
from tests.billing.priced import NOW, german_customer, give_tariff
from tests.factories import CustomerFactory, ExtensionFactory, LineFactory

pytestmark = pytest.mark.django_db


def tried(customer, number, *, seconds=61, of=True):
    return try_price(
        tariff=tariff_of(customer), customer=customer if of else None, number=number, started_at=NOW, seconds=seconds
    )


def test_it_is_what_the_same_call_then_costs():
    customer = german_customer()
    give_discount(customer, [(90, 100), (None, 50)])
    explanation = tried(customer, "030 400 400").explained.explanation
    assert not DiscountUsage.objects.exists()
    assert not Xdr.objects.exists()
    assert Account.objects.get(customer=customer).balance == 0
    book(customer, call())
    row = Xdr.objects.get()
    assert (
        (explanation.amount, explanation.discount) == (row.amount, row.discount) == (Decimal("0.015"), Decimal("0.105"))
    )


def test_without_a_customer_there_is_no_discount_and_no_country():
    customer = german_customer()
    give_discount(customer, [(None, 100)])
    found = tried(customer, "+49 30 400400", of=False)
    assert (found.number, found.explained.explanation.amount) == ("4930400400", Decimal("0.12"))
    with pytest.raises(Refused, match="country code") as refused:
        tried(customer, "030400400", of=False)
    assert refused.value.field == "number"


def test_a_number_of_ours_takes_the_on_net_price():
    customer = german_customer(p49="1")
    ExtensionFactory(customer=customer, number="201")
    LineFactory(customer=CustomerFactory(), account_id="493055500")
    for number in ("201", "+493055500"):
        found = tried(customer, number)
        assert (found.explained.explanation.amount, found.explained.terms.prefix) == (0, "")
    assert tried(customer, "201", of=True).number == "201"


def test_a_short_code_costs_its_own_rate_or_is_refused():
    customer = german_customer(p11833="1.50")
    assert tried(customer, "11833").explained.explanation.amount == 3
    with pytest.raises(Refused, match="not surely a full number"):
        tried(customer, "11834")


def test_what_cannot_be_priced_is_refused():
    customer = german_customer()
    with pytest.raises(Refused, match="no rate for this number"):
        tried(customer, "+33123456789")
    poor = CustomerFactory(currency="EUR")
    with pytest.raises(Refused, match="no tariff") as refused:
        tariff_for(poor)
    assert refused.value.field == "customer"
    dollars = give_tariff(CustomerFactory(currency="USD"), prices={"1": "1"})
    with pytest.raises(Refused, match="pays in EUR"):
        try_price(tariff=dollars, customer=customer, number="+12125550123", started_at=NOW, seconds=1)
