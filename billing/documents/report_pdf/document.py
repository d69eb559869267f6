"""The report from its first page to its last: title, sums by service, chart, and the rows by phone line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import IO

from django.utils.translation import gettext as _

from billing.documents.report_pdf.chart import draw_chart
from billing.documents.report_pdf.content import ReportContent
from billing.documents.report_pdf.fonts import BOLD, PLAIN
from billing.documents.report_pdf.paper import GROUND, INK, QUIET, Paper
from billing.documents.report_pdf.rows import Listing
from billing.queries.reports import ReportRow
from selfcare import formats

TICK = 500  # rows between two reports of progress


def write_report(
    target: IO[bytes],
    content: ReportContent,
    rows: Iterable[ReportRow],
    *,
    progress: Callable[[int], None] = lambda done: None,
) -> int:
    """Write the PDF into `target` and give the number of its pages.

    `rows` come in order of their phone lines. `progress` hears now and then how many are done; what it raises ends
    the work. Times, numbers and words are those of the active zone, pattern and language.
    """
    paper = Paper(target, content)
    draw_title(paper)
    draw_totals(paper)
    draw_chart(paper)
    listing = Listing(paper)
    for done, row in enumerate(rows, 1):
        listing.add(row)
        if done % TICK == 0:
            progress(done)
    listing.end()
    return paper.save()


def draw_title(paper: Paper) -> None:
    """What this is, whose, and what was asked for."""
    content = paper.content
    paper.y -= 20
    paper.write(paper.left, content.title, paper.width, font=BOLD, size=18)
    paper.y -= 18
    paper.write(paper.left, content.period, paper.width, size=11)
    top = paper.y - 22
    paper.y = top
    half = paper.width * 0.5 - 8
    for place, text in enumerate([content.customer, *content.address]):
        paper.write(paper.left, text, half, font=BOLD if place == 0 else PLAIN, size=9)
        paper.y -= 12
    lowest, paper.y = paper.y, top
    label_width = 100.0
    for label, words in content.facts:
        paper.ink(QUIET)
        paper.write(paper.left + half + 16, label, label_width - 4, size=8)
        paper.ink(INK)
        paper.write(paper.left + half + 16 + label_width, words, half - label_width, size=8)
        paper.y -= 12
    paper.y = min(lowest, paper.y)


def draw_totals(paper: Paper) -> None:
    """The sums by service, and of all."""
    currency = paper.content.currency
    paper.y -= 22
    paper.write(paper.left, _("Summary"), paper.width, font=BOLD, size=10)
    paper.y -= 18
    heads = (_("Service"), _("Transactions"), _("Charged Quantity"), _("Charged Amount"))
    total_line(paper, heads, font=BOLD, ground=True)
    for total in paper.content.totals:
        quantity = total.service.counted(total.charged_quantity)
        cells = (str(total.service), formats.number(total.transactions), quantity)
        total_line(paper, (*cells, formats.charge(total.amount, currency)))
    count = sum(total.transactions for total in paper.content.totals)
    amount = sum((total.amount for total in paper.content.totals), Decimal(0))
    total_line(paper, (_("Total"), formats.number(count), "", formats.charge(amount, currency)), font=BOLD)


def total_line(paper: Paper, cells: tuple[str, ...], *, font: str = PLAIN, ground: bool = False) -> None:
    """One line of the sums."""
    if ground:
        paper.ink(GROUND)
        paper.canvas.rect(paper.left, paper.y - 4, paper.width, 14, stroke=0, fill=1)
        paper.ink(INK)
    column = paper.width / 5
    paper.write(paper.left + 4, cells[0], column * 2 - 8, font=font, size=8)
    for place, cell in enumerate(cells[1:], 3):
        paper.write_right(paper.left + column * place - 4, cell, column - 8, font=font, size=8)
    paper.rule()
    paper.y -= 14
