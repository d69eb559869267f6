"""Why an invoice is higher or lower than the last: sentences whose amounts add up to the difference."""

from datetime import timedelta
from decimal import Decimal
from html import unescape
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings, strategies

from billing.models import Account, Invoice, Service
from billing.operations.credit_notes import credit_invoice
from billing.operations.ledger import LedgerRow, post_rows
from billing.queries import bill_changes
from billing.queries.bill_changes import bill_change, previous_of
from tests.billing.bills import FEBRUARY, JANUARY, MARCH, NOW, book, invoice_of, numbers
from tests.factories import CustomerFactory, LineFactory, RateFactory, SubscriptionFactory, TariffFactory


def call(customer, amount, *, at, seconds=60, to="Mexico", line=None, service=Service.CALLS, words="", key=""):
    """One charge with what a bill is compared by."""
    row = LedgerRow(
        customer_id=customer.pk,
        service_id=service,
        started_at=at,
        amount=Decimal(amount),
        quantity=Decimal(seconds),
        charged_quantity=Decimal(seconds),
        country="MX" if to else "",
        destination=to,
        line_id=line.pk if line else None,
        description=words,
        external_id=key or f"test:{next(numbers)}",
    )
    post_rows([row], now=NOW)


def why(invoice: Invoice) -> str:
    return reverse("billing:invoice-why", args=[invoice.pk])


def text_of(client, invoice: Invoice) -> str:
    answer = client.get(why(invoice))
    assert answer.status_code == 200
    return " ".join(unescape(answer.content.decode()).split())


def test_the_first_invoice_says_so(easycall, as_alice):
    book(easycall, "5", at=JANUARY.start)
    invoice = invoice_of(easycall, JANUARY)
    assert "This is your first invoice" in as_alice.get(reverse("billing:invoice", args=[invoice.pk])).content.decode()
    text = text_of(as_alice, invoice)
    assert "Invoice 000001 is the first one" in text
    assert "no earlier invoice" in text


def test_a_story(easycall, as_alice):
    easycall.tax_rate = Decimal(10)
    easycall.save()
    desk = LineFactory(customer=easycall, account_id="16465550101")
    plan = SubscriptionFactory(
        customer=easycall,
        name="Premium Support",
        started_at=FEBRUARY.start + timedelta(days=2),
        charged_until=MARCH.end,
    )
    call(easycall, "10", at=JANUARY.start, seconds=600, line=desk)
    call(easycall, "4", at=JANUARY.start, to="Japan")
    call(easycall, "-5", at=JANUARY.start, to="", service=Service.CREDITS, words="Welcome credit")
    first = invoice_of(easycall, JANUARY)
    call(easycall, "30", at=FEBRUARY.start, seconds=1200, line=desk)
    call(
        easycall,
        "20",
        at=FEBRUARY.start,
        seconds=1,
        to="",
        service=Service.SUBSCRIPTIONS,
        key=f"subscription:{plan.pk}:x",
    )
    call(
        easycall, "7", at=FEBRUARY.start, to="", service=Service.SUBSCRIPTIONS, key=f"subscription:{plan.pk}:activation"
    )
    tariff = TariffFactory()
    Account.objects.filter(customer=easycall).update(tariff=tariff)
    RateFactory(tariff=tariff, destination="Mexico", prefix="52", effective_from=FEBRUARY.start, price_next="1.5")
    second = invoice_of(easycall, FEBRUARY)
    page = as_alice.get(reverse("billing:invoice", args=[second.pk])).content.decode()
    assert "Why is this invoice higher than the last?" in page
    assert why(second) in page
    text = text_of(as_alice, second)
    for words in (
        "Why is invoice 000002 higher than the last?",
        "62.70 USD instead of 9.90 USD on invoice 000001: 52.80 USD more.",
        "This period has 28 days, the last one had 31.",
        "1 transaction, 20:00 instead of 2 transactions, 11:00.",
        "1 transaction, 20:00 instead of 1 transaction, 10:00.",
        "A minute was 1.50000 USD on average instead of 1.00000 USD.",
        "Only on the last invoice: 1 transaction, 1:00.",
        "It began on 02/03/2026.",
        "Activation of Premium Support",
        "Charged once.",
        "Welcome credit",
        "Since 02/01/2026 a minute to Mexico (52) is 1.50000 USD.",
        "+52.80 USD",
    ):
        assert words in text, words
    assert text_of(as_alice, first).count("first one")


def test_a_lower_one_and_an_equal_one(easycall, as_alice):
    for period, amount in ((JANUARY, "9"), (FEBRUARY, "4"), (MARCH, "4")):
        call(easycall, amount, at=period.start)
        invoice = invoice_of(easycall, period)
        if period == FEBRUARY:
            assert "Why is invoice 000002 lower than the last?" in text_of(as_alice, invoice)
            assert ": 5.00 USD less." in text_of(as_alice, invoice)
    assert "has the same total as the last one" in text_of(as_alice, invoice)
    assert "cost as much as in the period before" in text_of(as_alice, invoice)


