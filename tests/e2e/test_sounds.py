"""Music and recorded names in the browser: uploaded, recorded with the microphone, listened to, and without scripts."""

from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from centrex.models import Extension, Sound
from centrex.operations.sounds import convert_waiting
from tests.factories import ExtensionFactory
from tests.sounds import tone
from tests.tools import require

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WITH_MICROPHONE = pytest.mark.browser_context_args(permissions=["microphone"])
# Starts playing, jumps to three quarters, and waits until the browser got there.
SEEK = """async (audio) => {
  await audio.play();
  await new Promise((done) => { audio.onseeked = done; audio.currentTime = audio.duration * 0.75; });
  audio.pause();
  return [audio.duration, audio.currentTime, audio.error];
}"""
PLAYED = """(audio) => new Promise((done, fail) => {
  audio.onended = () => done(audio.currentTime);
  audio.onerror = () => fail(audio.error.message);
  audio.play().catch(fail);
})"""


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> None:
    require("ffmpeg")
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def extension(easycall) -> Extension:
    return ExtensionFactory(customer=easycall, number="201", name="Alice")


@pytest.fixture
def music(live_server, alice, sign_in) -> Page:
    page = sign_in(alice)
    page.goto(f"{live_server.url}/centrex/music/")
    return page


def save(page: Page) -> None:
    page.locator(".form-buttons button").click()


def row(page: Page, name: str) -> Locator:
    return page.locator(".sound").filter(has_text=name)


def test_music_is_uploaded_converted_and_heard(music, easycall, tmp_path):
    expect(row(music, "Default tune").get_by_text("Playing now")).to_be_visible()
    music.get_by_label("Upload a new file").set_input_files(tone(tmp_path, "mp3", seconds=4))
    music.get_by_label("Music Name").fill("Grand piano")
    save(music)
    expect(row(music, "Grand piano").get_by_text("Being prepared")).to_be_visible()
    assert convert_waiting(now=timezone.now()) == 1
    expect(row(music, "Grand piano").get_by_text("Playing now")).to_be_visible()  # the page asks by itself
    duration, position, error = row(music, "Grand piano").locator("audio").evaluate(SEEK)
    assert duration == pytest.approx(4, abs=0.1)
    assert position == pytest.approx(3, abs=0.1)
    assert error is None
    row(music, "Grand piano").get_by_role("link", name="Use the default tune").click()
    music.locator(".form-buttons button").click()
    expect(row(music, "Default tune").get_by_text("Playing now")).to_be_visible()
    assert not Sound.objects.exists()


def test_the_default_tune_is_heard_in_any_part(music):
    duration, position, error = row(music, "Default tune").locator("audio").evaluate(SEEK)
    assert 20 < duration < 40
    assert position == pytest.approx(duration * 0.75, abs=0.1)
    assert error is None


def test_a_file_that_is_no_sound_is_said_and_the_switch_is_kept(music, tmp_path):
    page = tmp_path / "song.mp3"
    page.write_text("<html>no sound</html>")
    music.get_by_label("Music On Hold", exact=True).uncheck()
    music.get_by_label("Upload a new file").set_input_files(page)
    save(music)
    expect(music.locator("#error-summary")).to_contain_text("not a sound that we can use")
    expect(music.get_by_label("Music On Hold", exact=True)).not_to_be_checked()


@WITH_MICROPHONE
def test_a_name_is_recorded_heard_and_played_from_the_list(live_server, alice, sign_in, extension):
    page = sign_in(alice)
    page.goto(f"{live_server.url}/centrex/extensions/")
    page.get_by_role("link", name="Recorded name of 201 Alice: Not Set").click()
    recorder = page.locator(".recorder")
    stop = recorder.get_by_role("button", name="Stop")
    recorder.get_by_role("button", name="Record").click()
    expect(stop).to_be_focused()
    expect(recorder.locator("[data-time]")).to_have_text("0:02")
    stop.click()
    assert recorder.locator("audio").evaluate(PLAYED) > 1
    recorder.get_by_role("button", name="Use this recording").click()
    expect(recorder.get_by_role("status")).to_contain_text("It is sent when you save")
    save(page)
    expect(page.get_by_text("Being prepared")).to_be_visible()
    assert convert_waiting(now=timezone.now()) == 1
    expect(page.locator(".sound audio")).to_be_visible()
    assert Sound.objects.get().seconds > 1
    page.goto(f"{live_server.url}/centrex/extensions/")
    play = page.get_by_role("button", name="Play: Recorded name of 201 Alice")
    with page.expect_response(lambda answer: "/centrex/sounds/" in answer.url) as heard:
        play.click()
    assert heard.value.ok
    expect(play).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Space")
    expect(play).to_have_attribute("aria-pressed", "false")
    assert page.url.endswith("/centrex/extensions/")


@WITH_MICROPHONE
def test_recording_ends_by_itself_and_saving_means_it(live_server, alice, sign_in, extension, tmp_path):
    page = sign_in(alice)
    page.goto(f"{live_server.url}/centrex/extensions/{extension.pk}/recorded-name/")
    page.locator(".recorder").evaluate("(recorder) => { recorder.dataset.longest = 1; }")
    page.get_by_role("button", name="Record", exact=True).click()
    expect(page.get_by_role("button", name="Use this recording")).to_be_visible()
    expect(page.get_by_role("button", name="Record", exact=True)).to_be_visible()  # to do it again
    save(page)
    expect(page.get_by_text("Being prepared")).to_be_visible()
    page.get_by_label("Upload a file").set_input_files(tone(tmp_path))
    assert convert_waiting(now=timezone.now()) == 1
    expect(page.locator(".sound audio")).to_be_visible()
    assert page.get_by_label("Upload a file").input_value().endswith("tone.wav"), "what was chosen meanwhile is kept"


def test_a_microphone_that_is_not_allowed_is_said_in_words(music):
    music.get_by_role("button", name="Record").click()
    expect(music.locator(".recorder").get_by_role("status")).to_contain_text("may not use the microphone")
    expect(music.get_by_role("button", name="Record")).to_be_enabled()


def test_who_only_reads_is_offered_no_recorder(live_server, bob, sign_in):
    page = sign_in(bob)
    page.goto(f"{live_server.url}/centrex/music/")
    expect(row(page, "Default tune")).to_be_visible()
    expect(page.get_by_role("button", name="Record")).to_have_count(0)
    expect(page.get_by_label("Upload a new file")).to_have_count(0)


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_without_javascript(music: Page, tmp_path: Path):
    expect(music.locator(".recorder")).to_be_hidden()
    music.get_by_label("Upload a new file").set_input_files(tone(tmp_path))
    save(music)
    convert_waiting(now=timezone.now())
    row(music, "tone").get_by_role("link", name="Refresh").click()
    expect(row(music, "tone").get_by_text("Playing now")).to_be_visible()
