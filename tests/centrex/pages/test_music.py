"""Music On Hold, and listening to sounds: what each person gets."""

import re
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from kombu.exceptions import OperationalError

from centrex import tasks
from centrex.models import CompanySettings, Sound
from centrex.sounds.tune import default_tune
from selfcare.celery import app
from selfcare.models import Customer, Role
from tests.factories import CustomerFactory, ExtensionFactory, SoundFactory, UserFactory
from tests.people import signed_in
from tests.rows import contents, read
from tests.tools import require

MUSIC = "/centrex/music/"
TUNE = "/centrex/sounds/default-tune/"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def handed_on(monkeypatch) -> list[int]:
    """The sounds that were given to the workers."""
    given: list[int] = []
    monkeypatch.setattr(tasks.convert_sound, "delay", given.append)
    return given


@pytest.fixture
def berta(easycall):
    branch = CustomerFactory(company_name="EasyCall Berlin", main_office=easycall)
    return UserFactory(username="berta", customer=branch, role=Role.OWNER)


def form(customer: Customer, **fields: object) -> dict[str, object]:
    version = CompanySettings.for_customer(customer).get().version
    return {"music_enabled": "on", "music_name": "", "version": version, **fields}


def wav(name: str = "Piano.wav") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, default_tune(8000))


def ready(customer: Customer, content: bytes = b"0123456789", **fields) -> Sound:
    sound = SoundFactory(customer=customer, state="ready", **fields)
    sound.wav_16k.save("", ContentFile(content))
    return sound


