"""Drawing a report of transactions as PDF: time beside the bare canvas, and memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from itertools import islice
from time import process_time
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
from tests.bench.measure import Figure, memory_growth

ROWS = 10_000
ROUNDS = 5
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
        ratios = sorted(taken(lambda: bare(cells)) / taken(lambda: drawn(content, rows)) for _round in range(ROUNDS))
        growth = memory_growth(lambda: drawn(content, rows))
    yield Figure(f"A PDF of {len(rows)} calls, of the bare canvas", ratios[ROUNDS // 2], "times the speed (CPU)", 0.6)
    yield Figure("Memory that this PDF takes", growth, "MB", 40, above=False)


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


def taken(act: Callable[[], None]) -> float:
    begun = process_time()
    act()
    return process_time() - begun
