"""The PDF of an invoice: made once, kept, the same at every download, and never half."""

import errno
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from threading import Barrier

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from pypdf import PdfReader

from billing.documents import paper
from billing.models import AutoCharge, AutoPay, Invoice, StoredMethod
from billing.operations.invoices import void_invoice
from billing.operations.papers import PaperProblem, make_paper, make_waiting, making, stored_pdf, storing
from billing.operations.papers.storing import tidy
from billing.queries.auto_pay import is_at_work
from billing.queries.invoice_documents import WAIT
from selfcare.models import Brand
from tests.billing.bills import JANUARY, book, invoice_of, pay
from tests.factories import AutoPayFactory, StoredMethodFactory

ISSUED = JANUARY.end + timedelta(hours=1)
SOON = ISSUED + timedelta(seconds=30)


def soon():
    return SOON


def later():
    return ISSUED + WAIT


@pytest.fixture(autouse=True)
def media(tmp_path, settings) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def invoice(easycall) -> Invoice:
    Brand(name="ITSP", country="US", tax_id="13-5550199", registration="Delaware 1", no_tax="O").save()
    book(easycall, "42.50", at=JANUARY.start)
    return invoice_of(easycall, JANUARY)


def files(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


def words(pdf: bytes) -> str:
    return PdfReader(BytesIO(pdf)).pages[0].extract_text()


def test_it_is_made_once_and_kept(invoice, media, easycall):
    first = stored_pdf(invoice=invoice, clock=soon)
    easycall.company_name = "Renamed"
    easycall.save()
    Brand(name="Another", colour="#ff0000").save()
    pay(easycall, "42.50", at=ISSUED + timedelta(days=1))
    invoice.refresh_from_db()
    assert all(stored_pdf(invoice=Invoice.objects.get(pk=invoice.pk), clock=later) == first for _ in range(3))
    assert invoice.pdf_sha256 == sha256(first).hexdigest()
    assert invoice.pdf_made_at == SOON
    assert [path.read_bytes() for path in files(media)] == [first]


def test_nobody_guesses_its_name_and_nobody_else_reads_it(invoice, media):
    stored_pdf(invoice=invoice, clock=soon)
    (file,) = files(media)
    assert invoice.number not in file.name
    assert len(file.stem.partition("-")[2]) == 32
    assert file.stat().st_mode & 0o777 == settings.FILE_UPLOAD_PERMISSIONS


def test_the_database_refuses_another(invoice):
    stored_pdf(invoice=invoice, clock=soon)
    for change in ({"pdf": "invoices/other.pdf"}, {"pdf_sha256": "0" * 64}, {"pdf": "", "pdf_sha256": ""}):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            Invoice.objects.filter(pk=invoice.pk).update(**change)
    Invoice.objects.filter(pk=invoice.pk).update(xml_problem="")


def test_a_void_one_keeps_its_file(invoice, as_alice):
    first = stored_pdf(invoice=invoice, clock=soon)
    void_invoice(invoice=invoice, staff=None, reason="Wrong", now=later())
    invoice.refresh_from_db()
    assert stored_pdf(invoice=invoice, clock=later) == first
    assert "Void" in as_alice.get(f"/billing/invoices/{invoice.pk}/").content.decode()


def test_one_that_was_void_before_says_so(invoice):
    void_invoice(invoice=invoice, staff=None, reason="Wrong", now=SOON)
    invoice.refresh_from_db()
    assert "VOID" in words(stored_pdf(invoice=invoice, clock=later))
    assert "void" in Invoice.objects.get(pk=invoice.pk).xml_problem


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one_file(invoice, media, monkeypatch):
    """Both have drawn it before one of them keeps it."""
    met, real = Barrier(2, timeout=60), making.keep

    def keep_together(*args, **kwargs):
        met.wait()
        return real(*args, **kwargs)

    monkeypatch.setattr(making, "keep", keep_together)
    assert twice(invoice) == 1
    (file,) = files(media)
    assert sha256(file.read_bytes()).hexdigest() == Invoice.objects.get(pk=invoice.pk).pdf_sha256


def twice(invoice: Invoice) -> int:
    """Have it made by two at once; gives how many different files they were handed."""

    def one(place: int) -> bytes:
        try:
            return stored_pdf(invoice=Invoice.objects.get(pk=invoice.pk), clock=lambda: SOON + timedelta(seconds=place))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return len(set(pool.map(one, range(2))))


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_two_would_be_two(invoice, monkeypatch):
    """The control: a `keep` that does not look again hands out two different files, or the database refuses one."""
    met = Barrier(2, timeout=60)

    def keep_blindly(invoice, pdf, *, xml_problem, now):
        current = Invoice.objects.get(pk=invoice.pk)
        met.wait()
        storing._put_in_place(storing._written(pdf), current)
        current.pdf_sha256, current.pdf_made_at = sha256(pdf).hexdigest(), now
        current.save(update_fields=list(storing.PAPER))
        return current

    monkeypatch.setattr(making, "keep", keep_blindly)
    with pytest.raises(PaperProblem):
        twice(invoice)


def test_a_worker_who_died_after_moving_the_file_is_no_harm(invoice, media):
    storing._put_in_place(storing._written(b"of a worker who died"), invoice)
    invoice.refresh_from_db()
    pdf = stored_pdf(invoice=invoice, clock=soon)
    assert [path.read_bytes() for path in files(media)] == [pdf]


def test_without_the_system_libraries_the_invoice_stands(invoice, media, monkeypatch):
    monkeypatch.setattr(paper, "weasyprint", None)
    with pytest.raises(PaperProblem, match="cannot be made on this server"):
        stored_pdf(invoice=invoice, clock=soon)
    invoice.refresh_from_db()
    assert "WeasyPrint" in invoice.pdf_problem
    monkeypatch.undo()
    assert stored_pdf(invoice=invoice, clock=soon).startswith(b"%PDF")
    assert Invoice.objects.get(pk=invoice.pk).pdf_problem == ""


def test_on_a_full_disk_nothing_is_half(invoice, media, monkeypatch):
    def full(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(PaperProblem, match="could not be stored"):
        stored_pdf(invoice=invoice, clock=soon)
    assert files(media) == []
    invoice.refresh_from_db()
    assert (invoice.pdf_problem, bool(invoice.pdf)) == ("The disk is full.", False)


def test_whatever_goes_wrong_is_said_to_staff(invoice, media, monkeypatch):
    monkeypatch.setattr(making, "invoice_pdf", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(PaperProblem, match="We have been told"):
        stored_pdf(invoice=invoice, clock=soon)
    assert "ZeroDivisionError" in Invoice.objects.get(pk=invoice.pk).pdf_problem


@pytest.mark.parametrize("harm", [lambda file: file.unlink(), lambda file: file.write_bytes(b"%PDF other")])
def test_a_file_that_is_gone_or_another_is_not_handed_out(invoice, media, harm, as_alice):
    stored_pdf(invoice=invoice, clock=soon)
    harm(files(media)[0])
    invoice.refresh_from_db()
    with pytest.raises(PaperProblem, match="not where it was kept"):
        stored_pdf(invoice=invoice, clock=later)
    answer = as_alice.get(f"/billing/invoices/{invoice.pk}/pdf/")
    assert (answer.status_code, answer["Content-Type"]) == (503, "text/plain; charset=utf-8")


def test_the_clock_makes_what_is_missing(invoice, lotus):
    book(lotus, "5", at=JANUARY.start)
    statement = invoice_of(lotus, JANUARY)
    assert make_waiting(clock=soon) == 2
    assert make_waiting(clock=later) == 0
    invoice.refresh_from_db()
    statement.refresh_from_db()
    assert (bool(invoice.pdf), bool(statement.pdf)) == (True, True)
    assert (invoice.xml_problem, "not an invoice" in statement.xml_problem) == ("", True)


def test_a_try_that_failed_is_repeated_later_and_later(invoice, monkeypatch):
    monkeypatch.setattr(paper, "weasyprint", None)
    at = SOON
    for wait in (5, 30, 120):
        assert make_waiting(clock=lambda at=at: at) == 0
        invoice.refresh_from_db()
        assert invoice.pdf_next_try_at == at + timedelta(minutes=wait)
        assert not make_paper(invoice_id=invoice.pk, clock=lambda at=at: at + timedelta(minutes=1)), "not yet"
        at = invoice.pdf_next_try_at
    monkeypatch.undo()
    assert make_waiting(clock=lambda: at) == 1


@pytest.fixture
def wishes(easycall) -> AutoPay:
    StoredMethodFactory(customer=easycall, is_default=True)
    return AutoPayFactory(customer=easycall)


def test_it_waits_for_the_first_answer_of_auto_pay(invoice, wishes, easycall):
    assert is_at_work(invoice)
    assert not make_paper(invoice_id=invoice.pk, clock=soon)
    with pytest.raises(PaperProblem, match="in a few minutes"):
        stored_pdf(invoice=invoice, clock=soon)
    charge = AutoCharge.objects.create(customer=easycall, invoice=invoice, created_at=SOON)
    assert is_at_work(invoice)
    pay(easycall, "42.50", at=SOON)
    AutoCharge.objects.filter(pk=charge.pk).update(state="paid")
    assert not is_at_work(invoice)
    text = words(stored_pdf(invoice=invoice, clock=lambda: SOON + timedelta(seconds=9)))
    assert "0.00 USD Paid" in text
    assert "Please pay by" not in text


def test_what_waits_lets_others_pass(invoice, wishes, lotus, monkeypatch):
    monkeypatch.setattr(making, "BATCH", 1)
    statement = invoice_of(lotus, JANUARY)
    assert make_waiting(clock=soon) == 1
    assert Invoice.objects.exclude(pdf="").get() == statement


def test_a_declined_card_leaves_it_unpaid_at_once(invoice, wishes, easycall):
    AutoCharge.objects.create(
        customer=easycall, invoice=invoice, created_at=SOON, tries=1, failure="insufficient_funds"
    )
    assert not is_at_work(invoice)
    assert "Please pay by" in words(stored_pdf(invoice=invoice, clock=soon))


def test_it_waits_ten_minutes_at_most(invoice, wishes):
    assert make_paper(invoice_id=invoice.pk, clock=later)


def test_who_has_no_method_or_pays_on_the_due_date_does_not_wait(invoice, wishes, easycall):
    wishes.invoice_when = AutoPay.When.DUE
    wishes.save()
    assert not is_at_work(invoice)
    wishes.invoice_when = AutoPay.When.ISSUE
    wishes.save()
    StoredMethod.objects.update(usable=False)
    assert not is_at_work(invoice)


def test_made_late_it_says_what_it_would_have_said(invoice, easycall):
    pay(easycall, "40", at=ISSUED + timedelta(days=3))
    text = words(stored_pdf(invoice=invoice, clock=lambda: ISSUED + timedelta(days=9)))
    assert "42.50 USD" in text
    assert "Already paid" not in text


def test_what_was_left_half_written_is_removed_after_a_day(media):
    path = storing._written(b"half")
    now = later().fromtimestamp(path.stat().st_mtime, tz=later().tzinfo)
    tidy(now=now + timedelta(hours=23))
    assert path.exists()
    tidy(now=now + timedelta(hours=25))
    assert not path.exists()


def test_staff_see_why_there_is_none_and_have_it_made(invoice, as_dora, monkeypatch):
    monkeypatch.setattr(paper, "weasyprint", None)
    address = f"/admin/billing/invoice/{invoice.pk}/pdf/"
    assert "cannot be made on this server" in as_dora.post(address).content.decode()
    assert "libraries of WeasyPrint" in as_dora.get(address).content.decode()
    assert "libraries of WeasyPrint" in as_dora.get(f"/admin/billing/invoice/{invoice.pk}/change/").content.decode()
    monkeypatch.undo()
    assert as_dora.post(address).status_code == 302
    assert Invoice.objects.get(pk=invoice.pk).pdf
    assert "Make the PDF" not in as_dora.get(f"/admin/billing/invoice/{invoice.pk}/change/").content.decode()
