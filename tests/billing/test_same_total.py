"""Page, PDF, XML, list and download of an invoice show the same total, whatever is on it."""

import csv
import os
from decimal import Decimal
from html import unescape
from io import BytesIO, StringIO

from django.template.loader import render_to_string
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from pypdf import PdfReader

from billing.documents.einvoice import einvoice_xml
from billing.documents.invoice_pdf import invoice_pdf
from billing.models import Invoice
from billing.operations.papers import stored_pdf
from billing.periods import Period
from billing.queries.invoice_documents import InvoiceDocument
from selfcare import formats
from selfcare.models import Brand
from tests.billing.bills import JANUARY, NEW_YORK, book, invoice_of
from tests.billing.documents.made import documents
from tests.billing.einvoices import text
from tests.billing.rating.many import many

BRAND = Brand(name="Telefon & Söhne", colour="#0b5cad")
PDFS = int(os.environ.get("HYPOTHESIS_PDFS", "30"))


def shown(found: InvoiceDocument) -> list[str]:
    """The amounts that every form of the invoice has to show."""
    invoice = found.invoice
    return [formats.money(amount, invoice.currency) for amount in (invoice.net, invoice.tax, invoice.total)]


@settings(many, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(documents())
def test_what_is_printed_and_the_xml(found):
    page = {"document": found, "invoice": found.invoice, "currency": found.invoice.currency}
    sums = render_to_string("documents/invoice_sums.html", page)
    assert all(amount in sums for amount in shown(found))
    total = Decimal(text(einvoice_xml(found), "GrandTotalAmount"))
    assert formats.money(found.sign * total, found.invoice.currency) == shown(found)[-1]


@settings(many, max_examples=PDFS, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(documents(odd=False))
def test_the_pdf_and_the_xml_inside_it(found):
    reader = PdfReader(BytesIO(invoice_pdf(found, brand=BRAND, xml=einvoice_xml(found))))
    words = " ".join(" ".join(sheet.extract_text() for sheet in reader.pages).split())
    assert all(amount in words for amount in shown(found))
    (inside,) = reader.attachments["factur-x.xml"]
    assert Decimal(text(inside, "GrandTotalAmount")) == found.sign * found.invoice.total


def test_what_customers_get_of_real_invoices(easycall, as_alice, settings, tmp_path):
    """Twelve months of odd charges: page, list, CSV, PDF and XML of each."""
    settings.MEDIA_ROOT = tmp_path
    Brand(name="ITSP", country="US", tax_id="13-5550199", registration="Delaware 1").save()
    easycall.tax_rate = Decimal("8.875")
    easycall.save()
    month = JANUARY
    for place in range(5):
        for charge in range(place):
            book(easycall, f"{7 * place - charge}.{charge}3{place}51", at=month.start, service=charge + 1)
        invoice_of(easycall, month)
        month = Period.month_with(month.end, billing_day=1, zone=NEW_YORK)
    rows = b"".join(as_alice.get("/billing/invoices/?format=csv").streaming_content).decode()
    listed = {row["No."]: row["Amount"] for row in csv.DictReader(StringIO(rows.lstrip("\ufeff")))}
    page = unescape(as_alice.get("/billing/invoices/").content.decode())
    for invoice in Invoice.objects.all():
        total = formats.money(invoice.total, "USD")
        assert Decimal(listed[invoice.number].split()[0]) == invoice.total
        assert total in page
        assert total in unescape(as_alice.get(reverse("billing:invoice", args=[invoice.pk])).content.decode())
        reader = PdfReader(BytesIO(stored_pdf(invoice=invoice)))
        assert total in " ".join(reader.pages[0].extract_text().split())
        assert Decimal(text(reader.attachments["factur-x.xml"][0], "GrandTotalAmount")) == invoice.total
