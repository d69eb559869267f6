"""A customer's sound file made into what telephones play, by ffmpeg in a process that can do little else."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import wave
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

from centrex.sounds import limited
from centrex.sounds.kinds import Kind, recognise

try:
    import imageio_ffmpeg  # carries a program, for machines that have none
except ImportError:  # left out of the image, which has Debian's
    imageio_ffmpeg = None

log = structlog.get_logger(__name__)

DEMUXERS = {Kind.WAV: "wav", Kind.MP3: "mp3", Kind.OGG: "ogg", Kind.M4A: "mov", Kind.WEBM: "matroska"}
# A film's other parts may lie in other files, if the file says so; ours may not.
DEMUXER_OPTIONS = {Kind.M4A: ("-enable_drefs", "0", "-use_absolute_path", "0")}
MEMORY = 768 * 1024 * 1024  # address space, most of it the program's own libraries
CPU_SECONDS = 20
WALL_SECONDS = 60
SAMPLE_BYTES = 2
MP3_BITRATE = "24k"  # speech; a quarter of what WAV takes
TOLD = 2000  # characters of ffmpeg's own words that go to the log


class Fault(StrEnum):
    """Why a file cannot be played to callers."""

    NO_SOUND = "no_sound"
    DAMAGED = "damaged"
    TOO_LONG = "too_long"
    TOO_SLOW = "too_slow"


class CannotConvertError(Exception):
    """The file cannot be converted, and never will be; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


class NoConverterError(Exception):
    """This machine has no ffmpeg: not the file's fault, so it can wait."""


def find_ffmpeg() -> str | None:
    """The machine's own program, which gets the distribution's security updates, else the carried one."""
    found = shutil.which("ffmpeg")
    if found or imageio_ffmpeg is None:
        return found
    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError:  # none for this platform
        return None


def convert(source: Path, target: Path, rate: int, *, longest: int) -> float:
    """Write the first sound of `source` to `target` as WAV: mono, 16 bits, `rate` samples a second; gives its seconds.

    CannotConvertError when there is no sound in it, or more than `longest` seconds. Loudness stays as it is.
    """
    program = find_ffmpeg()
    if program is None:
        raise NoConverterError
    with source.open("rb") as file:
        kind = recognise(file)
    if kind is None:
        raise CannotConvertError(Fault.DAMAGED)
    with TemporaryDirectory(prefix="selfcare-sound-") as folder:
        work = Path(folder)
        run(command(program, source, kind, rate, longest + 1), work, largest_file=size_of(rate, longest + 2))
        made = work / "sound.wav"
        seconds = duration(made, rate)
        if seconds > longest:
            raise CannotConvertError(Fault.TOO_LONG)
        shutil.move(made, target)
    return seconds


def to_mp3(source: Path, target: Path) -> None:
    """Write a WAV file that we made to `target` as MP3; CannotConvertError when it cannot be."""
    program = find_ffmpeg()
    if program is None:
        raise NoConverterError
    with TemporaryDirectory(prefix="selfcare-sound-") as folder:
        words = [
            program, "-nostdin", "-hide_banner", "-loglevel", "error", "-threads", "1",
            "-protocol_whitelist", "file,pipe", "-f", "wav", "-i", f"file:{source.resolve()}",
            "-map_metadata", "-1", "-c:a", "libmp3lame", "-b:a", MP3_BITRATE, "-f", "mp3", "file:sound.mp3",
        ]  # fmt: skip
        run(words, Path(folder), largest_file=source.stat().st_size + 4096)
        shutil.move(Path(folder) / "sound.mp3", target)


def command(program: str, source: Path, kind: Kind, rate: int, seconds: int) -> list[str]:
    """What is run. The reader is named, so that a playlist under a sound's name is never followed as one."""
    return [
        program, "-nostdin", "-hide_banner", "-loglevel", "error", "-threads", "1",
        "-protocol_whitelist", "file,pipe", *DEMUXER_OPTIONS.get(kind, ()), "-f", DEMUXERS[kind],
        "-i", f"file:{source.resolve()}",
        "-map", "0:a:0", "-vn", "-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact",
        "-flags:a", "+bitexact", "-threads", "1", "-filter_threads", "1", "-ac", "1", "-ar", str(rate),
        "-c:a", "pcm_s16le", "-t", str(seconds), "-f", "wav", "file:sound.wav",
    ]  # fmt: skip


def run(words: list[str], work: Path, *, largest_file: int) -> None:
    """Run a program in the folder `work` within the limits; CannotConvertError when it fails or takes too long."""
    limits = [str(MEMORY), str(CPU_SECONDS), str(largest_file)]
    words = [sys.executable, "-I", "-S", limited.__file__, *limits, *words]
    environment = {"PATH": os.defpath, "LC_ALL": "C", "HOME": str(work), "TMPDIR": str(work)}
    told = work / "told"
    with told.open("wb") as words_out:
        process = subprocess.Popen(  # noqa: S603  # a fixed command, no shell
            words,
            cwd=work,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=words_out,
            start_new_session=True,
        )
        try:
            code = process.wait(timeout=WALL_SECONDS)
        except subprocess.TimeoutExpired:
            code = -signal.SIGKILL
        finally:
            end(process)
    if code:
        said = told.read_bytes()[-TOLD:].decode(errors="replace")
        log.warning("sound_not_converted", code=code, said=said)
        raise CannotConvertError(fault_of(code, said))


def end(process: subprocess.Popen[bytes]) -> None:
    """Leave nothing behind of the process and of what it started."""
    with suppress(ProcessLookupError, PermissionError):  # the second is macOS's word for a group that has ended
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def fault_of(code: int, said: str) -> Fault:
    """What ended the program; a negative code is a signal's number."""
    if code in (-signal.SIGKILL, -signal.SIGXCPU):
        return Fault.TOO_SLOW
    if "matches no streams" in said:
        return Fault.NO_SOUND
    return Fault.DAMAGED


def duration(made: Path, rate: int) -> float:
    """The seconds of the file that was made; CannotConvertError unless it is what was asked for, with sound in it."""
    try:
        with wave.open(str(made), "rb") as file:
            shape = (file.getnchannels(), file.getsampwidth(), file.getframerate())
            frames = file.getnframes()
    except (OSError, EOFError, wave.Error) as error:
        raise CannotConvertError(Fault.DAMAGED) from error
    if shape != (1, SAMPLE_BYTES, rate):
        raise CannotConvertError(Fault.DAMAGED)
    if not frames:
        raise CannotConvertError(Fault.NO_SOUND)
    return frames / rate


def size_of(rate: int, seconds: int) -> int:
    """The bytes of a WAV file of so many seconds, with room for its head."""
    return rate * SAMPLE_BYTES * seconds + 4096
