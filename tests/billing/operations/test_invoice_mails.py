"""The mail of an invoice: once, to who pays, in his language, with the PDF or a link."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connections, transaction

from billing.documents import paper
from billing.models import Invoice
from billing.operations import invoice_mails
from billing.operations.credit_notes import credit_invoice
from billing.operations.invoice_mails import mail_waiting
from billing.operations.invoices import issue_invoice, void_invoice
from billing.operations.papers import making, stored_pdf
from selfcare.models import OutgoingMail
from tests.billing.bills import JANUARY, NOW, book, invoice_of
from tests.factories import CustomerFactory, UserFactory

ISSUED = JANUARY.end + timedelta(hours=1)


@pytest.fixture
def quick(monkeypatch) -> None:
    """A PDF that is made at once; the real one is tried in one test, and by those of documents."""
    monkeypatch.setattr(invoice_mails, "stored_pdf", lambda *, invoice, clock: b"%PDF-1.7 quick")


@pytest.fixture
def invoice(easycall) -> Invoice:
    easycall.email = "office@easycall.example"
    easycall.save()
    book(easycall, "80", at=JANUARY.start)
    return invoice_of(easycall, JANUARY)


def mails() -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(key__startswith="invoice:").order_by("pk"))


def test_one_mail_to_the_billing_address_and_the_owners(alice, invoice, quick):
    for _ in range(3):
        mail_waiting(now=ISSUED)
    (mail,) = mails()
    assert set(mail.to) == {alice.email, "office@easycall.example"}
    assert mail.subject == f"Invoice {invoice.number} from {invoice.seller['name']}: 80.00 USD"
    assert f"/billing/invoices/{invoice.pk}/" in mail.body
    assert "Please pay by: 2026-02-15" in mail.body
    (file,) = mail.attachments.all()
    assert (file.name, file.content_type) == (f"invoice-{invoice.number}.pdf", "application/pdf")
    invoice.refresh_from_db()
    assert invoice.mailed_at == ISSUED


def test_each_language_has_its_mail(alice, easycall, invoice, quick):
    german = UserFactory(username="gerd", customer=easycall, role="owner", language="de")
    mail_waiting(now=ISSUED)
    assert [(mail.to, mail.key.rsplit(":", 1)[1]) for mail in mails()] == [
        ([alice.email, "office@easycall.example"], "en"), ([german.email], "de"),
    ]  # fmt: skip


@pytest.mark.skipif(not paper.available(), reason="Pango is missing on this machine")
def test_the_pdf_that_is_kept_is_attached(invoice):
    mail_waiting(now=ISSUED)
    with mails()[0].attachments.get().file.open("rb") as file:
        assert file.read() == stored_pdf(invoice=Invoice.objects.get())


def test_without_the_pdf_library_it_goes_with_a_link(invoice, monkeypatch):
    monkeypatch.setattr(paper, "weasyprint", None)
    assert mail_waiting(now=ISSUED) == 1
    (mail,) = mails()
    assert not mail.attachments.exists()
    assert "in the portal" in mail.body


def test_a_pdf_that_fails_is_tried_for_an_hour(invoice, monkeypatch):
    def fails(*_given: object, **_named: object) -> bytes:
        raise RuntimeError("broken logo")

    monkeypatch.setattr(making, "invoice_pdf", fails)
    monkeypatch.setattr(paper, "available", lambda: True)
    assert mail_waiting(now=ISSUED + timedelta(minutes=59)) == 0
    assert mails() == []
    assert mail_waiting(now=ISSUED + timedelta(minutes=61)) == 1
    assert not mails()[0].attachments.exists()


def test_what_is_void_or_about_nothing_is_not_mailed(invoice, quick):
    void_invoice(invoice=invoice, staff=None, reason="Wrong", now=NOW)
    invoice_of(CustomerFactory(), JANUARY)
    assert mail_waiting(now=NOW) == 0
    assert mails() == []
    assert Invoice.objects.filter(lines=None).get().mailed_at is not None


def test_a_credit_note_is_mailed_as_what_it_is(invoice, quick):
    note = credit_invoice(
        invoice=invoice,
        amounts={invoice.lines.get().pk: Decimal(5)},
        reason="Twice",
        staff=None,
        made_as=uuid4(),
        now=NOW,
    )
    mail_waiting(now=NOW)
    mail = mails()[-1]
    assert mail.subject.startswith(f"Credit note {note.number} from")
    assert f"corrects invoice {invoice.number}" in mail.body
    assert "Reason: Twice" in mail.body
    assert "Please pay" not in mail.body


def test_what_is_turned_back_is_not_mailed(easycall, quick):
    book(easycall, "80", at=JANUARY.start)
    with transaction.atomic():
        issue_invoice(customer=easycall, period=JANUARY, now=ISSUED)
        transaction.set_rollback(True)
    assert mail_waiting(now=ISSUED) == 0


def test_dying_before_the_commit_leaves_no_half_of_it(invoice, quick, monkeypatch):
    def dies(*_given: object, **_named: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(invoice_mails, "_post", dies)
    with pytest.raises(ZeroDivisionError):
        mail_waiting(now=ISSUED)
    invoice.refresh_from_db()
    assert (invoice.mailed_at, mails()) == (None, [])


@pytest.mark.django_db(transaction=True)
def test_two_workers_mail_it_once(invoice, quick):
    barrier = Barrier(4)

    def work(_number: int) -> int:
        barrier.wait(10)
        try:
            return mail_waiting(now=ISSUED)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == 1
    assert len(mails()) == 1
    assert mails()[0].attachments.count() == 1
