"""Reports: who sees which, what can be asked for, and the files."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from kombu.exceptions import OperationalError

from billing import tasks
from billing.models import XdrReport
from selfcare.models import AuditEvent
from tests.factories import LineFactory, XdrReportFactory
from tests.rows import read

NOW = datetime(2026, 4, 2, 12, tzinfo=UTC)
LIST = "/billing/reports/"
MARCH = {"from_date": "2026-03-01 00:00:00", "till_date": "2026-03-31", "whose": "all", "formats": ["csv", "pdf"]}
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


def finished(customer, **more) -> XdrReport:
    report = XdrReportFactory(customer=customer, state="done", rows=2, made_at=NOW, **more)
    report.csv_file = default_storage.save("reports/1/1-1.csv", ContentFile(b"xdr_id\n1\n2\n"))
    report.save()
    return report


def act(name: str, report: XdrReport) -> str:
    return f"{LIST}{report.pk}/{name}/"


def test_a_report_is_asked_for_and_handed_on(
    easycall, alice, as_alice, monkeypatch, django_capture_on_commit_callbacks
):
    handed = []
    monkeypatch.setattr(tasks.make_report, "delay", handed.append)
    line = LineFactory(customer=easycall)
    asked = MARCH | {"whose": "line", "line": line.account_id, "services": ["1", "2"], "tell_by_mail": "on"}
    with django_capture_on_commit_callbacks(execute=True):
        answer = as_alice.post(f"{LIST}new/", asked, follow=True)
    report = XdrReport.objects.get()
    assert "is being made" in answer.content.decode()
    assert handed == [report.pk]
    assert (report.line, report.services, report.wants_pdf, report.tell_by_mail) == (line, [1, 2], True, True)
    assert (report.time_zone, report.requested_by) == (str(alice.zone), alice)
    assert report.period_end.astimezone(alice.zone) == datetime(2026, 4, 1, tzinfo=alice.zone)
    assert AuditEvent.objects.of(report).get().action == "add"


def test_without_the_broker_the_report_waits_for_the_clock(as_alice, monkeypatch, django_capture_on_commit_callbacks):
    def away(_pk):
        raise OperationalError("no Redis")

    monkeypatch.setattr(tasks.make_report, "delay", away)
    with django_capture_on_commit_callbacks(execute=True):
        assert as_alice.post(f"{LIST}new/", MARCH).status_code == 302
    assert XdrReport.objects.get().state == "waiting"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"till_date": "2026-02-01"}, "This is before the beginning."),
        ({"from_date": "2026-04-03", "till_date": "2026-04-04"}, "This time has not come yet."),
        ({"from_date": "2023-01-01"}, "two years at most"),
        ({"whose": "line", "line": ""}, "Which line?"),
        ({"whose": "line", "line": "999"}, "No line of yours"),
        ({"formats": []}, "This field is required."),
    ],
)
def test_what_cannot_be_made_is_refused_with_a_reason(as_alice, change, words):
    assert words in as_alice.post(f"{LIST}new/", MARCH | change).content.decode()
    assert not XdrReport.objects.exists()


def test_a_line_of_another_customer_is_no_line(lotus, as_alice):
    stranger = LineFactory(customer=lotus)
    answer = as_alice.post(f"{LIST}new/", MARCH | {"whose": "line", "line": stranger.account_id})
    assert "No line of yours" in answer.content.decode()


def test_so_many_are_made_at_a_time_and_no_more(easycall, as_alice):
    for _each in range(10):
        XdrReportFactory(customer=easycall)
    assert "being made already" in as_alice.post(f"{LIST}new/", MARCH).content.decode()


def test_the_list_is_found_by_days(easycall, as_alice):
    XdrReportFactory(customer=easycall)
    first, end = datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 1, 9, tzinfo=UTC)
    XdrReportFactory(customer=easycall, period_start=first, period_end=end)
    page = as_alice.get(f"{LIST}?first=2026-01-01&last=2026-01-31").content.decode()
    assert "01/05/2026" in page
    assert "03/01/2026" not in page


def test_a_finished_report_is_downloaded_as_a_private_file(easycall, alice, as_alice, as_bob, as_charlie):
    report = finished(easycall, requested_by=alice)
    assert "is ready" in as_alice.get(LIST).content.decode()
    for reader in (as_alice, as_bob):
        answer = reader.get(act("csv", report))
        assert read(answer) == b"xdr_id\n1\n2\n"
        assert answer["Content-Disposition"] == 'attachment; filename="transactions-2026-03-01-2026-03-31.csv"'
        assert "no-store" in answer["Cache-Control"]
        assert "sandbox" in answer["Content-Security-Policy"]
    assert as_alice.get(act("pdf", report)).status_code == 404
    assert as_charlie.get(act("csv", report)).status_code == 404


def test_one_that_is_not_finished_has_no_file(easycall, as_alice):
    assert as_alice.get(act("csv", XdrReportFactory(customer=easycall, state="running"))).status_code == 404


def test_progress_is_asked_for_until_it_has_ended(easycall, as_alice):
    report = XdrReportFactory(customer=easycall, state="running", rows_done=30, rows_total=60)
    page = as_alice.get(LIST).content.decode()
    assert 'value="50"' in page
    assert f'hx-get="{act("state", report)}"' in page
    asking = {"HX-Request": "true"}
    assert "HX-Refresh" not in as_alice.get(act("state", report), headers=asking).headers
    XdrReport.objects.update(state="done")
    assert as_alice.get(act("state", report), headers=asking)["HX-Refresh"] == "true"
    assert as_alice.get(act("state", report)).url == LIST


def test_cancel_retry_and_delete_in_the_order_in_which_they_make_sense(easycall, as_alice, monkeypatch):
    monkeypatch.setattr(tasks.make_report, "delay", lambda pk: None)
    report = XdrReportFactory(customer=easycall)
    assert "Cancel it first" in as_alice.post(act("delete", report)).content.decode()
    assert as_alice.post(act("cancel", report)).status_code == 302
    assert "not being made any more" in as_alice.post(act("cancel", report)).content.decode()
    assert as_alice.post(act("retry", report)).status_code == 302
    report.refresh_from_db()
    assert report.state == "waiting"
    as_alice.post(act("cancel", report))
    assert as_alice.post(act("delete", report)).status_code == 302
    assert not XdrReport.objects.exists()


def test_deleting_removes_the_file(easycall, as_alice, django_capture_on_commit_callbacks):
    report = finished(easycall)
    with django_capture_on_commit_callbacks(execute=True):
        as_alice.post(act("delete", report))
    assert not default_storage.exists(report.csv_file)


def test_whoever_only_reads_changes_nothing(easycall, as_bob):
    report = XdrReportFactory(customer=easycall)
    for address in (f"{LIST}new/", act("cancel", report), act("retry", report), act("delete", report)):
        assert as_bob.post(address, MARCH).status_code == 403
    assert list(XdrReport.objects.values_list("state", flat=True)) == ["waiting"]
