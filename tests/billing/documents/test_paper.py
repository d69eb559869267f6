"""Invoices as PDF/A-3 with their XML inside. No validator for PDF/A is at hand: this is what can be seen without."""

import html
from io import BytesIO

import pytest
from django.template.loader import render_to_string
from pypdf import PdfReader

from billing.documents import paper
from billing.documents.einvoice import einvoice_xml
from billing.documents.invoice_pdf import invoice_pdf
from selfcare.models import Brand
from tests.billing.documents.made import document
from tests.billing.einvoices import parsed

BRAND = Brand(name="Telefon & Söhne", colour="#0b5cad")
LEVEL = "EN 16931"
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
PDFA = "{http://www.aiim.org/pdfa/ns/id/}"
FACTUR_X = "{urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#}"


@pytest.fixture(scope="module")
def made() -> tuple[bytes, bytes]:
    found = document(paid="5.00", previous="3.00")
    xml = einvoice_xml(found)
    return invoice_pdf(found, brand=BRAND, xml=xml), xml


@pytest.fixture
def reader(made) -> PdfReader:
    return PdfReader(BytesIO(made[0]))


def test_the_xml_is_inside_as_it_was_made(reader, made):
    assert reader.attachments == {"factur-x.xml": [made[1]]}
    (file,) = [entry.get_object() for entry in reader.root_object["/AF"].get_object()]
    assert file["/AFRelationship"] == "/Alternative"
    assert file["/EF"]["/F"].get_object()["/Subtype"] == "/text/xml"


def test_it_says_what_it_is_once(reader):
    xmp = parsed(reader.root_object["/Metadata"].get_object().get_data())
    assert len(list(xmp.iter(f"{RDF}RDF"))) == 1
    assert (xmp.find(f".//{PDFA}part").text, xmp.find(f".//{PDFA}conformance").text) == ("3", "B")
    assert xmp.find(f".//{FACTUR_X}ConformanceLevel").text == LEVEL
    assert xmp.find(f".//{FACTUR_X}DocumentFileName").text == "factur-x.xml"
    assert "/Filter" not in reader.root_object["/Metadata"].get_object(), "archives read it without unpacking"


def test_what_pdf_a_asks_for(reader):
    root = reader.root_object
    (intent,) = root["/OutputIntents"]
    assert intent.get_object()["/S"] == "/GTS_PDFA1"
    assert len(reader.trailer["/ID"]) == 2
    assert "/Encrypt" not in reader.trailer
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert reader.metadata.title == "Invoice 000017"
    assert not any(key in root for key in ("/OpenAction", "/AA"))


def test_all_fonts_are_inside(reader):
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        (inner,) = [each.get_object() for each in font["/DescendantFonts"]]
        assert {"/FontFile2", "/FontFile3"} & set(inner["/FontDescriptor"].get_object())


def words(found, xml: bytes = b"") -> str:
    pages = PdfReader(BytesIO(invoice_pdf(found, brand=BRAND, xml=xml))).pages
    return "\n".join(page.extract_text() for page in pages)


def test_the_same_amounts_as_in_the_xml(reader):
    text = reader.pages[0].extract_text()
    for amount in ("17.37 EUR", "3.30 EUR", "20.67 EUR", "−5.00 EUR", "3.00 EUR", "18.67 EUR"):
        assert amount in text


def test_a_paid_one_says_so():
    text = words(document(paid="20.67"))
    assert "0.00 EUR Paid" in text
    assert "Nothing is to be paid" not in text
    assert "Please pay by" not in text


def test_a_void_one_a_statement_and_a_credit_note_say_what_they_are():
    assert "VOID" in words(document(voided_at=document().invoice.issued_at))
    assert "Prepaid: nothing is to be paid" in words(document(is_statement=True))
    note = words(document((("-9.87", "1", "none"),), corrects="000016"))
    for part in ("Credit note", "Corrects invoice", "000016", "Credited to you", "11.75 EUR"):
        assert part in note
    assert "Please pay" not in note


def test_why_there_is_no_tax_stands_on_it():
    exempt = {"no_tax": "AE", "no_tax_words": "Reverse charge"}
    assert "Reverse charge" in words(document(rate="0", buyer=exempt))


def test_the_company_registration_stands_on_it():
    assert "HRB 12345" in words(document())


def test_a_name_that_xml_cannot_hold_is_no_trouble():
    found = document(seller={"name": "Telefon \x0b\ufffe"})
    reader = PdfReader(BytesIO(invoice_pdf(found, brand=BRAND, xml=einvoice_xml(found))))
    assert reader.metadata.author == "Telefon"


def test_nothing_from_outside_is_read(monkeypatch, tmp_path):
    """Also where a name would be an address, or a style."""
    secret = tmp_path / "secret.txt"
    secret.write_text("TOP SECRET")
    fetched = []
    monkeypatch.setattr("urllib.request.OpenerDirector.open", lambda *args, **kwargs: fetched.append(args))
    name = f'<img src="file://{secret}"><link rel="attachment" href="file://{secret}">'
    found = document(seller={"name": name, "iban": "", "address": "<style>@import 'http://127.0.0.1:1/x.css'</style>"})
    unsafe = lambda *args: html.unescape(render_to_string(*args))  # noqa: E731  # as if nothing were escaped
    monkeypatch.setattr(paper, "render_to_string", unsafe)
    pdf = invoice_pdf(found, brand=BRAND)
    assert fetched == []
    assert b"TOP SECRET" not in pdf
    assert PdfReader(BytesIO(pdf)).attachments == {}
