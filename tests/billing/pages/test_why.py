"""Why this price: the page of a transaction adds up before the customer's eyes, or says what is not known."""

import re
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from billing.models import Rate, Tariff, Xdr
from billing.operations.calls import book_calls, tariff_of
from billing.operations.priced_calls import book_priced
from billing.pages.why import why_lines
from billing.queries.explanations import explained
from tests.billing.operations.test_calls import call
from tests.billing.operations.test_rating import give_discount
from tests.billing.pages.test_transactions import post
from tests.billing.priced import NOW, give_tariff

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer(easycall):
    give_tariff(easycall, prices={"4930": "0.06"})
    Tariff.objects.update(time_zone="Europe/Berlin", off_peak_hours="hr{18-7}")
    since = datetime(2026, 3, 1, tzinfo=ZoneInfo("Europe/Berlin"))
    Rate.objects.update(connect_fee=Decimal("0.01"), free_seconds=10, time_slot="peak", effective_from=since)
    return easycall


def book(customer, **more) -> Xdr:
    record = call(cld="+4930400400", **more)
    booked = book_calls([record], customer=customer, tariff=tariff_of(customer), source="portal", now=NOW)
    assert booked.rejects == ()
    return Xdr.objects.get()


def page_of(client, row: Xdr) -> str:
    answer = client.get(reverse("billing:transaction", args=[row.pk, f"{row.started_at:%Y-%m-%d}"]))
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_the_reasons_are_told_one_by_one(customer, as_bob):
    plan = give_discount(customer, [(90, 100), (None, 50)]).plan
    row = book(customer, seconds=131)
    Tariff.objects.update(name="Renamed since")
    Rate.objects.all().delete()
    page = page_of(as_bob, row)
    for part in (
        "+49 30 400400 begins with 4930: To 4930",
        "Standard, price since",
        "Peak The call began on Sunday at 13:00 (Europe/Berlin)",
        "Connect fee Once for each answered call 0.01000 USD",
        "Free seconds The first 0:10 cost nothing 0.00000 USD",
        "First interval 1:00, due in full once begun, at 0.06000 USD a minute 0.06000 USD",
        "Next intervals 2 intervals of 1:00, in all 2:00, at 0.06000 USD a minute 0.12000 USD",
        "Price before discount 0.19000 USD",
        f"Discount: {plan.name} 100 % off 1:30 of the call; the volume of this step was used up with it -0.09500 USD",
        f"Discount: {plan.name} 50 % off 1:30 of the call -0.04750 USD",
        "Charged Amount 0.04750 USD",
    ):
        assert part in page


def test_what_is_left_names_its_plan_where_two_gave_something(customer, as_alice):
    hundred = give_discount(customer, [(200, 50), (None, 10)], combination="cumulative", precedence=90).plan
    loyalty = give_discount(customer, [(1000, 5)], combination="cumulative").plan
    page = page_of(as_alice, book(customer, seconds=260))
    both = f"Discount: {hundred.name}, {loyalty.name}"
    assert f"{both} 55 % off 3:20 of the call; {hundred.name}: the volume of this step was used up with it;" in page
    assert f"{loyalty.name}: 13:20 min were left afterwards" in page


def test_the_lines_add_up(customer):
    give_discount(customer, [(90, 100), (200, 33)])
    row = book(customer, seconds=311)
    lines = why_lines(explained(row), number=row.cld, started_at=row.started_at, currency="USD")
    assert sum(line.amount for line in lines if line.amount is not None and not line.is_sum) == row.amount


def test_a_call_inside_and_one_without_discount(customer, as_alice):
    Tariff.objects.update(on_net_price=Decimal("0.012345"))
    inside = call(1, cli="201", cld="202")
    book_calls([inside], customer=customer, tariff=tariff_of(customer), source="portal", now=NOW)
    page = page_of(as_alice, Xdr.objects.get())
    assert "A number of our own" in page
    assert "at 0.012345 USD a minute 0.01235 USD" in page
    assert "before discount" not in page


def test_what_is_not_known_is_said(customer, as_alice):
    book_priced({customer.pk: [call(amount=Decimal("0.5"), currency="USD")]}, source="portal", now=NOW)
    row = Xdr.objects.get()
    assert "This price came with the record of the call." in page_of(as_alice, row)


def test_an_older_row_says_that_not_all_is_known(customer, as_alice):
    post(customer, 1, rate=Decimal("0.06"))
    page = page_of(as_alice, Xdr.objects.get())
    assert "Only a part of what this price was made from is known" in page
    assert "Price a minute 0.06000 USD" in page
