"""Sounds from the upload to the file that phones play: limits, one worker at a time, and nothing left behind."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from centrex.models import CompanySettings, Extension, Sound
from centrex.operations import sounds
from centrex.operations.extensions import delete_extension
from centrex.operations.sounds import conversion
from centrex.operations.sounds.keeping import plain_name, stem
from centrex.queries.sounds import bytes_used, is_used, music_choices, music_playing
from centrex.sounds import convert as converting
from centrex.sounds.tune import default_tune
from selfcare.errors import Outdated, Refused
from selfcare.models import AuditEvent
from tests.factories import CallQueueFactory, CustomerFactory, ExtensionFactory, HuntgroupFactory, SoundFactory
from tests.parallel import parallel
from tests.sounds import heard, tone
from tests.tools import require

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def wav(name: str = "Piano.wav", *, cut: int | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, default_tune(8000)[:cut], content_type="text/html")


def stored(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


def add(customer, file=None, *, purpose=Sound.Purpose.MUSIC, name="") -> Sound:
    return sounds.add_sound(customer=customer, name=name, purpose=purpose, file=file or wav(), now=NOW)


def convert(sound: Sound, *, now: datetime = NOW) -> Sound:
    sounds.convert_sound(sound_id=sound.pk, now=now)
    return Sound.objects.get(pk=sound.pk)


# --- Taking one in ------------------------------------------------------------------------------------


def test_a_sound_waits_under_a_name_that_nobody_typed(easycall, media):
    sound = add(easycall, wav("../../etc/Pia\u202eno\0.wav"))
    assert (sound.name, sound.state, sound.bytes) == ("Pia no", Sound.State.WAITING, len(default_tune(8000)))
    (path,) = stored(media)
    assert len(path.name) == 36
    assert "Pia" not in str(path)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Piano.wav", "Piano"),
        ("C:\\Users\\alice\\My song.final.mp3", "My song.final"),
        (".mp3", ".mp3"),
        ("x" * 300 + ".wav", "x" * 100),
    ],
)
def test_a_file_names_its_sound(given, kept):
    assert plain_name(stem(given)) == kept


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"<html><script>alert(1)</script>", "not a sound"),
        (b"#EXTM3U\nfile:///etc/passwd", "not a sound"),
        (default_tune(8000)[:40], "not a sound"),
    ],
)
def test_what_is_no_sound_is_refused_at_the_file(content, words, easycall, media):
    with pytest.raises(Refused, match=words) as refusal:
        add(easycall, SimpleUploadedFile("song.mp3", content, content_type="audio/mpeg"))
    assert refusal.value.field == "file"
    assert not stored(media)
    assert not Sound.objects.exists()


def test_the_limit_is_the_largest_sound_that_is_taken(easycall, settings):
    settings.SOUND_MAX_BYTES = len(default_tune(8000))
    assert add(easycall)
    settings.SOUND_MAX_BYTES -= 1
    with pytest.raises(Refused, match="too large"):
        add(easycall)


def test_all_sounds_of_a_customer_share_one_room(easycall, lotus, settings, media):
    settings.SOUND_QUOTA_BYTES = 2 * len(default_tune(8000))
    add(easycall)
    add(easycall)
    with pytest.raises(Refused, match="all of your"):
        add(easycall)
    assert add(lotus)
    assert len(stored(media)) == 3


def test_two_uploads_at_once_do_not_share_the_same_room(easycall, settings, media):
    settings.SOUND_QUOTA_BYTES = 2 * len(default_tune(8000))
    results = parallel([lambda: add(easycall)] * 5)
    assert sum(isinstance(result, Sound) for result in results) == 2
    assert len(stored(media)) == 2
    assert bytes_used(easycall) == settings.SOUND_QUOTA_BYTES


def test_a_full_disk_is_said_at_the_file(easycall, media, monkeypatch):
    def full(*args: object, **kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    with pytest.raises(Refused, match="could not be stored") as refusal:
        add(easycall)
    assert refusal.value.field == "file"
    assert not Sound.objects.exists()


# --- Converting ---------------------------------------------------------------------------------------


def test_phones_get_both_rates_and_the_given_file_goes(easycall, media, tmp_path):
    require("ffmpeg")
    source = tone(tmp_path, "mp3")
    sound = add(easycall, SimpleUploadedFile("tone.mp3", source.read_bytes()))
    sound = convert(sound)
    assert (sound.state, sound.reason, sound.taken_until) == (Sound.State.READY, "", None)
    assert sound.seconds == pytest.approx(Decimal(2), abs=Decimal("0.02"))
    assert [heard(Path(file.path)).rate for file in (sound.wav_8k, sound.wav_16k)] == [8000, 16000]
    assert not sound.original
    assert {path.name for path in stored(media)} == {Path(file.path).name for file in (sound.wav_8k, sound.wav_16k)}
    assert sound.bytes == sum(path.stat().st_size for path in stored(media))


def test_converting_again_changes_nothing(easycall, monkeypatch):
    require("ffmpeg")
    sound = convert(add(easycall))
    monkeypatch.setattr(conversion, "convert", None)
    again = convert(sound)
    assert (again.wav_8k.name, again.wav_16k.name, again.tries) == (sound.wav_8k.name, sound.wav_16k.name, 1)


def test_of_two_workers_at_once_one_converts(easycall, media, monkeypatch):
    require("ffmpeg")
    converted = []
    real = conversion.make_files
    monkeypatch.setattr(conversion, "make_files", lambda *args: converted.append(1) or real(*args))
    sound = add(easycall)
    parallel([lambda: sounds.convert_sound(sound_id=sound.pk, now=NOW)] * 4)
    assert len(converted) == 1
    assert Sound.objects.get().state == Sound.State.READY
    assert len(stored(media)) == 2


@pytest.mark.parametrize(
    ("fault", "words"),
    [("NO_SOUND", "no sound"), ("DAMAGED", "damaged"), ("TOO_LONG", "too long"), ("TOO_SLOW", "took too long")],
)
def test_a_failure_says_why_and_keeps_nothing(fault, words, easycall, media, monkeypatch):
    def fail(*args: object, **kwargs: object) -> None:
        raise converting.CannotConvertError(converting.Fault[fault])

    monkeypatch.setattr(conversion, "convert", fail)
    sound = convert(add(easycall))
    assert sound.state == Sound.State.FAILED
    assert words in sound.get_reason_display()
    assert (sound.bytes, stored(media)) == (0, [])


def test_a_name_may_be_as_long_as_a_breath_and_no_longer(easycall):
    require("ffmpeg")
    tune = default_tune(8000)
    sound = convert(add(easycall, purpose=Sound.Purpose.NAME))
    assert sound.state == Sound.State.READY
    long = SimpleUploadedFile("long.wav", tune + tune[44:])  # the head's size is that of the first half
    patched = bytearray(long.read())
    patched[4:8] = patched[40:44] = b"\xff\xff\xff\xff"
    sound = convert(add(easycall, SimpleUploadedFile("long.wav", bytes(patched)), purpose=Sound.Purpose.NAME))
    assert (sound.state, sound.reason) == (Sound.State.FAILED, Sound.Reason.TOO_LONG)


def test_without_ffmpeg_it_waits_and_no_try_is_lost(easycall, monkeypatch):
    monkeypatch.setattr(converting, "find_ffmpeg", lambda: None)
    sound = add(easycall)
    for hour in range(10):
        sound = convert(sound, now=NOW + timedelta(hours=hour))
    assert (sound.state, sound.tries) == (Sound.State.WAITING, 0)
    monkeypatch.undo()
    require("ffmpeg")
    assert sounds.convert_waiting(now=NOW + timedelta(hours=9)) == 0  # not before it is due again
    assert sounds.convert_waiting(now=NOW + timedelta(hours=10)) == 1
    assert Sound.objects.get().state == Sound.State.READY


def test_a_disk_that_is_full_for_a_while(easycall, media, monkeypatch):
    require("ffmpeg")
    sound = add(easycall)

    def full(*args: object, **kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(FileSystemStorage, "_save", full)
        assert convert(sound).state == Sound.State.WAITING
    assert len(stored(media)) == 1
    assert convert(sound, now=NOW + timedelta(hours=1)).state == Sound.State.READY


def test_a_sound_that_kills_its_worker_is_given_up(easycall, monkeypatch, media):
    """A killed worker writes nothing down; the sound is free again when its lease is over, but not for ever."""

    def killed(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(conversion, "make_files", killed)
    sound, now = add(easycall), NOW
    for _time in range(conversion.MOST_TRIES):
        with pytest.raises(KeyboardInterrupt):
            convert(sound, now=now)
        convert(sound, now=now + timedelta(minutes=1))  # still taken
        now += timedelta(hours=1)
    sound = convert(sound, now=now)
    assert (sound.state, sound.reason) == (Sound.State.FAILED, Sound.Reason.GAVE_UP)
    assert (sound.bytes, stored(media)) == (0, [])


def test_a_sound_that_was_deleted_meanwhile_leaves_no_files(easycall, media, monkeypatch):
    require("ffmpeg")
    sound = add(easycall)
    real = conversion.make_files

    def while_deleting(*args):
        seconds = real(*args)
        sounds.discard(Sound.objects.get(pk=sound.pk))
        return seconds

    monkeypatch.setattr(conversion, "make_files", while_deleting)
    sounds.convert_sound(sound_id=sound.pk, now=NOW)
    assert not Sound.objects.exists()
    assert not stored(media)


def test_a_round_ends_before_its_leases_do():
    """Both rates of each sound may take all the time there is."""
    longest = timedelta(seconds=converting.WALL_SECONDS) * len(conversion.RATES) * conversion.BATCH
    assert longest < conversion.LEASE


def test_what_nobody_converted_is_found_oldest_first(easycall, monkeypatch):
    seen = []
    monkeypatch.setattr(conversion, "make_files", lambda sound, work: seen.append(sound.pk) or Decimal(1))
    second, first = SoundFactory(uploaded_at=NOW), SoundFactory(uploaded_at=NOW - timedelta(days=1))
    SoundFactory(state=Sound.State.READY)
    SoundFactory(state=Sound.State.FAILED)
    assert sounds.convert_waiting(now=NOW) == 2
    assert seen == [first.pk, second.pk]


# --- Music on hold ------------------------------------------------------------------------------------


def settings_of(customer) -> CompanySettings:
    return CompanySettings.for_customer(customer).select_related("music").get()


def set_music(alice, *, version=None, enabled=True, **given) -> CompanySettings:
    return sounds.set_music(user=alice, customer=alice.customer, version=version, enabled=enabled, now=NOW, **given)


def test_own_music_replaces_the_former_with_its_files(alice, easycall, media):
    require("ffmpeg")
    first = set_music(alice, file=wav("First.wav")).music
    convert(first)
    second = set_music(alice, file=wav("Second.wav"), name="Piano").music
    assert list(Sound.for_customer(easycall)) == [second]
    assert len(stored(media)) == 1
    assert second.name == "Piano"
    event = AuditEvent.objects.filter(customer=easycall).latest("id")
    assert event.changes == {"music": ["First", "Piano"]}
    assert event.user == alice


def test_until_it_is_ready_the_default_tune_plays(alice, easycall):
    require("ffmpeg")
    assert music_playing(settings_of(easycall)) is None
    music = set_music(alice, file=wav()).music
    assert music_playing(settings_of(easycall)) is None
    convert(music)
    assert music_playing(settings_of(easycall)) == music


def test_off_and_on_again_keeps_the_music(alice, easycall):
    music = set_music(alice, file=wav()).music
    set_music(alice, enabled=False)
    assert (settings_of(easycall).music_enabled, settings_of(easycall).music) == (False, music)
    before = settings_of(easycall).version
    set_music(alice, enabled=False)
    assert settings_of(easycall).version == before, "nothing changed, so nobody is told of a change"


def test_a_name_alone_renames_what_is_there(alice, easycall):
    set_music(alice, file=wav("Piano.wav"))
    set_music(alice, name="Grand piano")
    assert settings_of(easycall).music.name == "Grand piano"
    assert AuditEvent.objects.latest("id").changes == {"Music Name": ["Piano", "Grand piano"]}
    set_music(alice, name="")
    assert settings_of(easycall).music.name == "Grand piano"


def test_a_name_for_nothing_is_refused(alice, easycall):
    with pytest.raises(Refused, match="Choose a file") as refusal:
        set_music(alice, name="Piano")
    assert refusal.value.field == "music_name"


def test_the_second_of_two_editors_is_told(alice, easycall, media):
    version = settings_of(easycall).version
    set_music(alice, version=version, file=wav("First.wav"))
    with pytest.raises(Outdated, match="First"):
        set_music(alice, version=version, file=wav("Second.wav"))
    assert settings_of(easycall).music.name == "First"
    assert len(stored(media)) == 1


def test_two_who_replace_at_once_leave_one_sound(alice, easycall, media):
    parallel([lambda n=n: set_music(alice, file=wav(f"{n}.wav")) for n in range(4)])
    assert list(Sound.for_customer(easycall)) == [settings_of(easycall).music]
    assert len(stored(media)) == 1


def test_a_refused_file_leaves_everything_as_it_was(alice, easycall, media):
    music = set_music(alice, file=wav()).music
    with pytest.raises(Refused):
        set_music(alice, enabled=False, file=SimpleUploadedFile("x.wav", b"no sound"))
    assert (settings_of(easycall).music_enabled, settings_of(easycall).music) == (True, music)
    assert len(stored(media)) == 1


def test_the_default_tune_again(alice, easycall, media):
    music = set_music(alice, file=wav()).music
    sounds.use_default_tune(user=alice, customer=easycall, music=music)
    assert settings_of(easycall).music is None
    assert not Sound.objects.exists()
    assert not stored(media)
    with pytest.raises(Refused, match="meanwhile"):
        sounds.use_default_tune(user=alice, customer=easycall, music=music)


def test_music_that_a_queue_plays_stays_for_it(alice, easycall):
    music = set_music(alice, file=wav()).music
    queue = CallQueueFactory(huntgroup=HuntgroupFactory(customer=easycall), music=music)
    assert is_used(music)
    set_music(alice, file=wav("Other.wav"))
    queue.refresh_from_db()
    assert queue.music == music
    assert {sound.name for sound in music_choices(easycall)} == {"Piano", "Other"}


def test_a_queue_is_offered_own_music_that_can_play(easycall, lotus):
    waiting = SoundFactory(customer=easycall)
    SoundFactory(customer=easycall, state=Sound.State.FAILED)
    SoundFactory(customer=easycall, purpose=Sound.Purpose.NAME)
    SoundFactory(customer=lotus)
    assert list(music_choices(easycall)) == [waiting]
    assert list(music_choices(None)) == []


def test_each_office_has_its_own(alice, easycall):
    branch = CustomerFactory(main_office=easycall)
    set_music(alice, file=wav())
    assert music_playing(settings_of(branch)) is None
    assert settings_of(branch).music is None


# --- Recorded names -----------------------------------------------------------------------------------


@pytest.fixture
def extension(easycall) -> Extension:
    return ExtensionFactory(customer=easycall, number="201", name="Alice")


def name(alice, extension, *, version=None) -> Sound:
    extension = sounds.set_recorded_name(user=alice, extension=extension, version=version, file=wav(), now=NOW)
    assert extension.recorded_name
    return extension.recorded_name


def test_a_name_is_set_replaced_and_removed(alice, extension, media):
    first = name(alice, extension)
    second = name(alice, extension)
    assert list(Sound.objects.all()) == [second]
    assert first.pk != second.pk
    assert len(stored(media)) == 1
    sounds.remove_recorded_name(user=alice, extension=extension)
    extension.refresh_from_db()
    assert (extension.recorded_name, extension.version) == (None, 4)
    assert not stored(media)
    changes = [event.changes for event in AuditEvent.objects.order_by("id")]
    assert changes == [{"recorded name": ["", "201 Alice"]}, {}, {"recorded name": ["201 Alice", ""]}]
    sounds.remove_recorded_name(user=alice, extension=extension)
    extension.refresh_from_db()
    assert extension.version == 4


def test_the_second_editor_of_a_name_is_told(alice, extension):
    name(alice, extension, version=1)
    with pytest.raises(Outdated):
        name(alice, extension, version=1)


def test_a_branch_office_gives_no_names(alice, extension, easycall):
    extension.customer = CustomerFactory(main_office=easycall)
    with pytest.raises(Refused, match="main office"):
        name(alice, extension)


def test_a_deleted_extension_takes_its_name_along(alice, extension, media):
    name(alice, extension)
    extension.refresh_from_db()
    delete_extension(user=alice, extension=extension)
    assert not Sound.objects.exists()
    assert not stored(media)


def test_files_go_only_when_it_is_certain(alice, extension, media, monkeypatch):
    """An act that fails at its end leaves the former sound as it was, with its file."""
    former = name(alice, extension)
    monkeypatch.setattr(AuditEvent, "write", None)
    with pytest.raises(TypeError):
        name(alice, extension)
    assert Sound.objects.get() == former
    assert default_storage.exists(former.original.name)
