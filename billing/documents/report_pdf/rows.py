"""The transactions by phone line: a heading for each, its rows, and its subtotal."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.documents.report_pdf.fonts import BOLD, PLAIN, fitted
from billing.documents.report_pdf.paper import GROUND, INK, QUIET, SMALL, Paper
from billing.queries.reports import ReportRow
from selfcare import formats

LINE = 11.5  # from one row to the next, in points
# Share of the page's width; what is left is the destination's.
SHARES = {"time": 0.18, "service": 0.115, "cli": 0.125, "cld": 0.125, "quantity": 0.085, "amount": 0.125}
MOST_PLAIN_DIGITS = 8  # a number with fewer digits is an extension or a service code


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head, where it begins, and how wide it is; `right`: its text ends at its right edge."""

    head: str
    x: float
    width: float
    right: bool = False


class Listing:
    """The rows as they come; the head of the table and the phone line are repeated on each page."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self.columns = columns_of(paper)
        self.currency, self.services = paper.content.currency, paper.content.services
        self.heading: str | None = None
        self.line_id: int | None = None
        self.count, self.amount = 0, Decimal(0)

    def add(self, row: ReportRow) -> None:
        """One row, below a heading of its own if it is the first of its phone line."""
        if self.heading is None or row.line_id != self.line_id:
            self.end_line()
            self.begin_line(row)
        self.paper.room(LINE, self.repeat)
        self.draw(row)
        self.count += 1
        self.amount += row.amount

    def end(self) -> None:
        """After the last row; a report without any says so."""
        if self.heading is None:
            self.paper.y -= 30
            self.paper.write(self.paper.left, _("There were no transactions in this time."), self.paper.width, size=9)
        self.end_line()

    def begin_line(self, row: ReportRow) -> None:
        self.line_id, self.heading = row.line_id, heading_of(row)
        self.count, self.amount = 0, Decimal(0)
        self.paper.room(LINE * 6)
        self.paper.y -= 28
        self.draw_heading(self.heading)

    def end_line(self) -> None:
        """The subtotal of the phone line."""
        if self.heading is None:
            return
        paper = self.paper
        paper.room(LINE, self.repeat)
        words = ngettext("%(count)s transaction", "%(count)s transactions", self.count)
        amount = formats.charge(self.amount, self.currency)
        paper.write(paper.left + 2, _("Subtotal"), paper.width * 0.3, font=BOLD)
        paper.write(paper.left + paper.width * 0.3, words % {"count": formats.number(self.count)}, 150, font=BOLD)
        paper.write_right(paper.right - 2, amount, paper.width * 0.4, font=BOLD)
        paper.rule()
        paper.y -= LINE

    def repeat(self) -> None:
        """What stands at the top of a page in the middle of a phone line."""
        self.paper.y -= 10
        self.draw_heading(_("%(line)s (continued)") % {"line": self.heading})

    def draw_heading(self, words: str) -> None:
        paper = self.paper
        paper.write(paper.left, words, paper.width, font=BOLD, size=9.5)
        paper.y -= 15
        paper.ink(GROUND)
        paper.canvas.rect(paper.left, paper.y - 3, paper.width, LINE + 1, stroke=0, fill=1)
        paper.ink(QUIET)
        self.draw_cells(tuple(column.head for column in self.columns))
        paper.ink(INK)
        paper.y -= LINE + 1

    def draw(self, row: ReportRow) -> None:
        service = self.services[row.service_id]
        cells = (
            formats.moment(row.started_at, seconds=True),
            service.name,
            number(row.cli),
            number(row.cld),
            place(row),
            _("Failed") if row.failed else service.counted(row.charged_quantity),
            formats.charge(row.amount, self.currency),
        )
        self.draw_cells(cells)
        self.paper.rule()
        self.paper.y -= LINE

    def draw_cells(self, cells: tuple[str, ...]) -> None:
        """All cells as one object of text, which takes half the time that one for each would."""
        line = self.paper.canvas.beginText()
        line.setFont(PLAIN, SMALL)
        for column, text in zip(self.columns, cells, strict=True):
            if text:
                shown, width = fitted(text, column.width - 4, PLAIN, SMALL)
                line.setTextOrigin(column.x + (column.width - 2 - width if column.right else 2), self.paper.y)
                line.textOut(shown)
        self.paper.canvas.drawText(line)


def columns_of(paper: Paper) -> list[Column]:
    """The columns side by side over the whole width."""
    wide = {name: share * paper.width for name, share in SHARES.items()}
    widths = [
        (_("Date/Time"), wide["time"], False),
        (_("Service"), wide["service"], False),
        (_("From"), wide["cli"], False),
        (_("To"), wide["cld"], False),
        (_("Destination"), paper.width - sum(wide.values()), False),
        (_("Quantity"), wide["quantity"], True),
        (_("Amount"), wide["amount"], True),
    ]
    columns, x = [], paper.left
    for head, width, right in widths:
        columns.append(Column(head, x, width, right))
        x += width
    return columns


def heading_of(row: ReportRow) -> str:
    """The phone line of a row in words."""
    if row.line_id is None:
        return _("Charged to the customer")
    name = f"{row.account_id} ({row.line_name})" if row.line_name else str(row.account_id)
    extension = _("extension %s") % row.extension if row.extension else ""
    return ", ".join(part for part in (name, extension) if part)


def number(digits: str) -> str:
    """A telephone number with its plus; grouping each by its country would take longer than the drawing."""
    return f"+{digits}" if len(digits) > MOST_PLAIN_DIGITS and digits.isascii() and digits.isdigit() else digits


def place(row: ReportRow) -> str:
    """Where a call went, or what the transaction was; for a failed one why."""
    if row.failed and row.cause:
        return row.cause
    if row.destination:
        return f"{row.destination} ({row.country})" if row.country else row.destination
    return row.description
