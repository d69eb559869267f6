"""The slip for paying in cash: amount, bar code, and what to do with it, on one page."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

from django.utils.translation import gettext as _
from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from billing.documents.report_pdf.fonts import BOLD, PLAIN, fitted, register
from billing.models import Payment
from selfcare import formats
from selfcare.models import Brand

MARGIN = 20 * mm
INK, QUIET, RULE = HexColor("#1d2329"), HexColor("#59636e"), HexColor("#d9dee3")
BAR_HEIGHT = 22 * mm
WIDEST_BAR = 0.55 * mm  # narrower bars are hard to read from paper, wider ones do not fit a scanner
LETTER_COUNTRIES = {"US", "CA", "MX"}


def slip_pdf(payment: Payment, *, brand: Brand, expires_at: datetime) -> bytes:
    """The slip of `payment`, in the language that is active; ValueError if it has no code yet."""
    if not payment.slip_code:
        raise ValueError("the slip has no code")
    register()
    target = BytesIO()
    size = LETTER if payment.customer.country in LETTER_COUNTRIES else A4
    canvas = Canvas(target, pagesize=size, pageCompression=1)
    canvas.setTitle(_("Payment slip"))
    canvas.setAuthor(brand.name)
    width = size[0] - 2 * MARGIN
    y = _head(canvas, payment, brand, size[1] - MARGIN, width)
    y = _code(canvas, payment, y, width)
    y = _facts(canvas, payment, expires_at, y, width)
    _steps(canvas, brand, y, width)
    canvas.showPage()
    canvas.save()
    return target.getvalue()


def _head(canvas: Canvas, payment: Payment, brand: Brand, y: float, width: float) -> float:
    _line(canvas, y - 14, brand.name, width, font=BOLD, size=16)
    _line(canvas, y - 34, _("Payment slip for cash, PayNearMe"), width, size=11, colour=QUIET)
    canvas.setStrokeColor(RULE)
    canvas.line(MARGIN, y - 46, MARGIN + width, y - 46)
    _line(canvas, y - 84, formats.money(payment.total, payment.currency), width, font=BOLD, size=28)
    return y - 110


def _code(canvas: Canvas, payment: Payment, y: float, width: float) -> float:
    """As wide as a scanner likes; the quiet zones of ten bars on both sides belong to it (ISO/IEC 15417)."""
    code = Code128(payment.slip_code, barHeight=BAR_HEIGHT, barWidth=WIDEST_BAR, quiet=True)
    if code.width > width:
        code = Code128(payment.slip_code, barHeight=BAR_HEIGHT, barWidth=WIDEST_BAR * width / code.width, quiet=True)
    code.drawOn(canvas, MARGIN, y - BAR_HEIGHT)
    _line(canvas, y - BAR_HEIGHT - 18, payment.slip_code, width, font=BOLD, size=13)
    return y - BAR_HEIGHT - 44


def _facts(canvas: Canvas, payment: Payment, expires_at: datetime, y: float, width: float) -> float:
    facts = [
        (_("To be paid by"), f"{expires_at:%Y-%m-%d}"),
        (_("For"), payment.customer.company_name),
        (_("Reference"), str(payment.pk)),
    ]
    for words, value in facts:
        _line(canvas, y, words, width, colour=QUIET, size=10)
        canvas.setFillColor(INK)
        canvas.setFont(PLAIN, 11)
        canvas.drawString(MARGIN + 42 * mm, y, fitted(value, width - 42 * mm, PLAIN, 11)[0])
        y -= 17
    return y - 14


def _steps(canvas: Canvas, brand: Brand, y: float, width: float) -> None:
    steps = [
        _("1. Go to a shop that takes PayNearMe."),
        _("2. Show this page, on paper or on your telephone, and pay the amount in cash."),
        _("3. Keep the shop's receipt. We book the payment within minutes and tell you by mail."),
        _("This slip is for one payment. Do not pay it a second time; ask for a new one under Make a Payment."),
    ]
    if brand.support_email:
        steps.append(_("Questions: %(address)s") % {"address": brand.support_email})
    for step in steps:
        for part in simpleSplit(step, PLAIN, 11, width):
            _line(canvas, y, part, width, size=11)
            y -= 15
        y -= 4


def _line(
    canvas: Canvas, y: float, text: str, width: float, *, font: str = PLAIN, size: float, colour: HexColor = INK
) -> None:
    canvas.setFillColor(colour)
    canvas.setFont(font, size)
    canvas.drawString(MARGIN, y, fitted(text, width, font, size)[0])
