"""Call Logs in a browser: find a call, hear a part of it, keep it, block who called, and delete the recording."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from playwright.sync_api import Page, expect

from billing.models import Xdr
from centrex.models import BlockedCaller, CallRecording
from selfcare.demo.recordings import sound
from tests.factories import CallRecordingFactory, ExtensionFactory, LineFactory, XdrFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONDON, BERLIN = "442079460000", "493023125010"
SECONDS = 8


@pytest.fixture
def calls(easycall, settings, tmp_path) -> None:
    """Anna was called from London, which was recorded, and called Berlin, which nobody answered."""
    settings.MEDIA_ROOT = tmp_path
    line = LineFactory(customer=easycall, account_id="12125550100")
    ExtensionFactory(customer=easycall, number="201", name="Anna", line=line)
    at = timezone.now() - timedelta(hours=1)
    common = {"customer": easycall, "line": line, "started_at": at, "ended_at": at + timedelta(seconds=SECONDS)}
    XdrFactory(**common, cli=LONDON, cld=line.account_id, description=Xdr.INCOMING, quantity=SECONDS, call_id="1")
    XdrFactory(**common, cli=line.account_id, cld=BERLIN, failed=True, call_id="2")
    recording = CallRecordingFactory.build(
        customer=easycall, line=line, call_id="1", status="ready", started_at=at, seconds=SECONDS
    )
    recording.file.save("call.wav", ContentFile(sound(SECONDS, 1)))


@pytest.fixture
def log(live_server, alice, calls, sign_in) -> Page:
    page = sign_in(alice)
    page.goto(f"{live_server.url}/centrex/calls/")
    return page


def rows(page: Page):
    return page.locator("main tbody tr")


def wait_until_past(page: Page, second: float) -> None:
    """Let the player play on; the page's policy forbids Playwright's own way to wait for it."""
    for _tenth in range(100):
        if page.locator("audio").evaluate("audio => audio.currentTime") > second:
            return
        page.wait_for_timeout(100)
    pytest.fail(f"the recording did not play past {second} seconds")


def test_the_filter_finds_a_call(log):
    expect(rows(log)).to_have_count(2)
    log.get_by_label("Number").fill("020 7946")
    log.get_by_role("button", name="Show calls").click()
    expect(rows(log)).to_have_count(1)
    expect(rows(log)).to_contain_text("+44 20 7946 0000")
    expect(rows(log)).to_contain_text("201 Anna")
    log.get_by_label("Only missed").check()
    log.get_by_role("button", name="Show calls").click()
    expect(log.get_by_text("Nothing matches this filter.")).to_be_visible()
    log.get_by_role("link", name="Show the last 31 days").click()
    expect(rows(log)).to_have_count(2)


def test_a_recording_plays_in_the_page_and_from_any_second(log):
    player = log.locator("audio")
    assert player.count() == 1
    player.evaluate("audio => { audio.muted = true; return audio.play(); }")
    wait_until_past(log, 0.2)
    assert player.evaluate("audio => audio.duration") == pytest.approx(SECONDS, abs=0.1)
    player.evaluate("audio => { audio.currentTime = 6; }")
    wait_until_past(log, 6.1)
    part = "audio => fetch(audio.src, {headers: {Range: 'bytes=90000-90099'}}).then((answer) => answer.status)"
    assert player.evaluate(part) == 206  # a long recording is not read from its beginning


def test_lists_and_recordings_are_kept_as_files(log):
    with log.expect_download() as waiting:
        log.get_by_role("link", name="CSV").click()
    lines = waiting.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 3
    assert "201 Anna" in lines[1]
    rows(log).filter(has_text="7946").get_by_role("link", name="Details").click()
    expect(log.get_by_text("Disconnected")).to_be_visible()
    with log.expect_download() as waiting:
        log.get_by_role("link", name="Download the recording").click()
    assert waiting.value.suggested_filename.endswith("-12125550100.wav")
    assert waiting.value.path().read_bytes() == sound(SECONDS, 1)


def test_a_caller_is_blocked_and_let_through_again(log):
    row = rows(log).filter(has_text="7946")
    expect(rows(log).filter(has_text="Berl").get_by_role("link", name="Block this caller")).to_have_count(0)
    row.get_by_role("link", name="Block this caller").click()
    expect(log.get_by_label("Number", exact=True)).to_have_value("+44 20 7946 0000")
    log.get_by_label("Note").fill("Sales calls")
    log.get_by_role("button", name="Block this caller").click()
    expect(log.get_by_text("Calls from +44 20 7946 0000 are refused from now on.")).to_be_visible()
    expect(log.get_by_role("row", name="+44 20 7946 0000")).to_contain_text("Sales calls")
    assert BlockedCaller.objects.get().number == LONDON
    log.locator("main").get_by_role("link", name="Call Logs").click()
    expect(row).to_contain_text("Blocked")
    row.get_by_role("link", name="Unblock this caller").click()
    log.get_by_role("button", name="Unblock this caller").click()
    expect(log.get_by_text("+44 20 7946 0000 can reach you again.")).to_be_visible()
    assert not BlockedCaller.objects.exists()


def test_a_recording_is_deleted_after_a_warning(log):
    name = CallRecording.objects.get().file.path
    log.get_by_role("checkbox", name="Choose the recording").check()
    log.get_by_role("button", name="Delete the ticked recordings").click()
    expect(log.get_by_text("nobody can bring it back")).to_be_visible()
    log.get_by_role("button", name="Delete the recording for good").click()
    expect(log.get_by_text("1 recording was deleted.")).to_be_visible()
    expect(log.locator("audio")).to_have_count(0)
    assert not CallRecording.objects.exists()
    with pytest.raises(FileNotFoundError):
        open(name)  # noqa: SIM115
