"""Where the files of reports lie: written under a name of their own, moved into place when they are whole.

A report's names stand in its row only then, so that nobody ever downloads half a file. What a worker who died has
left behind is removed with the old reports.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

import structlog
from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.core.files.storage import default_storage

from billing.models import XdrReport

log = structlog.get_logger(__name__)

KEPT = relativedelta(months=13)
FOLDER = "reports"
UNFINISHED = Path(FOLDER) / "unfinished"
LEFT_BEHIND = timedelta(days=1)  # no report takes so long
BATCH = 500


def files_of(report: XdrReport) -> list[str]:
    """The names of its files."""
    return [name for name in (report.csv_file, report.pdf_file) if name]


def opened(report: XdrReport, format: str) -> IO[bytes]:
    """The whole file in a format ("csv" or "pdf"); FileNotFoundError when it has none."""
    name = {"csv": report.csv_file, "pdf": report.pdf_file}.get(format, "")
    if not name:
        raise FileNotFoundError(format)
    return default_storage.open(name, "rb")


def unfinished(report: XdrReport, format: str) -> Path:
    """Where this turn writes; the same disk as where the file will lie."""
    path = Path(settings.MEDIA_ROOT) / UNFINISHED / f"{report.pk}-{report.turn}.{format}"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def put_in_place(report: XdrReport, format: str) -> str:
    """Move what this turn has written to where it stays, on the disk for certain; gives its name."""
    path = unfinished(report, format)
    name = f"{FOLDER}/{report.customer_id}/{path.name}"
    place = Path(settings.MEDIA_ROOT) / name
    place.parent.mkdir(parents=True, exist_ok=True)
    with path.open("rb") as file:
        os.fsync(file.fileno())
    path.replace(place)
    return name


def remove(names: Iterable[str]) -> None:
    """Remove files; one that cannot be removed now is a matter for the log."""
    for name in names:
        try:
            default_storage.delete(name)
        except OSError:
            log.exception("report_file_left_behind", name=name)


def remove_of_turns(report: XdrReport, turn: int | None = None) -> None:
    """Remove what one turn, or without one what all turns, began and did not put into place."""
    for path in (Path(settings.MEDIA_ROOT) / UNFINISHED).glob(f"{report.pk}-{turn or '*'}.*"):
        path.unlink(missing_ok=True)


def remove_before(report: XdrReport) -> None:
    """Remove what workers left who died at this report, at the very end of their work as well."""
    remove_of_turns(report)
    for path in (Path(settings.MEDIA_ROOT) / FOLDER / str(report.customer_id)).glob(f"{report.pk}-*.*"):
        path.unlink(missing_ok=True)


def remove_old(*, now: datetime) -> int:
    """Remove reports that were kept long enough with their files, and what dead workers left; gives how many reports.

    The row goes first: a file without a row takes room, a row without its file is an error for somebody who clicks.
    """
    removed = 0
    ended = XdrReport.objects.exclude(state__in=XdrReport.OPEN)
    for report in ended.filter(kept_until__lte=now).order_by("pk")[:BATCH]:
        names = files_of(report)
        report.delete()
        remove(names)
        removed += 1
    for path in (Path(settings.MEDIA_ROOT) / UNFINISHED).glob("*.*"):
        if path.stat().st_mtime < (now - LEFT_BEHIND).timestamp():
            path.unlink(missing_ok=True)
    return removed
