"""An invoice as PDF/A-3b, drawn by WeasyPrint from `templates/documents/invoice.html`.

WeasyPrint needs Pango, which an ITSP's machine may lack: then `available` is False and all but the PDF works.
"""

from __future__ import annotations

import base64
import mimetypes
from pathlib import Path

from django.template.loader import render_to_string
from django.utils.translation import get_language

from billing.documents import epc_qr
from billing.queries.invoice_documents import InvoiceDocument
from selfcare.models import Brand

try:
    import weasyprint
except OSError:  # the shared libraries of Pango are not there
    weasyprint = None  # type: ignore[assignment]

STYLE = Path(__file__).with_name("invoice.css")


class Unavailable(Exception):
    """This machine cannot make PDFs: the system libraries of WeasyPrint are missing."""


def available() -> bool:
    """Whether this machine can make PDFs."""
    return weasyprint is not None


def invoice_pdf(document: InvoiceDocument, *, brand: Brand) -> bytes:
    """The PDF of an invoice; only the logo and the colour are today's. Raises Unavailable.

    Nothing is fetched while it is drawn, from no network and no file: names and addresses may hold anything.
    """
    if weasyprint is None:
        raise Unavailable
    context = {
        "document": document,
        "invoice": document.invoice,
        "seller": document.invoice.seller,
        "buyer": document.invoice.buyer,
        "currency": document.invoice.currency,
        "logo": logo_address(brand),
        "qr": transfer_code(document),
        "language": get_language() or "en",
    }
    html = weasyprint.HTML(
        string=render_to_string("documents/invoice.html", context),
        url_fetcher=weasyprint.URLFetcher(allowed_protocols=("data",)),
        base_url="about:blank",
    )
    accent = f":root {{ --accent: {brand.colour} }}"  # checked as #rrggbb when it was saved
    styles = [weasyprint.CSS(string=STYLE.read_text() + accent)]
    pdf: bytes = html.write_pdf(stylesheets=styles, pdf_variant="pdf/a-3b")
    return pdf


def transfer_code(document: InvoiceDocument) -> str:
    """The QR code for a SEPA transfer as an address, where euros are due and the seller has an IBAN; else empty."""
    seller, due = document.invoice.seller, document.amount_due
    if document.invoice.currency != "EUR" or not seller.get("iban") or not 0 < due <= epc_qr.MOST:
        return ""
    text = epc_qr.payload(
        name=seller["name"], iban=seller["iban"], bic=seller.get("bic", ""), amount=due, text=document.invoice.number
    )
    return epc_qr.as_address(epc_qr.as_svg(text))


def logo_address(brand: Brand) -> str:
    """The logo as a data: address; empty without one."""
    name = brand.logo.name or ""
    if not name or not brand.logo.storage.exists(name):
        return ""
    kind = mimetypes.guess_type(name)[0] or "image/png"
    with brand.logo.open("rb") as file:
        return f"data:{kind};base64,{base64.b64encode(file.read()).decode()}"