def test_a_subscription_that_ended_and_what_came_late(easycall, as_alice):
    plan = SubscriptionFactory(
        customer=easycall,
        name="Fax Box",
        started_at=JANUARY.start,
        charged_until=MARCH.end,
        ended_at=FEBRUARY.start + timedelta(days=1),
    )
    call(easycall, "8", at=JANUARY.start, to="", service=Service.SUBSCRIPTIONS, key=f"subscription:{plan.pk}:a")
    invoice_of(easycall, JANUARY)
    call(easycall, "3", at=JANUARY.start)
    text = text_of(as_alice, invoice_of(easycall, FEBRUARY))
    assert "It ended on 02/01/2026." in text
    assert "Charges of earlier periods" in text


def test_the_monthly_sums_and_the_rows_say_the_same(easycall, monkeypatch):
    for period, amounts in ((JANUARY, ("1", "2")), (FEBRUARY, ("5", "9"))):
        for place, amount in zip(("Mexico", "Japan"), amounts, strict=True):
            call(easycall, amount, at=period.start, to=place)
        invoice_of(easycall, period)
    second = Invoice.objects.get(number="000002")
    by_sums = bill_change(previous_of(second), second)
    monkeypatch.setattr(bill_changes, "_from_sums", lambda invoice: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        bill_change(previous_of(second), second)
    monkeypatch.setattr(bill_changes, "_is_month", lambda invoice: False)
    assert bill_change(previous_of(second), second).parts == by_sums.parts


def test_what_was_booked_late_is_not_taken_for_a_part_of_the_bill(easycall):
    call(easycall, "1", at=JANUARY.start)
    invoice_of(easycall, JANUARY)
    call(easycall, "100", at=JANUARY.start)
    call(easycall, "2", at=FEBRUARY.start)
    second = invoice_of(easycall, FEBRUARY)
    calls, late = sorted(bill_change(previous_of(second), second).parts, key=lambda part: part.change.key is None)
    assert (calls.change.amount, late.change.amount) == (1, 100)
    assert [change.amount for change in calls.breakdowns["destinations"].changes] == [1]


def test_charlie_gets_404(easycall, as_charlie, as_bob):
    invoice = invoice_of(easycall, JANUARY)
    assert {getattr(as_charlie, method)(why(invoice)).status_code for method in ("get", "head", "options")} == {404}
    assert as_bob.get(why(invoice)).status_code == 200


def test_a_credit_note_is_compared_with_nothing(easycall, as_alice):
    book(easycall, "10", at=JANUARY.start)
    book(easycall, "10", at=FEBRUARY.start)
    invoice_of(easycall, JANUARY)
    second = invoice_of(easycall, FEBRUARY)
    note = credit_invoice(invoice=second, amounts=None, reason="x", staff=None, made_as=uuid4(), now=NOW)
    assert as_alice.get(why(note)).status_code == 404
    assert why(note) not in as_alice.get(reverse("billing:invoice", args=[note.pk])).content.decode()
    assert as_alice.get(why(second)).status_code == 200


def test_the_number_of_queries_does_not_grow(easycall, as_alice, django_assert_num_queries):
    for period in (JANUARY, FEBRUARY, MARCH):
        for place in range(2 if period == FEBRUARY else 9):
            line = LineFactory(customer=easycall)
            call(easycall, f"{place + 1}", at=period.start, to=f"Place {place}", line=line)
        invoice = invoice_of(easycall, period)
        as_alice.get(why(invoice))
        if period == FEBRUARY:
            with CaptureQueriesContext(connection) as few:
                as_alice.get(why(invoice))
            count = len(few)
    with django_assert_num_queries(count):
        as_alice.get(why(invoice))


charges = strategies.lists(
    strategies.tuples(
        strategies.decimals(-90, 900, places=5),
        strategies.sampled_from(["Mexico", "Japan", "Peru", "Mali", "Fiji", "Oman", "Cuba", ""]),
        strategies.sampled_from([Service.CALLS, Service.MESSAGES, Service.SUBSCRIPTIONS, Service.CREDITS]),
    ),
    max_size=14,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(charges, charges, strategies.sampled_from(["0", "19", "6.875"]))
def test_whatever_is_on_two_bills_the_parts_add_up(customers, before, now, rate):
    customer = customers(rate)
    for period, rows in ((JANUARY, before), (FEBRUARY, now)):
        for amount, place, service in rows:
            call(customer, amount, at=period.start, to=place, service=service, words=place)
        invoice_of(customer, period)
    first, second = Invoice.objects.filter(customer=customer).order_by("period_start")
    found = bill_change(first, second)
    assert sum(part.change.amount for part in found.parts) == second.total - first.total
    for part in found.parts:
        for side in part.breakdowns.values():
            assert sum((change.amount for change in side.changes), side.rest) == part.change.amount


@pytest.fixture
def customers(db):
    """A new customer for each example, taxed at a rate."""
    return lambda rate: CustomerFactory(tax_rate=Decimal(rate))
