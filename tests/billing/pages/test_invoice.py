"""One invoice on the screen: what is behind its lines, before it and after it, and asking about it."""

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing.models import Invoice, Service
from billing.money import round_money
from billing.operations.invoices import void_invoice
from billing.queries.invoice_history import paid_by, unpaid_before
from billing.queries.invoice_rows import rows_of
from selfcare.models import Role
from tests.billing.bills import FEBRUARY, JANUARY, MARCH, NOW, book, invoice_of, pay
from tests.factories import CategoryFactory, TicketFactory, UserFactory
from tickets.models import Ticket


def page(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def view(invoice: Invoice) -> str:
    return reverse("billing:invoice", args=[invoice.pk])


def of(service: int, invoice: Invoice) -> str:
    return f"{reverse('billing:transactions-of', args=[service])}?invoice={invoice.pk}"


def late(invoice: Invoice) -> str:
    return f"{reverse('billing:transactions')}?invoice={invoice.pk}&late=on"


@pytest.fixture
def calls(easycall) -> Invoice:
    """January has two calls and a fee; a third call comes after the invoice, a fourth belongs to February."""
    book(easycall, "1.23456", at=JANUARY.start)
    book(easycall, "2.00300", at=JANUARY.end - timedelta(seconds=1))
    book(easycall, "10", at=JANUARY.start, service=Service.SUBSCRIPTIONS, quantity=1)
    book(easycall, "-0.50", at=JANUARY.start, service=Service.CREDITS)
    invoice = invoice_of(easycall, JANUARY)
    book(easycall, "0.77000", at=JANUARY.start + timedelta(hours=1))
    book(easycall, "4", at=FEBRUARY.start)
    return invoice


def test_each_line_leads_to_exactly_its_rows(calls, as_alice):
    text = page(as_alice, view(calls))
    for line in calls.lines.all():
        address = of(line.service_id, calls)
        assert address in text
        answer = as_alice.get(address)
        rows = answer.context["table"].pager.total
        assert (rows, round_money(answer.context["amount"], "USD")) == (line.transactions, line.net)
    assert "0.77" not in page(as_alice, of(Service.CALLS, calls)), "it came after the invoice"
    assert "Rounding" not in page(as_alice, of(Service.CREDITS, calls)), "which is on no line"


def test_charges_of_earlier_periods_are_listed(calls, easycall, as_alice):
    second = invoice_of(easycall, FEBRUARY)
    line = second.lines.get(service=None)
    assert late(second) in page(as_alice, view(second))
    text = page(as_alice, late(second))
    assert "0.77000 USD" in text
    assert f"{reverse('billing:transactions-of', args=[Service.CALLS])}?invoice={second.pk}&late=on" in text
    assert round_money(sum(row.amount for row in rows_of(second, late=True)), "USD") == line.net
    assert as_alice.get(of(Service.CALLS, second)).context["amount"] == 4


def test_after_a_void_invoice_its_rows_are_those_of_the_next(calls, easycall):
    invoice_of(easycall, FEBRUARY)
    void_invoice(invoice=calls, staff=None, reason="Wrong", now=NOW)
    third = invoice_of(easycall, MARCH)
    line = third.lines.get(service=None)
    found = [row.amount for row in rows_of(third, late=True).order_by("pk")]
    assert found == [Decimal("1.23456"), Decimal("2.003"), Decimal(10), Decimal("-0.5")], "not what February had"
    assert round_money(sum(found), "USD") == line.net


def test_too_little_to_be_a_line_is_kept_for_the_next(easycall):
    invoice_of(easycall, JANUARY)
    book(easycall, "0.00200", at=JANUARY.start)
    second = invoice_of(easycall, FEBRUARY)
    assert not second.lines.exists()
    book(easycall, "0.00400", at=JANUARY.start)
    third = invoice_of(easycall, MARCH)
    assert third.lines.get().net == Decimal("0.01")
    assert [row.amount for row in rows_of(third, late=True).order_by("pk")] == [Decimal("0.002"), Decimal("0.004")]


def test_the_downloads_have_those_rows(calls, as_alice):
    answer = as_alice.get(f"{of(Service.CALLS, calls)}&format=xlsx")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("application/vnd.openxmlformats")


def test_a_strangers_invoice_is_no_filter(calls, as_charlie, as_alice):
    for address in (of(Service.CALLS, calls), late(calls)):
        assert as_charlie.get(address).status_code == 404
    for nonsense in ("0", "x", "-1", "9" * 30, "²"):
        assert as_alice.get(f"{reverse('billing:transactions')}?invoice={nonsense}").status_code == 404


def test_what_was_unpaid_before_opens_up(easycall, as_alice):
    for period, amount in ((JANUARY, "30"), (FEBRUARY, "20")):
        book(easycall, amount, at=period.start)
        invoice_of(easycall, period)
    pay(easycall, "12", at=FEBRUARY.end + timedelta(days=2))
    third = invoice_of(easycall, MARCH)
    pay(easycall, "30", at=MARCH.end + timedelta(days=2))
    found = unpaid_before(third)
    assert [(row.invoice.number, row.unpaid) for row in found] == [("000001", 18), ("000002", 20)]
    assert sum(row.unpaid for row in found) == third.previous_unpaid
    text = page(as_alice, view(third))
    assert "Unpaid then" in text
    assert view(found[0].invoice) in text


def test_what_has_paid_it(easycall, as_alice):
    book(easycall, "30", at=JANUARY.start)
    invoice = invoice_of(easycall, JANUARY)
    first = pay(easycall, "12", at=JANUARY.end + timedelta(days=3))
    pay(easycall, "50", at=JANUARY.end + timedelta(days=4))
    assert [paid.amount for paid in paid_by(invoice)] == [12, 18]
    text = page(as_alice, view(invoice))
    assert "What has paid this invoice" in text
    assert reverse("billing:payment", args=[first.pk]) in text
    assert "18.00 USD" in text


def test_what_was_taken_back_again_has_paid_nothing(easycall):
    book(easycall, "30", at=JANUARY.start)
    invoice = invoice_of(easycall, JANUARY)
    pay(easycall, "30", at=JANUARY.end + timedelta(days=3))
    void_invoice(invoice=invoice, staff=None, reason="Wrong", now=NOW)
    assert paid_by(invoice) == []


def test_a_credit_that_pays(easycall, as_alice):
    book(easycall, "-40", at=JANUARY.start, service=Service.CREDITS)
    credit = invoice_of(easycall, JANUARY)
    book(easycall, "30", at=FEBRUARY.start)
    invoice = invoice_of(easycall, FEBRUARY)
    (paid,) = paid_by(invoice)
    assert (paid.credit, paid.amount) == (credit, 30)
    assert "Credit of 000001" in page(as_alice, view(invoice))


def test_asking_about_it_opens_a_ticket_that_stands_on_it(calls, as_alice, alice):
    text = page(as_alice, view(calls))
    link = re.search(rf'href="({reverse("tickets:add")}[?][^"]*)"', text)
    form = as_alice.get(link[1])
    initial = form.context["form"].initial
    assert initial["subject"] == "Question about invoice 000001"
    assert initial["about"] == view(calls)
    said = {"subject": initial["subject"], "about": initial["about"], "text": "Why?"}
    as_alice.post(reverse("tickets:add"), said | {"category": CategoryFactory().pk, "priority": 2})
    ticket = Ticket.objects.get()
    assert str(ticket) in page(as_alice, view(calls))
    Ticket.objects.update(status=Ticket.Status.RESOLVED)
    assert str(ticket) not in page(as_alice, view(calls))


def test_a_single_line_can_be_asked_about(calls, as_alice, alice, easycall):
    text = page(as_alice, view(calls))
    assert text.count("Ask about this line:") == calls.lines.count()
    assert "Question+about+invoice+000001%3A+Voice+Calls" in text
    ticket = TicketFactory(customer=easycall, requestor=alice, about=f"{view(calls)}#line-1")
    other = TicketFactory(customer=easycall, requestor=alice, about=f"{view(calls).rstrip('/')}9/")
    text = page(as_alice, view(calls))
    assert str(ticket) in text
    assert str(other) not in text


def test_who_may_ask(calls, as_bob, easycall, client):
    assert reverse("tickets:add") not in page(as_bob, view(calls)), "bob only reads"
    assert as_bob.get(reverse("tickets:add")).status_code == 403
    client.force_login(UserFactory(customer=easycall, role=Role.BILLING_MANAGER))
    assert reverse("tickets:add") in page(client, view(calls))


def test_the_same_number_of_queries_however_much_there_is(calls, easycall, as_alice, django_assert_num_queries):
    invoices = []
    for period in (FEBRUARY, MARCH):
        book(easycall, "20", at=period.start)
        invoices.append(invoice_of(easycall, period))
    page(as_alice, view(invoices[0]))
    pay(easycall, "30", at=NOW)
    with CaptureQueriesContext(connection) as before:
        page(as_alice, view(invoices[0]))
    for _ in range(3):
        pay(easycall, "1", at=NOW)
        TicketFactory(customer=easycall, about=view(invoices[0]))
    assert len(paid_by(invoices[0])) == 4
    with django_assert_num_queries(len(before)):
        page(as_alice, view(invoices[0]))
