"""Drawing a report of transactions as PDF: time beside the bare canvas, and memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from itertools import islice
from zoneinfo import ZoneInfo

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from billing.documents.report_pdf import ReportContent, content_of, write_report
from billing.documents.report_pdf.fonts import PLAIN, register
from billing.models import XdrReport
from billing.queries.reports import ReportRow, rows_by_line
from selfcare import formats
from selfcare.models import Brand
from tests.bench.data import NOW, SPAN, World
from tests.bench.measure import Figure, Memory, at_least, at_most, cpu_seconds, in_turn

ROWS = 10_000
LINES_A_PAGE = 60
PLACES = (36, 130, 190, 256, 322, 440, 500)


def reports(world: World) -> Iterator[Figure]:
    """10,000 calls of the whale, against their raw cells drawn without grouping, clipping, heads or words."""
    report = XdrReport(
        customer=world.whale, period_start=NOW - SPAN, period_end=NOW, time_zone="Europe/Berlin", failed_too=True
    )
    register()
    with formats.reading_as(zone=ZoneInfo("Europe/Berlin"), pattern="iso", language="en"):
        content = replace(content_of(report, brand=Brand.current(), now=NOW), days=[])
        rows = list(islice(rows_by_line(report), ROWS))
        cells = [raw(row) for row in rows]
        used = Memory()
        drawn(content, rows)
        growth = used.growth
        ratios = in_turn(lambda: drawn(content, rows), lambda: bare(cells), taken=cpu_seconds)
    yield at_least("P1", f"A PDF of {len(rows)} calls, of the bare canvas", ratios, "times the speed, CPU", 0.6)
    if used.known:
        yield at_most("P1", "Memory that drawing it takes", [growth], "MB", 40)


def drawn(content: ReportContent, rows: list[ReportRow]) -> None:
    write_report(BytesIO(), content, rows)


def bare(rows: list[tuple[str, ...]]) -> None:
    canvas = Canvas(BytesIO(), pagesize=A4, pageCompression=1)
    for number, cells in enumerate(rows):
        if number % LINES_A_PAGE == 0:
            if number:
                canvas.showPage()
            canvas.setFont(PLAIN, 7.5)
        y = 800 - number % LINES_A_PAGE * 11.5
        for x, text in zip(PLACES, cells, strict=True):
            canvas.drawString(x, y, text)
    canvas.save()


def raw(row: ReportRow) -> tuple[str, ...]:
    """The cells without any care for the reader."""
    return (str(row.started_at)[:19], "Voice Calls", row.cli, row.cld, row.destination, str(row.charged_quantity),
            str(row.amount))  # fmt: skip
