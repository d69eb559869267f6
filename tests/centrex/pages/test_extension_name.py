"""Recorded names: the column of the list, the page behind it, and who may change what."""

import re
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from centrex import tasks
from centrex.models import Extension, Sound
from centrex.sounds.tune import default_tune
from selfcare.models import Role
from tests.factories import CustomerFactory, ExtensionFactory, SoundFactory, UserFactory
from tests.people import signed_in
from tests.rows import contents

LIST = "/centrex/extensions/"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path, monkeypatch) -> Path:
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(tasks.convert_sound, "delay", lambda sound_id: None)
    return tmp_path


@pytest.fixture
def extension(easycall) -> Extension:
    return ExtensionFactory(customer=easycall, number="201", name="Alice")


@pytest.fixture
def address(extension) -> str:
    return f"{LIST}{extension.pk}/recorded-name/"


def give(extension: Extension, state: str, **more) -> Sound:
    sound = SoundFactory(customer=extension.customer, purpose="name", state=state, **more)
    sound.wav_16k.save("", ContentFile(b"RIFF"))
    Extension.objects.filter(pk=extension.pk).update(recorded_name=sound)
    return sound


def wav() -> SimpleUploadedFile:
    return SimpleUploadedFile("alice.wav", default_tune(8000))


def words(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_the_list_says_how_each_name_stands(as_alice, extension, address):
    assert (
        f'<a href="{address}" aria-label="Recorded name of 201 Alice: Not Set">' in as_alice.get(LIST).content.decode()
    )
    for state, said in (("waiting", "Being prepared"), ("failed", "Failed"), ("ready", "Set")):
        sound = give(extension, state)
        page = as_alice.get(LIST).content.decode()
        assert f">{said}</a>" in page
        assert (f'href="/centrex/sounds/{sound.pk}/" data-play' in page) == (state == "ready")


def test_the_download_says_it_in_words(as_alice, extension):
    give(extension, "ready")
    answer = as_alice.get(LIST, {"format": "csv"})
    assert b"Recorded Name" in (text := b"".join(answer.streaming_content))
    assert b"Set" in text


def test_who_only_reads_hears_it_and_has_no_link_to_change_it(as_bob, extension, address):
    sound = give(extension, "ready")
    page = as_bob.get(LIST).content.decode()
    assert f"/centrex/sounds/{sound.pk}/" in page
    assert address not in page


def test_the_edit_page_leads_there(as_alice, extension, address):
    page = as_alice.get(f"{LIST}{extension.pk}/")
    assert address in page.content.decode()
    assert "Recorded Name: Not Set" in words(page)


def test_an_upload_is_prepared_and_replaces_the_former(as_alice, extension, address):
    former = give(extension, "ready")
    answer = as_alice.post(address, {"file": wav(), "version": 1})
    assert answer.url == address
    extension.refresh_from_db()
    assert (extension.recorded_name.state, extension.version) == ("waiting", 2)
    assert not Sound.objects.filter(pk=former.pk).exists()
    assert "Recorded Name Being prepared" in words(as_alice.get(address))


def test_no_file_and_no_sound_are_said_at_the_field(as_alice, address):
    assert "file" in as_alice.post(address, {"version": 1}).context["form"].errors
    answer = as_alice.post(address, {"version": 1, "file": SimpleUploadedFile("x.wav", b"no sound at all")})
    assert "not a sound" in str(answer.context["form"].errors["file"])
    assert not Sound.objects.exists()


def test_the_second_editor_is_told(as_alice, extension, address):
    as_alice.post(address, {"file": wav(), "version": 1})
    answer = as_alice.post(address, {"file": wav(), "version": 1})
    assert answer.context["form"].non_field_errors()
    assert Sound.objects.count() == 1


def test_a_failure_is_said_with_its_reason(as_alice, extension, address):
    give(extension, "failed", reason="no_sound")
    assert "Failed There is no sound in this file." in words(as_alice.get(address))


def test_removing(as_alice, extension, address):
    give(extension, "ready")
    assert f"{address}remove/" in as_alice.get(address).content.decode()
    page = words(as_alice.get(f"{address}remove/"))
    assert "Remove the recorded name of 201 Alice ?" in page
    assert "Delete" not in page
    assert as_alice.post(f"{address}remove/").url == LIST
    extension.refresh_from_db()
    assert extension.recorded_name is None


def test_only_the_main_office_gives_names(easycall, extension, address, as_bob, as_charlie, client):
    branch = CustomerFactory(main_office=easycall)
    berta = signed_in(UserFactory(customer=branch, role=Role.OWNER))
    Extension.objects.filter(pk=extension.pk).update(branch_office=branch)
    sound = give(extension, "ready")
    before = contents()
    for page in (address, f"{address}remove/"):
        for client_, status in ((berta, 403), (as_bob, 403), (as_charlie, 404), (client, 302)):
            assert client_.get(page).status_code == status
            assert client_.post(page, {"file": wav(), "version": 1}).status_code == status
    assert contents() == before
    assert f"/centrex/sounds/{sound.pk}/" in berta.get(LIST).content.decode()
