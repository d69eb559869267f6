"""Converting with the real program: what comes out, and what a hostile file cannot make it do."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from centrex.sounds import convert as converting
from centrex.sounds.convert import CannotConvertError, Fault, NoConverterError, command, convert, run
from centrex.sounds.kinds import Kind
from tests.sounds import CODECS, encode, heard, tone
from tests.tools import require

RATES = (8000, 16000)
MEGABYTE = 1024 * 1024


@pytest.fixture(autouse=True)
def ffmpeg() -> str:
    return require("ffmpeg")


@pytest.fixture
def target(tmp_path) -> Path:
    return tmp_path / "out.wav"


def refused(source: Path, target: Path, *, longest: int = 600) -> Fault:
    """Why `source` is not converted; nothing is left of the attempt."""
    with pytest.raises(CannotConvertError) as refusal:
        convert(source, target, 8000, longest=longest)
    assert not target.exists()
    return refusal.value.fault


# --- What comes out -----------------------------------------------------------------------------------


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("ending", CODECS)
def test_a_tone_comes_out_as_it_went_in(ending, rate, tmp_path, target):
    source = tone(tmp_path, ending, seconds=2)
    seconds = convert(source, target, rate, longest=10)
    found, before = heard(target), heard(tone(tmp_path, "wav", seconds=2))
    assert (found.rate, found.channels, found.seconds) == (rate, 1, seconds)
    assert seconds == pytest.approx(2, abs=0.020)
    assert found.frequency == pytest.approx(1000, abs=2)
    assert found.decibels == pytest.approx(before.decibels, abs=1)


def test_many_channels_and_samples_become_one_and_few(tmp_path, target):
    source = tone(tmp_path, "wav", options="-ac 8 -ar 192000")
    convert(source, target, 8000, longest=10)
    assert heard(target)[:2] == (8000, 1)


def test_nothing_that_was_written_into_the_file_comes_along(tmp_path, target):
    convert(tone(tmp_path, "mp3", options="-metadata title=Secret"), target, 8000, longest=10)
    assert target.read_bytes()[36:40] == b"data"
    assert b"Secret" not in target.read_bytes()


def test_a_picture_on_the_cover_is_left_out(tmp_path, target):
    tune, cover, source = tone(tmp_path, "mp3"), tmp_path / "cover.png", tmp_path / "covered.mp3"
    encode("-f", "lavfi", "-i", "color=red:s=64x64", "-frames:v", "1", str(cover))
    encode("-i", str(tune), "-i", str(cover), "-map", "0", "-map", "1", "-c", "copy", str(source))
    assert convert(source, target, 8000, longest=10) == pytest.approx(2, abs=0.020)


def test_an_odd_name_is_only_a_name(tmp_path, target):
    source = tone(tmp_path, "wav").rename(tmp_path / "-i concat:a|b %d\n$(touch x).wav")
    assert convert(source, target, 8000, longest=10) == pytest.approx(2)
    assert {path.name for path in tmp_path.iterdir()} == {source.name, target.name}


# --- What is refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"<!doctype html>", b"#EXTM3U\nfile:///etc/passwd"])
def test_what_is_no_sound_reaches_no_program(content, tmp_path, target, monkeypatch):
    monkeypatch.setattr(converting, "run", None)
    source = tmp_path / "song.mp3"
    source.write_bytes(content)
    assert refused(source, target) == Fault.DAMAGED


def test_a_film_without_sound(tmp_path, target):
    source = tmp_path / "film.m4a"
    encode("-f", "lavfi", "-i", "color=red:s=64x64:d=1", "-c:v", "mpeg4", "-f", "mp4", str(source))
    source.write_bytes(source.read_bytes() + b"\0\0\0\x14moovsoun\0\0\0\0\0\0\0\0")  # past the look at its frame
    assert refused(source, target) == Fault.NO_SOUND


def test_a_sound_of_no_length(tmp_path, target):
    source = tone(tmp_path, "wav")
    head = source.read_bytes()[:78]
    source.write_bytes(head[: head.index(b"data")] + b"data\0\0\0\0junk\4\0\0\0\0\0\0\0")
    assert refused(source, target) == Fault.NO_SOUND


def test_longer_than_allowed(tmp_path, target):
    assert refused(tone(tmp_path, "mp3", seconds=4), target, longest=2) == Fault.TOO_LONG
    assert convert(tone(tmp_path, "wav", seconds=2), target, 8000, longest=2) == 2


def test_ten_hours_of_silence_take_neither_time_nor_room(tmp_path, target):
    source = tmp_path / "silence.mp3"
    encode("-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono", "-t", "60", "-b:a", "8k", "-write_xing", "0", str(source))
    minute = source.read_bytes()
    minute = minute[minute.index(b"\xff\xe3") :]
    source.write_bytes(minute * 600)
    began = time.monotonic()
    assert refused(source, target) == Fault.TOO_LONG
    assert time.monotonic() - began < converting.CPU_SECONDS


def test_a_header_that_claims_four_gigabytes_gives_what_is_there(tmp_path, target):
    source = tone(tmp_path, "wav", seconds=1)
    content = bytearray(source.read_bytes())
    at = content.index(b"data")
    content[4:8] = content[at + 4 : at + 8] = b"\xff\xff\xff\xff"
    source.write_bytes(content)
    assert convert(source, target, 8000, longest=10) == pytest.approx(1, abs=0.020)


@pytest.mark.parametrize("ending", ["wav", "mp3", "ogg", "opus", "webm"])
def test_a_file_cut_off_gives_what_is_there(ending, tmp_path, target):
    source = tone(tmp_path, ending, seconds=4)
    content = source.read_bytes()
    source.write_bytes(content[: len(content) // 2])
    assert 1 < convert(source, target, 8000, longest=10) < 3


def test_noise_inside_a_good_frame_ends_in_words(tmp_path, target):
    source = tone(tmp_path, "m4a", seconds=4)
    content = bytearray(source.read_bytes())
    at = content.index(b"mdat") + 4
    content[at : at + 20_000] = os.urandom(20_000)
    source.write_bytes(content)
    try:
        seconds = convert(source, target, 8000, longest=10)
    except CannotConvertError:
        assert not target.exists()
    else:
        assert seconds <= 5


def test_without_the_program_the_file_can_wait(tmp_path, target, monkeypatch):
    source = tone(tmp_path, "wav")
    monkeypatch.setattr(converting, "find_ffmpeg", lambda: None)
    with pytest.raises(NoConverterError):
        convert(source, target, 8000, longest=10)


# --- What a hostile file cannot make it do ------------------------------------------------------------


@pytest.fixture
def listener():
    """A server that would notice being called."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.settimeout(1)
        yield server


