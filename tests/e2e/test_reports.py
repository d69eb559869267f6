"""A report is asked for, watched, downloaded, cancelled and made again; the list draws itself anew meanwhile."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from billing.models import XdrReport
from billing.operations.ledger import post_rows
from billing.operations.reports import make_report
from tests.billing.operations.reports.made import call
from tests.factories import XdrReportFactory

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def test_from_the_wish_to_the_files(live_server, easycall, alice, sign_in):
    now = timezone.now()
    post_rows([call(easycall, 1, at=now - timedelta(hours=1))], now=now)
    page = sign_in(alice)
    page.set_viewport_size({"width": 360, "height": 780})
    page.goto(live_server.url + reverse("billing:report-add"))
    page.get_by_label("From", exact=False).first.fill(f"{now - timedelta(days=1):%Y-%m-%dT00:00:00}")
    page.get_by_label("Till", exact=False).first.fill(f"{now + timedelta(days=1):%Y-%m-%dT00:00:00}")
    page.get_by_role("button", name="Make the report").click()
    expect(page.locator(".report-progress")).to_contain_text("Waiting")
    report = XdrReport.objects.get()
    XdrReport.objects.update(state="running", rows_done=30, rows_total=60, taken_until=timezone.now())
    expect(page.locator("progress")).to_have_attribute("value", "50")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert make_report(report_id=report.pk, clock=timezone.now)
    expect(page.locator(".report-news")).to_contain_text("is ready")
    with page.expect_download() as saved:
        page.locator(".report-files").get_by_role("link", name="Download CSV").click()
    lines = Path(saved.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "Germany, Berlin" in lines[1]
    with page.expect_download() as saved:
        page.locator(".report-files").get_by_role("link", name="Download PDF").click()
    assert Path(saved.value.path()).read_bytes().startswith(b"%PDF-")


def test_cancelled_and_made_again(live_server, easycall, alice, sign_in):
    report = XdrReportFactory(customer=easycall, requested_by=alice)
    page = sign_in(alice)
    page.goto(live_server.url + reverse("billing:reports"))
    page.get_by_role("link", name="Cancel").click()
    page.get_by_role("link", name="Keep making it").click()
    page.get_by_role("link", name="Cancel").click()
    page.get_by_role("button", name="Cancel the report").click()
    expect(page.get_by_role("cell", name="Cancelled")).to_be_visible()
    page.get_by_role("link", name="Make again").click()
    page.get_by_role("button", name="Make it again").click()
    expect(page.locator(".report-progress")).to_contain_text("Waiting")
    report.refresh_from_db()
    assert report.state == XdrReport.State.WAITING
