"""Voicemail in the browser: a greeting is uploaded, a message is played, marked and deleted, also without scripts."""

from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from playwright.sync_api import Page, expect

from centrex.models import BoxMessage, Line
from centrex.operations.boxes import store_message
from centrex.operations.sounds import convert_waiting
from tests.factories import BoxMessageFactory, LineFactory
from tests.sounds import tone
from tests.tools import require

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> None:
    require("ffmpeg")
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def line(easycall) -> Line:
    return LineFactory(customer=easycall, account_id="12125550101")


@pytest.fixture
def message(line, tmp_path) -> BoxMessage:
    now = timezone.now()
    return store_message(
        line=line, kind="voice", uid="m-1", caller="442079460018", name="London", received_at=now,
        data=tone(tmp_path).read_bytes(), now=now,
    )  # fmt: skip


@pytest.fixture
def box(live_server, alice, sign_in, line, message) -> Page:
    page = sign_in(alice)
    page.goto(f"{live_server.url}/centrex/lines/{line.pk}/voicemail/")
    return page


def give_greeting(box: Page, folder: Path) -> None:
    box.get_by_label("This line").select_option("own")
    box.get_by_label("On", exact=True).check()
    box.locator("select[name=greeting]").select_option("personal")
    box.get_by_label("Upload a personal greeting").set_input_files(tone(folder, "mp3"))
    box.get_by_role("button", name="Save").click()


def test_a_greeting_is_given_and_a_message_played_marked_and_deleted(box, message, tmp_path):
    expect(box.get_by_label("Upload your name")).to_be_hidden()
    give_greeting(box, tmp_path)
    expect(box.get_by_text("Being prepared")).to_be_visible()
    assert convert_waiting(now=timezone.now()) == 1
    box.reload()
    expect(box.locator(".switched .sound audio").first).to_be_visible()
    expect(box.get_by_role("link", name="Voicemail 1")).to_be_visible()
    play = box.get_by_role("button", name="Play the message of")
    with (
        box.expect_response(lambda answer: "/messages/mark/" in answer.url),
        box.expect_response(lambda answer: "/centrex/messages/" in answer.url) as heard,
    ):
        play.click()
    assert heard.value.ok
    expect(play).to_have_attribute("aria-pressed", "true")
    play.click()
    box.reload()
    row = box.locator("tbody tr")
    expect(row).to_contain_text("Seen")
    row.get_by_role("button", name="Star the message").click()
    expect(row.get_by_role("button", name="Star the message")).to_have_attribute("aria-pressed", "true")
    row.get_by_role("checkbox").check()
    box.get_by_role("button", name="Mark as answered").click()
    expect(row).to_contain_text("Answered")
    row.get_by_role("checkbox").check()
    box.get_by_role("button", name="Delete", exact=True).click()
    expect(box.get_by_text("nobody can bring it back")).to_be_visible()
    box.get_by_role("button", name="Delete the message for good").click()
    expect(box.get_by_text("No messages.")).to_be_visible()
    assert not BoxMessage.objects.exists()
    assert not message.file.storage.exists(message.file.name)


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_without_javascript(box, line, tmp_path):
    give_greeting(box, tmp_path)
    expect(box.get_by_text("Being prepared")).to_be_visible()
    other = BoxMessageFactory(line=line)
    other.file.save("", ContentFile(b"RIFF"))
    box.reload()
    for tick in box.get_by_role("checkbox", name="Choose the message of").all():
        tick.check()
    box.get_by_role("button", name="Delete", exact=True).click()
    box.get_by_role("button", name="Delete 2 messages for good").click()
    expect(box.get_by_text("2 messages were deleted.")).to_be_visible()