def was_called(server: socket.socket) -> bool:
    try:
        server.accept()[0].close()
    except TimeoutError:
        return False
    return True


def playlist(folder: Path, server: socket.socket) -> Path:
    """HLS under a sound's name, naming a server and a file of this machine."""
    secret = tone(folder, "wav").rename(folder / "secret.wav")
    path = folder / "song.mp3"
    address = f"http://127.0.0.1:{server.getsockname()[1]}/x.ts"
    path.write_text(
        f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{address}\n#EXTINF:9,\nfile://{secret}\n#EXT-X-ENDLIST\n"
    )
    return path


@pytest.mark.parametrize("kind", Kind)
def test_a_playlist_is_never_followed(kind, ffmpeg, tmp_path, listener):
    """Even one that got past the look at its frame: the reader is named, and speaks to files only."""
    source = playlist(tmp_path, listener)
    work = tmp_path / "work"
    work.mkdir()
    with pytest.raises(CannotConvertError):
        run(command(ffmpeg, source, kind, 8000, 10), work, largest_file=MEGABYTE)
    assert not was_called(listener)
    assert not (work / "sound.wav").exists() or not heard(work / "sound.wav").seconds


def test_without_our_words_the_program_would_follow_it(ffmpeg, tmp_path, listener):
    """So that the test above can fail."""
    allowed = ["-protocol_whitelist", "file,http,tcp", "-f", "hls"]
    words = [ffmpeg, "-nostdin", *allowed, "-i", str(playlist(tmp_path, listener)), str(tmp_path / "x.wav")]
    with subprocess.Popen(words, stderr=subprocess.DEVNULL) as process:  # noqa: S603
        called = was_called(listener)
        process.kill()
    assert called


def test_an_address_is_no_source(ffmpeg, tmp_path, listener):
    words = command(ffmpeg, Path("x"), Kind.WAV, 8000, 10)
    words[words.index("-i") + 1] = f"http://127.0.0.1:{listener.getsockname()[1]}/x.wav"
    with pytest.raises(CannotConvertError):
        run(words, tmp_path, largest_file=MEGABYTE)
    assert not was_called(listener)


# --- Limits -------------------------------------------------------------------------------------------


def python(program: str, work: Path, *, largest_file: int = MEGABYTE) -> Fault | None:
    """Run a Python program as ffmpeg is run; the fault, if one."""
    try:
        run([sys.executable, "-c", program], work, largest_file=largest_file)
    except CannotConvertError as refusal:
        return refusal.fault
    return None


def test_memory_is_limited(tmp_path):
    assert python(f"bytearray({converting.MEMORY // 2})", tmp_path) is None
    assert python(f"bytearray({converting.MEMORY})", tmp_path) == Fault.DAMAGED


def test_computing_is_limited(tmp_path, monkeypatch):
    monkeypatch.setattr(converting, "CPU_SECONDS", 1)
    assert python("while True: pass", tmp_path) == Fault.TOO_SLOW


def test_files_are_limited(tmp_path):
    write = "open('x', 'wb').write(b'x' * {})"
    assert python(write.format(MEGABYTE), tmp_path) is None
    assert python(write.format(2 * MEGABYTE), tmp_path) == Fault.DAMAGED
    assert (tmp_path / "x").stat().st_size == MEGABYTE
    assert python("[open('told') for _ in range(40)]", tmp_path) == Fault.DAMAGED


def test_time_is_limited_for_the_program_and_its_children(tmp_path, monkeypatch):
    monkeypatch.setattr(converting, "WALL_SECONDS", 1)
    lingering = "import os, time; child = os.fork(); open('pid', 'w').write(str(os.getpid())); time.sleep(60)"
    assert python(lingering, tmp_path) == Fault.TOO_SLOW
    group = int((tmp_path / "pid").read_text())
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and alive(group):
        time.sleep(0.05)
    assert not alive(group)


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{process}/stat").read_text().rpartition(")")[2][:3]


def test_the_program_gets_nothing_of_our_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "hidden")
    python("import os; open('seen', 'w').write(' '.join(sorted(os.environ)))", tmp_path)
    assert "SECRET_KEY" not in (tmp_path / "seen").read_text()


def test_the_working_folder_is_gone_afterwards(tmp_path, target, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temp"))
    (tmp_path / "temp").mkdir()
    convert(tone(tmp_path, "wav"), target, 8000, longest=10)
    refused(tone(tmp_path, "wav", seconds=4), tmp_path / "other.wav", longest=2)
    assert not list((tmp_path / "temp").iterdir())
