"""The built-in music on hold: a slow arpeggio of our own, so that nobody owes anybody a licence for it."""

from __future__ import annotations

import math
from array import array
from functools import lru_cache
from io import BytesIO
from wave import open as open_wave

BEAT = 0.4  # seconds from one note to the next
RING = 1.6  # seconds for which a note is heard; the last ones ring into the beginning, so that it can be repeated
LOUDNESS = 6000  # of 32767: quiet enough to talk over, loud enough for a handset
# MIDI numbers, four chords of eight notes: C, A minor, F, G, in the middle of what a telephone carries (300 - 3400 Hz).
CHORDS = (
    (60, 64, 67, 72, 76, 72, 67, 64),
    (57, 64, 69, 72, 76, 72, 69, 64),
    (65, 69, 72, 77, 81, 77, 72, 69),
    (67, 71, 74, 79, 83, 79, 74, 71),
)
OVERTONES = ((1, 1.0), (2, 0.35), (3, 0.12))


@lru_cache(maxsize=2)
def default_tune(rate: int) -> bytes:
    """The tune as a WAV file: mono, 16 bits, `rate` samples a second; about 26 seconds, made to be repeated."""
    notes = [note for chord in CHORDS for note in (*chord, *chord)]
    length = int(len(notes) * BEAT * rate)
    mixed = [0.0] * length
    sounds = {note: sounded(note, rate) for note in set(notes)}
    for place, note in enumerate(notes):
        start = int(place * BEAT * rate)
        for step, level in enumerate(sounds[note]):
            mixed[(start + step) % length] += level
    loudest = max(abs(level) for level in mixed)
    samples = array("h", (round(LOUDNESS * level / loudest) for level in mixed))
    buffer = BytesIO()
    with open_wave(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())
    return buffer.getvalue()


def sounded(note: int, rate: int) -> list[float]:
    """One plucked note: overtones that die away, with a soft beginning; no overtone that `rate` cannot carry."""
    frequency = 440.0 * 2 ** ((note - 69) / 12)
    parts = [(2 * math.pi * frequency * n / rate, share) for n, share in OVERTONES if frequency * n < rate / 2]
    steps = int(RING * rate)
    rise = 0.02 * rate
    return [
        min(1.0, step / rise)
        * math.exp(-3.5 * step / steps)
        * (1 - step / steps)
        * sum(share * math.sin(turn * step) for turn, share in parts)
        for step in range(steps)
    ]