def words(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


# --- The page -----------------------------------------------------------------------------------------


def test_at_first_the_default_tune_plays(as_alice):
    page = as_alice.get(MUSIC)
    assert "Default tune Playing now" in words(page)
    assert TUNE in page.content.decode()
    assert "Use the default tune" not in words(page)


def test_an_upload_becomes_the_music(as_alice, easycall, handed_on, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = as_alice.post(MUSIC, form(easycall, file=wav()))
    assert answer.url == MUSIC
    sound = Sound.for_customer(easycall).get()
    assert (sound.name, sound.state, sound.purpose) == ("Piano", "waiting", "music")
    assert handed_on == [sound.pk]
    page = as_alice.get(MUSIC)
    assert "Piano Being prepared" in words(page)
    assert "Default tune Playing now" in words(page)
    assert "data-waiting" in page.content.decode()


def test_the_job_makes_it_heard(as_alice, easycall, eager_tasks, django_capture_on_commit_callbacks):
    require("ffmpeg")
    with django_capture_on_commit_callbacks(execute=True):
        as_alice.post(MUSIC, form(easycall, file=wav(), music_name="Grand piano"))
    page = as_alice.get(MUSIC)
    assert "Grand piano Playing now" in words(page)
    assert "data-waiting" not in page.content.decode()
    sound = Sound.for_customer(easycall).get()
    assert read(as_alice.get(f"/centrex/sounds/{sound.pk}/")).startswith(b"RIFF")


def test_without_the_broker_the_clock_converts_it(as_alice, easycall, monkeypatch, django_capture_on_commit_callbacks):
    require("ffmpeg")

    def away(*args: object) -> None:
        raise OperationalError("no broker")

    monkeypatch.setattr(tasks.convert_sound, "delay", away)
    with django_capture_on_commit_callbacks(execute=True):
        assert as_alice.post(MUSIC, form(easycall, file=wav())).status_code == 302
    assert Sound.for_customer(easycall).get().state == "waiting"
    tasks.convert_sounds()
    assert Sound.for_customer(easycall).get().state == "ready"


def test_the_clock_knows_the_task(settings):
    app.loader.import_default_modules()
    assert settings.CELERY_BEAT_SCHEDULE["centrex-convert-sounds"]["task"] == tasks.convert_sounds.name
    assert tasks.convert_sounds.name in app.tasks


def test_what_is_no_sound_is_said_at_the_field(as_alice, easycall):
    answer = as_alice.post(MUSIC, form(easycall, file=SimpleUploadedFile("x.wav", b"<html>" * 9)))
    assert answer.status_code == 200
    assert "not a sound that we can use" in str(answer.context["form"].errors["file"])
    assert "Default tune Playing now" in words(answer)


def test_a_failure_is_said_with_its_reason(as_alice, easycall):
    sound = SoundFactory(customer=easycall, name="Jazz", state="failed", reason="too_long")
    CompanySettings.for_customer(easycall).update(music=sound)
    page = words(as_alice.get(MUSIC))
    assert "Jazz Failed It is too long" in page
    assert "Default tune Playing now" in page


def test_off_is_said(as_alice, easycall):
    as_alice.post(MUSIC, {key: value for key, value in form(easycall).items() if key != "music_enabled"})
    page = words(as_alice.get(MUSIC))
    assert "Callers on hold hear nothing." in page
    assert "Playing now" not in page


def test_the_default_tune_again(as_alice, easycall):
    sound = ready(easycall, name="Jazz")
    CompanySettings.for_customer(easycall).update(music=sound)
    address = f"{MUSIC}{sound.pk}/remove/"
    assert address in as_alice.get(MUSIC).content.decode()
    assert "Callers on hold hear the default tune instead." in words(as_alice.get(address))
    assert as_alice.post(address, follow=True).status_code == 200
    assert "Default tune Playing now" in words(as_alice.get(MUSIC))
    assert as_alice.get(address).status_code == 404


def test_a_recorded_name_is_not_removed_as_music(as_alice, easycall):
    name = SoundFactory(customer=easycall, purpose="name")
    assert as_alice.post(f"{MUSIC}{name.pk}/remove/").status_code == 404


def test_the_second_of_two_editors_is_told(as_alice, easycall):
    first = form(easycall, file=wav("First.wav"))
    second = form(easycall, file=wav("Second.wav"))
    as_alice.post(MUSIC, first)
    answer = as_alice.post(MUSIC, second)
    assert answer.status_code == 200
    assert "First" in str(answer.context["form"].non_field_errors())
    assert Sound.for_customer(easycall).get().name == "First"


def test_who_only_reads_looks_and_listens(as_bob, easycall, handed_on):
    sound = ready(easycall, name="Jazz")
    CompanySettings.for_customer(easycall).update(music=sound)
    page = as_bob.get(MUSIC)
    assert "Jazz Playing now" in words(page)
    assert '<form method="post" enctype' not in page.content.decode()
    assert read(as_bob.get(f"/centrex/sounds/{sound.pk}/")) == b"0123456789"
    before = contents()
    assert as_bob.post(MUSIC, form(easycall, file=wav())).status_code == 403
    assert as_bob.post(f"{MUSIC}{sound.pk}/remove/").status_code == 403
    assert contents() == before
    assert not handed_on


def test_a_branch_office_has_its_own(berta, easycall, handed_on):
    sound = ready(easycall, name="Jazz")
    CompanySettings.for_customer(easycall).update(music=sound)
    client = signed_in(berta)
    assert "Jazz" not in words(client.get(MUSIC))
    assert client.post(MUSIC, form(berta.customer, file=wav("Berlin.wav"))).status_code == 302
    assert CompanySettings.for_customer(berta.customer).get().music.name == "Berlin"
    assert CompanySettings.for_customer(easycall).get().music == sound
    assert client.get(f"/centrex/sounds/{sound.pk}/").status_code == 404


def test_a_stranger_changes_only_his_own(as_charlie, easycall, lotus, handed_on):
    sound = ready(easycall, name="Jazz")
    CompanySettings.for_customer(easycall).update(music=sound)
    assert as_charlie.post(MUSIC, form(lotus, file=wav())).status_code == 302
    assert CompanySettings.for_customer(easycall).get().music == sound
    for method in ("get", "post", "put", "delete"):
        assert getattr(as_charlie, method)(f"{MUSIC}{sound.pk}/remove/").status_code == 404


# --- Listening ----------------------------------------------------------------------------------------


def test_a_sound_is_heard_in_parts(as_alice, easycall):
    sound = ready(easycall)
    address = f"/centrex/sounds/{sound.pk}/"
    answer = as_alice.get(address)
    assert (answer.status_code, answer["Content-Type"], answer["Accept-Ranges"]) == (200, "audio/wav", "bytes")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert read(answer) == b"0123456789"
    answer = as_alice.get(address, headers={"Range": "bytes=2-4"})
    assert (answer.status_code, answer["Content-Range"], read(answer)) == (206, "bytes 2-4/10", b"234")
    assert as_alice.get(address, headers={"Range": "bytes=10-"}).status_code == 416


def test_what_was_uploaded_is_never_given_out(as_alice, easycall):
    sound = SoundFactory(customer=easycall)
    sound.original.save("", ContentFile(b"<script>"))
    assert as_alice.get(f"/centrex/sounds/{sound.pk}/").status_code == 404


def test_a_sound_that_lost_its_file_is_not_there(as_alice, easycall):
    sound = ready(easycall)
    sound.wav_16k.storage.delete(sound.wav_16k.name)
    assert as_alice.get(f"/centrex/sounds/{sound.pk}/").status_code == 404


def test_nobody_else_hears_it(as_charlie, client, easycall):
    sound = ready(easycall)
    assert as_charlie.get(f"/centrex/sounds/{sound.pk}/").status_code == 404
    assert client.get(f"/centrex/sounds/{sound.pk}/").status_code == 302
    clerk = signed_in(UserFactory(customer=easycall, role=Role.BILLING_MANAGER))
    assert clerk.get(f"/centrex/sounds/{sound.pk}/").status_code == 403


def test_a_branch_office_hears_the_names_of_its_extensions(berta, easycall):
    own, other = ready(easycall, purpose="name"), ready(easycall, purpose="name")
    ExtensionFactory(customer=easycall, branch_office=berta.customer, recorded_name=own)
    ExtensionFactory(customer=easycall, recorded_name=other)
    client = signed_in(berta)
    assert read(client.get(f"/centrex/sounds/{own.pk}/")) == b"0123456789"
    assert client.get(f"/centrex/sounds/{other.pk}/").status_code == 404


def test_the_default_tune_is_everybodys(as_alice, as_charlie):
    for client in (as_alice, as_charlie):
        answer = client.get(TUNE, headers={"Range": "bytes=0-3"})
        assert (answer.status_code, read(answer)) == (206, b"RIFF")
    assert Client().get(TUNE).status_code == 302
