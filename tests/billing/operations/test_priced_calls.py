"""Calls that carry their price: booked by SQL, whole batches at once, on the lines that rating would find."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import product

import pytest

from billing.ingest.records import CallRecord
from billing.models import Account, DiscountUsage, Xdr
from billing.operations.calls import CallsOf, book_calls, book_groups, tariff_of
from billing.operations.priced_calls import book_priced
from billing.queries.checks import differences
from centrex.models import Did
from tests.billing.operations.test_calls import call
from tests.billing.operations.test_rating import give_discount
from tests.billing.priced import NOW, german_customer, give_tariff
from tests.factories import CustomerFactory, ExtensionFactory, LineFactory

pytestmark = pytest.mark.django_db


def priced(number: int = 1, amount: str = "0.12345", currency: str = "EUR", **more) -> CallRecord:
    return call(number, amount=Decimal(amount), currency=currency, **more)


def book(customer, *records, **more):
    return book_priced({customer.pk: records}, source="portal", now=NOW, **more)


def test_the_price_in_the_file_is_the_price_and_every_field_is_kept():
    customer = german_customer()
    line = LineFactory(customer=customer, account_id="101")
    booked = book(customer, priced(account="101", cli="493055501"))
    found = Xdr.objects.get()
    assert (booked.inserted, booked.known, booked.rejects) == (1, 0, ())
    assert (found.amount, found.quantity, found.charged_quantity, found.rate) == (Decimal("0.12345"), 61, 61, None)
    assert (found.external_id, found.call_id) == (f"portal:{customer.pk}:c-1", "c-1")
    assert (found.started_at, found.ended_at) == (NOW, NOW + timedelta(seconds=61))
    assert (found.cli, found.cld, found.destination) == ("493055501", "4930400400", "To 4930")
    assert (found.line_id, found.cause, found.failed) == (line.pk, "NORMAL_CLEARING", False)
    assert Account.objects.get(customer=customer).balance == Decimal("0.12345")
    line.refresh_from_db()
    assert line.last_used_at == NOW


def test_the_file_may_name_the_destination():
    book(german_customer(), priced(country="DE", destination="Germany, Berlin"))
    assert Xdr.objects.values_list("country", "destination").get() == ("DE", "Germany, Berlin")


def test_a_customer_without_a_tariff_is_charged_what_the_file_says():
    customer = CustomerFactory(currency="EUR", country="DE")
    assert book(customer, priced()).inserted == 1
    assert Xdr.objects.values_list("amount", "destination").get() == (Decimal("0.12345"), "")


def test_what_cannot_be_booked_is_named_with_line_and_reason():
    customer = german_customer()
    records = [
        priced(3, currency="USD"),
        priced(4, service="fax"),
        priced(5, started_at=NOW + timedelta(days=400)),
        priced(6, service="SMS"),
    ]
    booked = book_priced({customer.pk: records, 10**9: [priced(7)]}, source="portal", now=NOW)
    assert [(reject.line, reject.reason) for reject in booked.rejects] == [
        (3, "the amount is in USD, the customer pays in EUR"),
        (4, "unknown service 'fax'"),
        (5, "the date 2027-12-20 is too far away"),
        (7, "there is no customer 1000000000"),
    ]
    assert booked.rejects[0].text == "c-3:  > 030400400"
    assert Xdr.objects.get().service_id == 2


def test_an_id_that_comes_twice_is_one_call_the_first():
    customer, other = german_customer(), CustomerFactory(currency="EUR")
    twice = replace(priced(2, amount="9"), external_id="c-1")
    booked = book_priced({customer.pk: [priced(1), twice], other.pk: [priced(3)]}, source="portal", now=NOW)
    assert (booked.inserted, booked.known) == (2, 1)
    again = book(customer, priced(1), priced(4))
    assert (again.inserted, again.known) == (1, 1)
    assert set(Xdr.objects.values_list("amount", flat=True)) == {Decimal("0.12345")}


def test_a_dry_run_tells_and_leaves_nothing():
    customer = german_customer()
    booked = book(customer, priced(1), priced(2, currency="USD"), dry_run=True)
    assert (booked.inserted, len(booked.rejects)) == (1, 1)
    assert not Xdr.objects.exists()
    assert book(customer, priced(1)).inserted == 1


def test_a_final_price_neither_falls_nor_uses_volume():
    customer = german_customer()
    give_discount(customer, [(600, 100)])
    book(customer, priced(1))
    assert Xdr.objects.values_list("amount", "discount").get() == (Decimal("0.12345"), 0)
    assert not DiscountUsage.objects.exists()


def test_a_call_that_carries_its_price_is_not_rated():
    customer = german_customer()
    with pytest.raises(ValueError, match="carries its price"):
        book_calls([priced()], customer=customer, tariff=tariff_of(customer), source="portal", now=NOW)


def test_queries_do_not_grow_with_the_calls(django_assert_max_num_queries):
    customers = [german_customer() for _each in range(5)]
    with django_assert_max_num_queries(22):
        book_priced(
            {one.pk: [priced(place * 100 + n) for n in range(100)] for place, one in enumerate(customers)},
            source="portal",
            now=NOW,
        )
    assert Xdr.objects.count() == 500


FACTS = ("line_id", "cli", "cld", "country", "destination", "description", "call_id")


def test_lines_and_directions_are_those_that_rating_finds():
    """All ways in which three numbers can be somebody's, against the calls that are booked one by one in Python."""
    customer = german_customer(p49="1", p4930="0.06")
    branch = CustomerFactory(main_office=customer, currency="EUR", country="DE")
    give_tariff(branch, prices={"49": "1"}, name="Branch")
    stranger = CustomerFactory()
    own = LineFactory(customer=branch, account_id="493055501")
    ExtensionFactory(customer=customer, number="200")
    ExtensionFactory(customer=customer, branch_office=branch, number="201", line=own)
    LineFactory(customer=branch, account_id="501")
    LineFactory(customer=stranger, account_id="502")
    Did.objects.create(number="493055510", country="DE", customer=branch, line=own)
    Did.objects.create(number="493055511", country="DE", customer=stranger)
    Did.objects.create(number="493055512", country="DE")
    ends = ["", "200", "201", "501", "502", "493055501", "+493055510", "03055511", "493055512", "+4989123456", "*98"]
    ways = list(enumerate(product(ends, ends[1:], ends), start=1))
    unpriced = [call(n, cli=a, cld=b, account=c, failed=True) for n, (a, b, c) in ways]
    book_groups([CallsOf(branch, tariff_of(branch), unpriced)], source="rated", now=NOW)
    book(branch, *(priced(n, cli=a, cld=b, account=c) for n, (a, b, c) in ways))
    rated, final = (
        {row[-1]: row[:-1] for row in Xdr.objects.filter(external_id__startswith=source).values_list(*FACTS)}
        for source in ("rated", "portal")
    )
    assert len(final) == len(ways)
    assert {key: (rated[key], final[key]) for key in rated if rated[key] != final[key]} == {}
    assert {facts[0] for facts in final.values()} > {None, own.pk}
    assert {facts[5] for facts in final.values()} == {"", Xdr.INCOMING}


@pytest.mark.django_db(transaction=True)
def test_all_sums_follow():
    customer = german_customer()
    book(customer, *(priced(n, amount=f"0.{n:05}") for n in range(1, 200)))
    assert list(differences()) == []
