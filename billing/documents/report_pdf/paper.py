"""Pages on a reportlab canvas: head and foot of each page, and where on it the next thing stands.

Only the page in hand is kept as drawing; finished pages are compressed. How many there are is known at the end only,
so each foot refers to one small drawing that is made last.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import IO

from django.utils.translation import gettext as _
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.pdfgen.canvas import Canvas

from billing.documents.report_pdf.content import ReportContent
from billing.documents.report_pdf.fonts import BOLD, PLAIN, fitted, register, wide

MARGIN = 36.0
HEAD, FOOT = 30.0, 24.0  # what head and foot of a page take
SMALL = 7.5
INK, QUIET, RULE, GROUND = HexColor("#1d2329"), HexColor("#59636e"), HexColor("#d9dee3"), HexColor("#f0f3f6")
TOTAL = "pages"  # the name of the drawing
HERE = "\0"  # where the number of pages stands in the words


class Paper:
    """The pages of one document; `y` is where the next thing may begin, and things go down from there."""

    def __init__(self, target: IO[bytes], content: ReportContent) -> None:
        register()
        size = LETTER if content.letter else A4
        self.content, self.accent = content, HexColor(content.colour)
        self.canvas = Canvas(target, pagesize=size, pageCompression=1, lang=content.language)
        self.canvas.setTitle(f"{content.title}, {content.period}")
        self.canvas.setAuthor(content.brand)
        self.canvas.setSubject(content.customer)
        self.canvas.setCreator("Selfcare")
        self.left, self.right = MARGIN, size[0] - MARGIN
        self.top, self.bottom = size[1] - MARGIN - HEAD, MARGIN + FOOT
        self.width = self.right - self.left
        self.page, self.y = 1, self.top
        self.rules: list[tuple[float, float, float, float]] = []
        self._frame()

    def room(self, height: float, again: Callable[[], None] | None = None) -> None:
        """See that `height` points are free; if a new page must begin, `again` repeats what stands at its top."""
        if self.y - height < self.bottom:
            self._end_page()
            self.page, self.y = self.page + 1, self.top
            self._frame()
            if again:
                again()

    def write(self, x: float, text: str, width: float, *, font: str = PLAIN, size: float = SMALL) -> None:
        """One line of text at `x` on the line `y`, cut off at `width`."""
        self.canvas.setFont(font, size)
        self.canvas.drawString(x, self.y, fitted(text, width, font, size)[0])

    def write_right(self, x: float, text: str, width: float, *, font: str = PLAIN, size: float = SMALL) -> None:
        """The same, ending at `x`."""
        self.canvas.setFont(font, size)
        shown, taken = fitted(text, width, font, size)
        self.canvas.drawString(x - taken, self.y, shown)

    def ink(self, colour: Color) -> None:
        self.canvas.setFillColor(colour)

    def rule(self) -> None:
        """A thin line across the page below the line `y`; they are drawn together when the page ends."""
        self.rules.append((self.left, self.y - 3, self.right, self.y - 3))

    def save(self) -> int:
        """End the document and give the number of its pages."""
        self._end_page()
        after = self._page_words().partition(HERE)[2]
        self.canvas.beginForm(TOTAL, 0, -4, wide(f"{self.page}{after}", PLAIN, SMALL) + 2, 10)
        self.canvas.setFont(PLAIN, SMALL)
        self.canvas.setFillColor(QUIET)
        self.canvas.drawString(0, 0, f"{self.page}{after}")
        self.canvas.endForm()
        self.canvas.save()
        return self.page

    def _frame(self) -> None:
        """Head and foot of the page."""
        canvas, content = self.canvas, self.content
        line = self.top + HEAD - 12
        canvas.setFillColor(self.accent)
        canvas.setFont(BOLD, 9)
        canvas.drawString(self.left, line, fitted(content.brand, self.width * 0.4, BOLD, 9)[0])
        canvas.setFillColor(QUIET)
        canvas.setFont(PLAIN, SMALL)
        words, taken = fitted(f"{content.customer} · {content.period}", self.width * 0.55, PLAIN, SMALL)
        canvas.drawString(self.right - taken, line, words)
        canvas.setStrokeColor(self.accent)
        canvas.setLineWidth(1)
        canvas.line(self.left, line - 6, self.right, line - 6)
        before = self._page_words().partition(HERE)[0]
        x = self.right - wide(before, PLAIN, SMALL) - 20
        canvas.drawString(self.left, MARGIN, fitted(content.title, self.width * 0.5, PLAIN, SMALL)[0])
        canvas.drawString(x, MARGIN, before)
        canvas.saveState()
        canvas.translate(x + wide(before, PLAIN, SMALL), MARGIN)
        canvas.doForm(TOTAL)
        canvas.restoreState()
        canvas.setFillColor(INK)

    def _page_words(self) -> str:
        return _("Page %(page)s of %(pages)s") % {"page": self.page, "pages": HERE}

    def _end_page(self) -> None:
        self.canvas.setStrokeColor(RULE)
        self.canvas.setLineWidth(0.4)
        self.canvas.lines(self.rules)
        self.rules.clear()
        self.canvas.showPage()
