"""A worker that is killed in the middle leaves nothing that anybody sees, and the next one begins anew."""

import json
import signal
import subprocess
import sys

import pytest
from django.db import connection
from django.utils import timezone

from billing.models import XdrReport
from billing.operations.reports import make_waiting
from billing.operations.reports.lease import LEASE
from tests.billing.operations.reports.made import book, bytes_of, call, clock, files_on_disk, pages_of
from tests.factories import XdrReportFactory


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "place", ["before the PDF", "in the PDF", "before the files are in place", "before it is written down"]
)
def test_killed_the_report_is_made_by_the_next_worker_and_once(easycall, settings, place):
    book(call(easycall, 1), call(easycall, 2))
    report = XdrReportFactory(customer=easycall)
    killed(place, settings.MEDIA_ROOT, report)
    report.refresh_from_db()
    assert (report.state, report.csv_file, report.pdf_file) == ("running", "", "")
    now = timezone.now()
    assert make_waiting(clock=lambda: now) == 0, "the dead worker still has it"
    assert make_waiting(clock=clock(now + LEASE)) == 1
    report.refresh_from_db()
    assert (report.state, report.turn, report.rows) == (XdrReport.State.DONE, 2, 2)
    assert bytes_of(report, "csv").count(b"\n") == 3
    assert "Page 1 of" in pages_of(report)[0]
    assert files_on_disk() == [report.csv_file.removeprefix("reports/"), report.pdf_file.removeprefix("reports/")]


def killed(place: str, media, report: XdrReport) -> None:
    """Make it in a process of its own that dies before that step."""
    needed = ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")
    database = json.dumps({name: connection.settings_dict[name] for name in needed})
    maker = "tests.billing.operations.reports.dying_maker"
    command = [sys.executable, "-m", maker, database, str(media), place, str(report.pk)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)  # noqa: S603
    assert done.returncode == -signal.SIGKILL, done.stderr
