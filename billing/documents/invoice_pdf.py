"""An invoice as PDF/A-3b, with its e-invoice embedded as Factur-X where there is one."""

from __future__ import annotations

import facturx
from django.utils.translation import get_language

from billing.documents import epc_qr
from billing.documents.einvoice import xml_text
from billing.documents.paper import drawn
from billing.queries.invoice_documents import InvoiceDocument
from selfcare.models import Brand


def invoice_pdf(document: InvoiceDocument, *, brand: Brand, xml: bytes = b"") -> bytes:
    """The PDF of an invoice with its XML inside; only the logo and the colour are today's. Raises Unavailable."""
    context = {
        "document": document,
        "invoice": document.invoice,
        "seller": document.invoice.seller,
        "buyer": document.invoice.buyer,
        "currency": document.invoice.currency,
        "qr": transfer_code(document),
    }
    pdf = drawn("documents/invoice.html", context, brand=brand)
    return with_einvoice(pdf, xml, document) if xml else pdf


def with_einvoice(pdf: bytes, xml: bytes, document: InvoiceDocument) -> bytes:
    """The PDF/A-3b as Factur-X: the XML is an attachment that says the same as the page (Factur-X 1.0, 6.2).

    The XMP stays readable, as archives ask for it. The package parses the XML again, which is ours and has no entities.
    """
    seller, number = xml_text(document.invoice.seller["name"]), document.invoice.number
    combined: bytes = facturx.generate_from_binary(
        pdf,
        xml,
        flavor="factur-x",
        level="en16931",
        check_xsd=False,  # it has just been checked
        pdf_metadata={"author": seller, "title": document.title, "subject": number, "keywords": "Factur-X"},
        lang=get_language() or "en",
        afrelationship="alternative",
        xmp_compression=False,
    )
    return combined


def transfer_code(document: InvoiceDocument) -> str:
    """The QR code for a SEPA transfer as an address, where euros are due and the seller has an IBAN; else empty."""
    seller, due = document.invoice.seller, document.amount_due
    if document.invoice.currency != "EUR" or not seller.get("iban") or not 0 < due <= epc_qr.MOST:
        return ""
    text = epc_qr.payload(
        name=seller["name"], iban=seller["iban"], bic=seller.get("bic", ""), amount=due, text=document.invoice.number
    )
    return epc_qr.as_address(epc_qr.as_svg(text))
