"""What a file is, by its bytes."""

from io import BytesIO

import pytest

from centrex.sounds.kinds import Kind, recognise
from tests.sounds import CODECS, tone

WAV_HEAD = b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1f\0\0\x80\x3e\0\0\2\0\x10\0"
NO_SOUNDS = {
    "nothing": b"",
    "one byte": b"R",
    "html": b"<!doctype html><script>alert(1)</script>",
    "html behind the letters of a sound": b"RIFF\0\0\0\0WAVE<script>alert(1)</script>",
    "html behind mp3's sync": b"\xff\xfb\x90\x00<script>alert(1)</script>" + b" " * 2000,
    "html behind an ID3 tag": b"ID3\4\0\0\0\0\0\0<script>alert(1)</script>",
    "html behind Ogg": b"OggS<script>alert(1)</script>",
    "html behind MP4": b"\0\0\0\x18ftypM4A \0\0\0\0M4A mp42<script>alert(1)</script>",
    "a playlist": b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n",
    "a list of files": b"ffconcat version 1.0\nfile /etc/passwd\n",
    "a picture": b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
    "a film of another family": b"RIFF\x24\0\0\0AVI LIST" + b"\0" * 100,
    "sound without a format": b"RIFF\x24\0\0\0WAVEdata\4\0\0\0\0\0\0\0",
    "a format without sound": WAV_HEAD + b"data\0\0\0\0",
    "a test virus": rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*",
    "an archive": b"PK\3\4" + b"\0" * 100,
    "layer II": b"\xff\xfd\x90\x00" + b"\0" * 413 + b"\xff\xfd\x90\x00" + b"\0" * 413,
}


@pytest.mark.parametrize("ending", CODECS)
def test_each_kind_is_known_under_any_name(ending, tmp_path):
    path = tone(tmp_path, ending).rename(tmp_path / "page.html")
    with path.open("rb") as file:
        assert recognise(file) == CODECS[ending][0]
        assert file.tell() == 0


@pytest.mark.parametrize("options", ["-write_id3v2 1 -metadata title=x", "-ar 22050 -b:a 32k", "-ar 8000 -b:a 8k"])
def test_mp3_of_every_generation(options, tmp_path):
    with tone(tmp_path, "mp3", options=options).open("rb") as file:
        assert recognise(file) == Kind.MP3


def test_mp4_that_browsers_record_in_pieces(tmp_path):
    with tone(tmp_path, "m4a", options="-movflags frag_keyframe+empty_moov").open("rb") as file:
        assert recognise(file) == Kind.M4A


@pytest.mark.parametrize("name", NO_SOUNDS)
def test_what_is_no_sound_is_none(name):
    assert recognise(BytesIO(NO_SOUNDS[name])) is None


@pytest.mark.parametrize("ending", CODECS)
def test_a_head_alone_is_none(ending, tmp_path):
    content = tone(tmp_path, ending).read_bytes()
    assert recognise(BytesIO(content[:40])) is None


def test_mp4_cut_off_in_the_middle_is_none(tmp_path):
    content = tone(tmp_path, "m4a").read_bytes()
    assert recognise(BytesIO(content[: len(content) // 2])) is None


def test_a_film_without_sound_is_none(tmp_path):
    """Its boxes are whole, but none describes a sound track."""
    content = tone(tmp_path, "m4a").read_bytes().replace(b"soun", b"vide")
    assert recognise(BytesIO(content)) is None


def test_a_claim_of_four_gigabytes_does_not_hurt():
    file = BytesIO(WAV_HEAD + b"data\xff\xff\xff\xff" + b"\0" * 1000)
    assert recognise(file) == Kind.WAV


def test_endless_tags_and_chunks_come_to_an_end():
    assert recognise(BytesIO(b"ID3\4\0\0\0\0\0\0" * 100_000)) is None
    assert recognise(BytesIO(WAV_HEAD + b"junk\0\0\0\0" * 100_000)) is None
    assert recognise(BytesIO(b"\0\0\0\x18ftypM4A \0\0\0\0M4A mp42" + b"\0\0\0\x08free" * 100_000)) is None
