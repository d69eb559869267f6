"""A report is made outside any transaction, as it may take minutes.

The clock is asked for here, not handed in as a time, because the work lasts.
"""

from __future__ import annotations

import errno
from contextlib import closing
from datetime import datetime

import psycopg2
import structlog
from django.db import DatabaseError

from billing.documents.report_pdf import content_of, write_report
from billing.models import XdrReport
from billing.operations.reports.lease import Clock, Progress, Stopped, due, end, put_back, take
from billing.operations.reports.storing import put_in_place, remove, remove_before, remove_of_turns, unfinished
from billing.queries.records import record_columns
from billing.queries.reports import rows_by_line, rows_of, totals_of
from selfcare import export, formats
from selfcare.models import Brand

log = structlog.get_logger(__name__)

State, Reason = XdrReport.State, XdrReport.Reason
BATCH = 20
MOST_IN_PDF = 100_000
FULL = {errno.ENOSPC, errno.EDQUOT}


class CannotMake(Exception):
    """The report cannot be made, however often it is tried; `reason` is for its owner."""

    def __init__(self, reason: XdrReport.Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def make_waiting(*, clock: Clock) -> int:
    """Make what waits or was left by a worker who died, the oldest first; gives how many were tried."""
    found = list(due(clock()).order_by("requested_at", "pk").values_list("pk", flat=True)[:BATCH])
    return sum(make_report(report_id=report_id, clock=clock) for report_id in found)


def make_report(*, report_id: int, clock: Clock) -> bool:
    """Make one, unless somebody else does or it is not its turn; gives whether it was tried."""
    report = take(report_id, now=clock())
    if report is None:
        return False
    try:
        remove_before(report)
        make_files(report, clock=clock)
    except Stopped:
        log.info("report_stopped", report=report.pk)
    except CannotMake as refusal:
        end(report, State.FAILED, reason=refusal.reason, now=clock())
    except OSError as trouble:
        if trouble.errno in FULL:
            log.exception("report_disk_full", report=report.pk)
            end(report, State.FAILED, reason=Reason.DISK_FULL, now=clock())
        else:
            put_back(report, trouble, now=clock())
    except (DatabaseError, psycopg2.Error) as trouble:  # COPY speaks to the driver itself
        put_back(report, trouble, now=clock())
    finally:
        remove_of_turns(report, report.turn)
    return True


def make_files(report: XdrReport, *, clock: Clock) -> None:
    """Write the files, move them to where they stay, and write that down. Raises Stopped, CannotMake."""
    if report.whose == XdrReport.Whose.LINE and report.line is None:
        raise CannotMake(Reason.LINE_GONE)
    with formats.reading_as(zone=report.zone, pattern=report.date_format, language=report.language):
        rows = sum(total.transactions for total in totals_of(report))
        draws = report.wants_pdf and rows <= MOST_IN_PDF
        if not draws and not report.wants_csv:
            raise CannotMake(Reason.NO_PDF)
        progress = Progress(report, rows * (report.wants_csv + draws), clock=clock)
        if report.wants_csv:
            write_csv(report, progress)
            progress.next_file(rows)
        if draws:
            write_pdf(report, progress, now=clock())
            progress.next_file(rows)
    reason = Reason.NO_PDF if report.wants_pdf and not draws else ""
    finish(report, ["csv"] * report.wants_csv + ["pdf"] * draws, rows=rows, reason=reason, now=clock())


def finish(report: XdrReport, kinds: list[str], *, rows: int, reason: str, now: datetime) -> None:
    """Put the files into place and write it down; what was made for nobody goes."""
    size = sum(unfinished(report, kind).stat().st_size for kind in kinds)
    placed = {kind: put_in_place(report, kind) for kind in kinds}
    files = {"csv_file": placed.get("csv", ""), "pdf_file": placed.get("pdf", ""), "bytes": size}
    if not end(report, State.DONE, now=now, reason=reason, rows=rows, **files):
        remove(placed.values())
        raise Stopped


def write_csv(report: XdrReport, progress: Progress) -> None:
    """The same bytes as the download of Transactions has, by PostgreSQL's COPY."""
    rows, columns = record_columns(rows_of(report), report.customer, report.zone, export.defused_column)
    parts = export.copied_csv(columns, rows, zone=report.time_zone, byte_order_mark=report.byte_order_mark)
    with unfinished(report, "csv").open("wb") as file, closing(parts):
        for part in parts:
            file.write(part)
            progress.add(part.count(b"\n"))


def write_pdf(report: XdrReport, progress: Progress, *, now: datetime) -> None:
    content = content_of(report, brand=Brand.current(), now=now)
    with unfinished(report, "pdf").open("wb") as file:
        write_report(file, content, rows_by_line(report), progress=progress.at)
