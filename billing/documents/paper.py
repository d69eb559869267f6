"""Paper that customers keep - invoices and receipts - as PDF/A-3b, drawn by WeasyPrint from templates/documents/.

WeasyPrint needs Pango, which an ITSP's machine may lack: then `available` is False and all but the PDF works.
"""

from __future__ import annotations

import base64
import mimetypes
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import get_language

from selfcare.models import Brand

try:
    import weasyprint
except OSError:  # the shared libraries of Pango are not there
    weasyprint = None  # type: ignore[assignment]

STYLE = Path(__file__).with_name("paper.css")


class Unavailable(Exception):
    """This machine cannot make PDFs: the system libraries of WeasyPrint are missing."""


def available() -> bool:
    """Whether this machine can make PDFs."""
    return weasyprint is not None


def drawn(template: str, context: dict[str, Any], *, brand: Brand) -> bytes:
    """The PDF of a template, in the active language; raises Unavailable.

    Nothing is fetched while it is drawn, from no network and no file: names and addresses may hold anything. It is
    tagged, so that screen readers find headings and tables.
    """
    if weasyprint is None:
        raise Unavailable
    words = {"logo": logo_address(brand), "language": get_language() or "en"}
    html = weasyprint.HTML(
        string=render_to_string(template, context | words),
        url_fetcher=weasyprint.URLFetcher(allowed_protocols=("data",)),
        base_url="about:blank",
    )
    accent = f":root {{ --accent: {brand.colour} }}"  # checked as #rrggbb when it was saved
    styles = [weasyprint.CSS(string=STYLE.read_text() + accent)]
    pdf: bytes = html.write_pdf(stylesheets=styles, pdf_variant="pdf/a-3b", pdf_tags=True)
    return pdf


def logo_address(brand: Brand) -> str:
    """The logo as a data: address; empty without one."""
    name = brand.logo.name or ""
    if not name or not brand.logo.storage.exists(name):
        return ""
    kind = mimetypes.guess_type(name)[0] or "image/png"
    with brand.logo.open("rb") as file:
        return f"data:{kind};base64,{base64.b64encode(file.read()).decode()}"
