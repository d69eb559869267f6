"""Sound files of every kind that customers bring, made by ffmpeg; and what is in a WAV file."""

import math
import subprocess
import wave
from array import array
from pathlib import Path
from typing import NamedTuple

from centrex.sounds.kinds import Kind
from tests.tools import require

CODECS = {
    "wav": (Kind.WAV, "pcm_s16le"),
    "mp3": (Kind.MP3, "libmp3lame"),
    "ogg": (Kind.OGG, "libvorbis"),
    "opus": (Kind.OGG, "libopus"),
    "m4a": (Kind.M4A, "aac"),
    "webm": (Kind.WEBM, "libopus"),
}


def tone(folder: Path, ending: str = "wav", *, seconds: float = 2, frequency: int = 1000, options: str = "") -> Path:
    """A file of so many seconds of a tone."""
    path = folder / f"tone.{ending}"
    source = f"sine=frequency={frequency}:duration={seconds}:sample_rate=48000"
    encode("-f", "lavfi", "-i", source, "-c:a", CODECS[ending][1], *options.split(), str(path))
    return path


def encode(*words: str) -> None:
    """Run ffmpeg as it is, without the limits that the portal gives it."""
    subprocess.run([require("ffmpeg"), "-nostdin", "-loglevel", "error", "-y", *words], check=True)  # noqa: S603


class Heard(NamedTuple):
    """What a WAV file holds: samples a second, channels, seconds, and of its middle half frequency (Hz) and level."""

    rate: int
    channels: int
    seconds: float
    frequency: float
    decibels: float


def heard(path: Path) -> Heard:
    """The frequency by its rising zero crossings, the level against full scale."""
    with wave.open(str(path), "rb") as file:
        rate, channels, frames = file.getframerate(), file.getnchannels(), file.getnframes()
        samples = array("h", file.readframes(frames))
    middle = samples[len(samples) // 4 : len(samples) * 3 // 4]
    rises = [at for at in range(1, len(middle)) if middle[at - 1] < 0 <= middle[at]]
    frequency = rate * (len(rises) - 1) / (rises[-1] - rises[0]) if len(rises) > 1 else 0.0
    level = math.sqrt(sum(sample * sample for sample in middle) / max(len(middle), 1)) / 32768
    return Heard(rate, channels, frames / rate, frequency, 20 * math.log10(level) if level else -math.inf)
