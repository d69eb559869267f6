"""Invoices on the screen and as files."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from billing.documents import paper
from billing.models import Invoice
from billing.operations.invoices import void_invoice
from selfcare.models import Brand
from tests.billing.bills import FEBRUARY, JANUARY, MARCH, NOW, book, invoice_of, pay

LIST = "/billing/invoices/"


@pytest.fixture
def invoice(easycall) -> Invoice:
    book(easycall, "42.50", at=JANUARY.start)
    return invoice_of(easycall, JANUARY)


def page(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def pdf(invoice: Invoice) -> str:
    return reverse("billing:invoice-pdf", args=[invoice.pk])


def test_the_list(as_alice, invoice, easycall):
    pay(easycall, "40", at=FEBRUARY.start + timedelta(days=1))
    text = page(as_alice, LIST)
    for words in ("000001", "Overdue", "01/01/2026", "01/31/2026", "02/15/2026", "42.50 USD", "2.50 USD"):
        assert words in text
    assert pdf(invoice) in text


def test_search_by_number_and_date(as_alice, invoice, easycall):
    second = invoice_of(easycall, FEBRUARY)
    pay(easycall, "42.50", at=FEBRUARY.start)  # or the box above the list names what is overdue
    assert second.number in page(as_alice, LIST)
    assert second.number not in page(as_alice, f"{LIST}?number=0001")
    assert second.number not in page(as_alice, f"{LIST}?last=2026-02-28")
    assert second.number in page(as_alice, f"{LIST}?last=2026-03-01")
    assert invoice.number not in page(as_alice, f"{LIST}?first=2026-02-02")
    assert "Nothing matches" in page(as_alice, f"{LIST}?number=777")


def test_void_ones_only_when_asked_for(as_alice, invoice):
    void_invoice(invoice=invoice, staff=None, reason="Wrong", now=NOW)
    assert "000001" not in page(as_alice, LIST)
    text = page(as_alice, f"{LIST}?void=on")
    assert "000001" in text
    assert "N/A" in text
    assert "Void" in page(as_alice, reverse("billing:invoice", args=[invoice.pk]))


def test_a_download_of_the_list_has_the_status(as_alice, invoice):
    answer = b"".join(as_alice.get(f"{LIST}?format=csv").streaming_content).decode()
    assert "000001" in answer
    assert "Overdue" in answer


def test_the_same_number_of_queries_for_one_and_for_three(as_alice, invoice, easycall, django_assert_num_queries):
    page(as_alice, LIST)
    with CaptureQueriesContext(connection) as one:
        page(as_alice, LIST)
    invoice_of(easycall, FEBRUARY)
    invoice_of(easycall, MARCH)
    with django_assert_num_queries(len(one)):
        page(as_alice, LIST)


def test_view(as_bob, invoice):
    text = page(as_bob, reverse("billing:invoice", args=[invoice.pk]))
    for words in ("Invoice 000001", "EasyCall Ltd", "Voice Calls", "42.50 USD", "Overdue"):
        assert words in text
    assert "Make a Payment</a>" not in text.split("<article")[0].split("invoice-tools")[1], "bob may not pay"


def test_the_pdf_carries_what_is_to_be_paid(as_alice, easycall):
    Brand(name="Telefon & Söhne", iban="DE89370400440532013000", bank_details="Bank of Köln").save()
    easycall.currency, easycall.tax_rate = "EUR", Decimal(19)
    easycall.company_name = "<b>Müller & Co</b> <script>alert(1)</script>"
    easycall.save()
    book(easycall, "100", at=JANUARY.start)
    answer = as_alice.get(pdf(invoice_of(easycall, JANUARY)))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="invoice-000001.pdf"'
    reader = PdfReader(BytesIO(answer.content))
    text = reader.pages[0].extract_text()
    for words in ("119.00 EUR", "19.00 EUR", "02/15/2026", "Telefon & Söhne", "<b>Müller & Co</b>", "Page 1 / 1"):
        assert words in text
    assert len(reader.pages) == 1
    assert reader.metadata.title == "Invoice 000001"
    fonts = {font for page in reader.pages for font in page["/Resources"]["/Font"]}
    assert fonts
    assert b"/OutputIntents" in answer.content or "/OutputIntents" in reader.trailer["/Root"]


@pytest.mark.parametrize(
    ("currency", "amount", "shown"), [("JPY", "1500", "1,500 JPY"), ("USD", "1500", "1,500.00 USD")]
)
def test_other_currencies_have_their_digits_and_no_code_to_scan(as_alice, easycall, currency, amount, shown):
    Brand(name="ITSP", iban="DE89370400440532013000").save()
    easycall.currency = currency
    easycall.save()
    book(easycall, amount, at=JANUARY.start)
    text = PdfReader(BytesIO(as_alice.get(pdf(invoice_of(easycall, JANUARY))).content)).pages[0].extract_text()
    assert shown in text
    assert "Scan" not in text


def test_a_long_invoice_has_more_pages_with_repeated_heads(as_alice, invoice):
    lines = [
        invoice.lines.model(invoice=invoice, position=n, description=f"Line {n}", unit="none", net=1)
        for n in range(2, 90)
    ]
    invoice.lines.bulk_create(lines)
    reader = PdfReader(BytesIO(as_alice.get(pdf(invoice)).content))
    assert len(reader.pages) == 4
    assert all("Service" in sheet.extract_text() for sheet in reader.pages[:3])
    assert "Page 2 / 4" in reader.pages[1].extract_text()


def test_nothing_is_fetched_for_a_pdf(as_alice, easycall, monkeypatch):
    """Not even if somebody could put an address into the document."""
    fetched = []
    monkeypatch.setattr("urllib.request.OpenerDirector.open", lambda *args, **kwargs: fetched.append(args))
    Brand(name="ITSP", address='<img src="file:///etc/passwd"><img src="http://127.0.0.1:1/x.png">').save()
    real = paper.render_to_string
    unsafe = lambda *args: real(*args).replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"')  # noqa: E731
    monkeypatch.setattr(paper, "render_to_string", unsafe)
    assert as_alice.get(pdf(invoice_of(easycall, JANUARY))).status_code == 200
    assert fetched == []


def test_without_the_system_libraries_all_but_the_pdf_works(as_alice, invoice, monkeypatch):
    monkeypatch.setattr(paper, "weasyprint", None)
    answer = as_alice.get(pdf(invoice))
    assert answer.status_code == 503
    assert answer["Content-Type"].startswith("text/plain")
    assert pdf(invoice) not in page(as_alice, LIST)
    assert "PDF files cannot be made" in page(as_alice, reverse("billing:invoice", args=[invoice.pk]))


def test_charlie_gets_404_for_every_method(as_charlie, invoice):
    for address in (pdf(invoice), reverse("billing:invoice", args=[invoice.pk])):
        for method in ("get", "head", "post", "put", "patch", "delete"):
            status = getattr(as_charlie, method)(address).status_code
            assert status == 404 if method in ("get", "head") else status in (404, 405)
    assert "000001" not in page(as_charlie, LIST)


@pytest.mark.parametrize("day", ["0001-01-01", "1999-12-31", "2100-01-01", "9999-12-31"])
def test_a_day_outside_our_time_is_an_error_at_its_field(as_alice, day):
    for field in ("first", "last"):
        answer = as_alice.get(reverse("billing:invoices"), {field: day})
        assert answer.status_code == 200
        assert "between 2000 and 2099" in str(answer.context["filter"].errors[field])
