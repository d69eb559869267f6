"""Credit notes: own numbers, no more than the invoice, and the books agree."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from billing.models import Account, Allocation, Invoice, Service, Xdr
from billing.operations.credit_notes import credit_invoice
from billing.operations.guards import AlreadyStarted
from billing.operations.invoices import void_invoice
from billing.queries.credit_notes import creditable
from billing.queries.invoices import (
    PaymentStatus,
    invoice_summary,
    payment_status,
    unpaid,
    with_payments,
)
from billing.queries.invoices import (
    invoice_of as invoice_at,
)
from selfcare.errors import Refused
from selfcare.models import AuditEvent
from tests.billing.bills import FEBRUARY, JANUARY, MARCH, NOW, book, invoice_of, pay
from tests.factories import CustomerFactory

D = Decimal


@pytest.fixture
def taxed(db):
    return CustomerFactory(currency="EUR", tax_rate=D(19))


@pytest.fixture
def invoice(taxed) -> Invoice:
    """Calls of 100.00 and subscriptions of 50.00: 178.50 with tax."""
    book(taxed, "100.00123", at=JANUARY.start)
    book(taxed, "50", at=JANUARY.start, service=Service.SUBSCRIPTIONS)
    return invoice_of(taxed, JANUARY)


def credit(invoice, *amounts, whole=False, now=NOW, **more) -> Invoice:
    """A credit note for amounts by line, in order."""
    lines = [line.pk for line in invoice.lines.all()]
    by_line = {pk: D(amount) for pk, amount in zip(lines, amounts, strict=False)}
    said = {"reason": "Counted twice", "staff": None, "made_as": uuid4()} | more
    return credit_invoice(invoice=invoice, amounts=None if whole else by_line, now=now, **said)


def row(invoice):
    return with_payments(Invoice.objects.filter(pk=invoice.pk)).get()


def balance(customer) -> Decimal:
    return Account.objects.get(customer=customer).balance


def test_by_line_with_its_tax_and_its_own_number(taxed, invoice, dora):
    note = credit(invoice, "10.00", "5", staff=dora)
    assert (note.number, note.kind, note.corrects) == ("000002", "credit_note", invoice)
    assert (note.net, note.tax, note.total) == (D("-15"), D("-2.85"), D("-17.85"))
    assert [(line.description, line.net) for line in note.lines.all()] == [
        ("Voice Calls", D("-10")), ("Subscriptions", D("-5")),
    ]  # fmt: skip
    assert balance(taxed) == invoice.total + note.total == D("160.65")
    assert row(invoice).outstanding == D("160.65")
    assert Allocation.objects.get().credit == note
    event = AuditEvent.objects.get(action="make credit note")
    assert (event.user, event.changes["Reason"]) == (dora, ["", "Counted twice"])


def test_the_whole_is_all_that_is_left_to_the_cent(taxed, db):
    book(taxed, "0.03", at=JANUARY.start)
    book(taxed, "0.03", at=JANUARY.start, service=Service.MESSAGES)
    book(taxed, "0.03", at=JANUARY.start, service=Service.DATA)
    invoice = invoice_of(taxed, JANUARY)
    assert invoice.tax == D("0.02")
    notes = [credit(invoice, "0.03"), credit(invoice, "0", "0.03"), credit(invoice, whole=True)]
    assert sum(note.tax for note in notes) == -invoice.tax
    assert sum(note.total for note in notes) == -invoice.total
    assert balance(taxed) == 0
    assert unpaid(taxed) == 0


def test_no_later_invoice_charges_or_gives_it_again(taxed, invoice):
    in_february = FEBRUARY.start + timedelta(days=3)
    credit(invoice, "10.00", now=in_february)
    book(taxed, "7", at=FEBRUARY.start)
    second = invoice_of(taxed, FEBRUARY)
    third = invoice_of(taxed, MARCH)
    assert ([line.net for line in second.lines.all()], third.total) == ([D(7)], 0)
    assert balance(taxed) == sum(Invoice.objects.values_list("total", flat=True))


def test_more_than_the_invoice_is_refused(invoice):
    for amounts, words in (
        (("100.01",), "100.00 EUR are left"),
        (("-1",), "are left"),
        (("0",), "lowers what is owed"),
        ((), "lowers what is owed"),
        (("1.001",), "at most 2 decimals"),
    ):
        with pytest.raises(Refused, match=words):
            credit(invoice, *amounts)
    credit(invoice, "60")
    with pytest.raises(Refused, match=r"40\.00 EUR are left"):
        credit(invoice, "40.01")
    with pytest.raises(Refused, match="not one of the invoice"):
        credit_invoice(invoice=invoice, amounts={0: D(1)}, reason="x", staff=None, made_as=uuid4(), now=NOW)
    assert Invoice.objects.count() == 2, "what is refused takes no number"


def test_with_a_line_below_zero_no_more_than_the_sum(taxed):
    book(taxed, "10", at=JANUARY.start)
    book(taxed, "-8", at=JANUARY.start, service=Service.CREDITS)
    invoice = invoice_of(taxed, JANUARY)
    with pytest.raises(Refused, match="more than what is left of this invoice"):
        credit(invoice, "3")
    note = credit(invoice, whole=True)
    assert [line.net for line in note.lines.all()] == [D(-10), D(8)]
    assert balance(taxed) == 0


def test_what_cannot_be_credited(taxed, invoice, lotus):
    note = credit(invoice, "10")
    with pytest.raises(Refused, match="not corrected by another"):
        credit(note, "1")
    book(lotus, "5", at=JANUARY.start)
    with pytest.raises(Refused, match="prepaid"):
        credit(invoice_of(lotus, JANUARY), "1")
    void_invoice(invoice=note, staff=None, reason="Wrong", now=NOW)
    void_invoice(invoice=invoice, staff=None, reason="Wrong", now=NOW)
    with pytest.raises(Refused, match="void"):
        credit(invoice, "1")


def test_a_paid_invoice_gives_its_money_to_the_others(taxed, invoice):
    pay(taxed, str(invoice.total), at=NOW)
    book(taxed, "100", at=FEBRUARY.start)
    second = invoice_of(taxed, FEBRUARY)
    note = credit(invoice, "10")
    assert row(invoice).outstanding == 0
    assert row(second).paid == -note.total
    assert balance(taxed) == row(second).outstanding


def test_the_corrected_invoice_comes_before_older_ones(taxed, invoice):
    book(taxed, "100", at=FEBRUARY.start)
    second = invoice_of(taxed, FEBRUARY)
    note = credit(second, "10")
    assert (row(invoice).paid, row(second).paid) == (0, -note.total)


def test_an_invoice_with_a_credit_note_is_not_made_void_before_it(taxed, invoice):
    note = credit(invoice, "10")
    with pytest.raises(Refused, match="credit note void first"):
        void_invoice(invoice=invoice, staff=None, reason="Wrong", now=NOW)
    void_invoice(invoice=note, staff=None, reason="Wrong", now=NOW)
    assert balance(taxed) == invoice.total
    assert (row(invoice).paid, creditable(invoice).net) == (0, invoice.net)
    void_invoice(invoice=note, staff=None, reason="Wrong", now=NOW)
    assert balance(taxed) == invoice.total, "void twice is void once"
    void_invoice(invoice=invoice, staff=None, reason="Wrong", now=NOW)
    assert balance(taxed) == D("150.00123")
    assert invoice_of(taxed, JANUARY).total == invoice.total


def test_pressed_twice_it_is_one(invoice, taxed):
    once = uuid4()
    assert credit(invoice, "10", made_as=once) == credit(invoice, "10", made_as=once)
    other = invoice_of(taxed, FEBRUARY)
    with pytest.raises(AlreadyStarted):
        credit(other, "10", made_as=once)
    assert Xdr.objects.filter(external_id__startswith="credit_note:").count() == 2


def test_it_is_no_invoice_of_a_period(taxed, invoice):
    note = credit(invoice, "10")
    assert payment_status(row(note), now=NOW) == PaymentStatus.NOT_APPLICABLE
    assert invoice_at(taxed, JANUARY.start) == invoice
    summary = invoice_summary(taxed, now=NOW)
    assert (summary.last_invoice_amount, summary.balance_due) == (invoice.total, invoice.total + note.total)


def test_the_customer_finds_it_and_reads_what_it_is(as_alice, as_charlie, easycall):
    book(easycall, "80", at=JANUARY.start)
    invoice = invoice_of(easycall, JANUARY)
    note = credit(invoice, "10")
    listed = as_alice.get(reverse("billing:invoices")).content.decode()
    assert note.number in listed
    page = as_alice.get(reverse("billing:invoice", args=[note.pk])).content.decode()
    assert "Credit note" in page
    assert "Counted twice" in page
    assert reverse("billing:invoice", args=[invoice.pk]) in page
    assert (
        reverse("billing:invoice", args=[note.pk])
        in as_alice.get(reverse("billing:invoice", args=[invoice.pk])).content.decode()
    )
    assert as_charlie.get(reverse("billing:invoice", args=[note.pk])).status_code == 404


def test_staff_make_it_in_the_administration(as_dora, easycall):
    book(easycall, "80", at=JANUARY.start)
    invoice = invoice_of(easycall, JANUARY)
    address = reverse("admin:billing_invoice_credit", args=[invoice.pk])
    form = as_dora.get(address).context["form"]
    line = invoice.lines.get()
    said = {"once": form["once"].value(), "reason": "Counted twice"}
    for wrong in ({}, {"whole": "on", f"line_{line.pk}": "1"}, {f"line_{line.pk}": "80.01"}):
        assert as_dora.post(address, said | wrong).status_code == 200
    for _ in range(2):
        assert as_dora.post(address, said | {f"line_{line.pk}": "12.50"}).status_code == 302
    note = Invoice.objects.get(kind="credit_note")
    assert (note.total, note.reason) == (D("-12.50"), "Counted twice")
    shown = as_dora.get(reverse("admin:billing_invoice_change", args=[note.pk])).content.decode()
    assert reverse("admin:billing_invoice_credit", args=[note.pk]) not in shown
    assert timezone.now() - note.issued_at < timedelta(minutes=1)
