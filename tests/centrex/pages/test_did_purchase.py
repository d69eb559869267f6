"""Add DID, step by step."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from billing.models import Xdr
from billing.operations.did_orders import quote
from centrex.models import Did
from selfcare.models import Customer
from tests.factories import CustomerFactory, FreeDidFactory, UserFactory
from tests.people import signed_in

ADD = "/centrex/dids/add/"
CITIES, NUMBERS, RESERVE = f"{ADD}cities/", f"{ADD}numbers/", f"{ADD}reserve/"


def body(client, address: str, **query) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200, address
    return answer.content.decode()


def said(answer) -> str:
    return " ".join(map(str, answer.context["messages"]))


@pytest.fixture
def did(db) -> Did:
    return FreeDidFactory(number="12125550150", activation_fee=Decimal(5), monthly_fee=Decimal(31))


@pytest.fixture
def kept(did, as_alice) -> Did:
    """The number, reserved by alice."""
    assert as_alice.post(RESERVE, {"did": did.pk}).status_code == 302
    did.refresh_from_db()
    return did


def buy_page(did: Did, act: str = "buy") -> str:
    return f"/centrex/dids/{did.pk}/{act}/"


def today(did: Did, customer: Customer) -> dict[str, Decimal]:
    return {"today": quote(customer=customer, did=did, now=timezone.now()).today}


def run_out(did: Did) -> None:
    Did.objects.filter(pk=did.pk).update(reserved_until=timezone.now() - timedelta(seconds=1))


def test_from_the_country_to_the_number(as_alice, did):
    FreeDidFactory(country="GB", city="London")
    FreeDidFactory(country="US", city="Boston")
    page = body(as_alice, ADD)
    assert "United Kingdom" in page
    assert "2 numbers" in page
    assert f"{CITIES}?country=US" in page
    page = body(as_alice, CITIES, country="US")
    assert "New York" in page
    assert "London" not in page
    assert f"{NUMBERS}?country=US&amp;city=New+York" in page
    page = body(as_alice, NUMBERS, country="US", city="New York")
    assert "+1 212-555-0150" in page
    assert "31.00 USD" in page
    assert "5.00 USD" in page
    assert page.count('name="did"') == 1


def test_numbers_without_a_city_are_found(as_alice):
    FreeDidFactory(country="US", city="", number="18005550150")
    FreeDidFactory(country="US", city="Boston", number="16175550150")
    page = body(as_alice, CITIES, country="US")
    assert "Without a city" in page
    page = body(as_alice, NUMBERS, country="US", city="-")
    assert "+1 800-555-0150" in page
    assert "+1 617-555-0150" not in page


@pytest.mark.parametrize(("text", "hits"), [("555-0150", 1), ("0151", 1), ("2125550", 2), ("999", 0)])
def test_digits_are_searched(as_alice, did, text, hits):
    FreeDidFactory(number="12125550151")
    page = body(as_alice, NUMBERS, country="US", city="New York", text=text)
    assert page.count('name="did"') == hits
    assert 'name="country" value="US"' in page
    assert ("No free number matches" in page) == (hits == 0)


def test_numbers_come_in_pages(as_alice):
    for _each in range(60):
        FreeDidFactory()
    assert body(as_alice, NUMBERS, country="US").count('name="did"') == 50
    assert body(as_alice, NUMBERS, country="US", page="2").count('name="did"') == 10


@pytest.mark.parametrize("state", [{"frozen": True}, {"currency": "EUR"}])
def test_what_is_not_for_sale_is_not_offered(as_alice, did, state):
    Did.objects.update(**state)
    assert "No number is free at the moment" in body(as_alice, ADD)
    assert as_alice.get(CITIES, {"country": "US"}).status_code == 302
    assert 'name="did"' not in body(as_alice, NUMBERS)
    assert "is not free any more" in said(as_alice.post(RESERVE, {"did": did.pk}, follow=True))


def test_a_number_that_somebody_else_has_reserved_is_not_offered(as_charlie, kept):
    assert 'name="did"' not in body(as_charlie, NUMBERS)
    assert "is not free any more" in said(as_charlie.post(RESERVE, {"did": kept.pk}, follow=True))


@pytest.mark.parametrize("country", ["", "XX", "\0", "us", "x" * 3000])
def test_an_odd_country_leads_to_the_first_step(as_alice, did, country):
    answer = as_alice.get(CITIES, {"country": country})
    assert (answer.status_code, answer["Location"]) == (302, ADD)


@pytest.mark.parametrize("odd", ["", "x", "0", "-1", "9" * 30, "\0"])
def test_an_odd_choice_leads_to_the_first_step(as_alice, odd):
    assert as_alice.post(RESERVE, {"did": odd})["Location"] == ADD


def test_the_price_is_shown_before_anything_is_charged(as_alice, easycall, kept):
    easycall.tax_rate = Decimal("8.875")
    easycall.save()
    price = quote(customer=easycall, did=kept, now=timezone.now())
    page = body(as_alice, buy_page(kept))
    for words in (
        "+1 212-555-0150",
        "New York, United States of America",
        "5.00 USD",
        f"{price.first.amount:.2f} USD",
        f"Buy for {price.today:.2f} USD",
        "With the tax of 8.875 % that your invoice adds",
        f"{price.taxed.gross:.2f} USD",
        f"Every month from {price.first.period.end.astimezone(easycall.zone):%m/%d/%Y} on",
        "for 10 minutes more",
    ):
        assert words in page
    assert not Xdr.objects.exists()


def test_buying(as_alice, easycall, kept):
    data = today(kept, easycall)
    answer = as_alice.post(buy_page(kept), data, follow=True)
    assert answer.redirect_chain[-1][0] == "/centrex/dids/"
    assert "The number is yours" in said(answer)
    page = answer.content.decode()
    assert "Unassigned" in page
    assert "31.00 USD" in page
    assert sum(Xdr.objects.values_list("amount", flat=True)) == data["today"]
    again = as_alice.post(buy_page(kept), data, follow=True)  # a double click
    assert "The number is yours" in said(again)
    assert sum(Xdr.objects.values_list("amount", flat=True)) == data["today"]
    transactions = body(as_alice, "/billing/transactions/", show="show")
    assert "DID Charges" in transactions
    assert "Subscriptions" in transactions


def test_another_price_is_shown_first(as_alice, kept):
    page = as_alice.post(buy_page(kept), {"today": "1.00"})
    assert "The price has changed" in page.content.decode()
    assert "Buy for" in page.content.decode()
    assert "The price has changed" in as_alice.post(buy_page(kept), {}).content.decode()
    assert not Xdr.objects.exists()


def test_without_money_it_says_so_before_and_after(as_charlie, lotus, did):
    as_charlie.post(RESERVE, {"did": did.pk})
    page = body(as_charlie, buy_page(did))
    assert "Only 0.00 USD are available." in page
    assert "/billing/pay/" in page
    answer = as_charlie.post(buy_page(did), today(did, lotus))
    assert "Make a payment first." in answer.content.decode()
    assert not Xdr.objects.exists()


def test_after_ten_minutes_nothing_is_charged_and_it_can_be_reserved_again(as_alice, easycall, kept):
    run_out(kept)
    page = body(as_alice, buy_page(kept))
    assert "Your reservation has ended" in page
    assert "Reserve it again" in page
    assert "Buy for" not in page
    answer = as_alice.post(buy_page(kept), today(kept, easycall))
    assert "nothing was charged" in answer.content.decode()
    assert not Xdr.objects.exists()
    as_alice.post(RESERVE, {"did": kept.pk})
    assert "Buy for" in body(as_alice, buy_page(kept))


def test_when_somebody_else_has_it_by_then_it_says_so(as_alice, as_charlie, easycall, kept):
    run_out(kept)
    as_charlie.post(RESERVE, {"did": kept.pk})
    answer = as_alice.post(buy_page(kept), today(kept, easycall), follow=True)
    assert "not free any more. Nothing was charged." in said(answer)
    assert "not reserved for you" in said(as_alice.get(buy_page(kept), follow=True))


def test_cancelling_frees_it(as_alice, as_charlie, kept):
    answer = as_alice.post(buy_page(kept, "cancel"), follow=True)
    assert "no longer reserved. Nothing was charged." in said(answer)
    assert answer.request["QUERY_STRING"] == "country=US&city=New+York"
    assert 'name="did"' in body(as_charlie, NUMBERS)
    assert as_alice.post(buy_page(kept, "cancel"))["Location"] == ADD


def test_an_open_reservation_is_shown_at_the_beginning(as_alice, kept):
    page = body(as_alice, ADD)
    assert "+1 212-555-0150 is reserved for you until" in page
    assert buy_page(kept) in page


def test_the_eleventh_reservation_is_refused(as_alice):
    numbers = [FreeDidFactory() for _each in range(11)]
    answers = [as_alice.post(RESERVE, {"did": number.pk}, follow=True) for number in numbers]
    assert "You have reserved 10 numbers" in said(answers[-1])
    assert Did.objects.exclude(reserved_for=None).count() == 10


def test_a_stranger_learns_nothing_of_a_reservation(as_charlie, kept):
    missing = "/centrex/dids/999999/"
    for act in ("buy", "cancel"):
        for method in ("get", "post"):
            foreign = getattr(as_charlie, method)(buy_page(kept, act))
            none = getattr(as_charlie, method)(f"{missing}{act}/")
            assert (foreign.status_code, foreign.get("Location")) == (none.status_code, none.get("Location"))
    kept.refresh_from_db()
    assert kept.reserved_for is not None
    assert not Xdr.objects.exists()


def test_bob_may_not_buy(as_bob, did):
    for address in (ADD, CITIES, NUMBERS, buy_page(did)):
        assert as_bob.get(address).status_code == 403
    for address in (RESERVE, buy_page(did), buy_page(did, "cancel")):
        assert as_bob.post(address, {"did": did.pk}).status_code == 403
    did.refresh_from_db()
    assert did.reserved_for is None


def test_a_branch_office_buys_for_itself_in_its_own_currency(easycall, did):
    branch = CustomerFactory(main_office=easycall, currency="EUR", time_zone="Europe/Berlin")
    as_berta = signed_in(UserFactory(username="berta", customer=branch))
    euros = FreeDidFactory(currency="EUR", country="DE", city="Berlin")
    page = body(as_berta, ADD)
    assert "Germany" in page
    assert "United States" not in page
    as_berta.post(RESERVE, {"did": euros.pk})
    assert as_berta.post(buy_page(euros), today(euros, branch)).status_code == 302
    euros.refresh_from_db()
    assert euros.customer == branch
    assert set(Xdr.objects.values_list("customer", flat=True)) == {branch.pk}
