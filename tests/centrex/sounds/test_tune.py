"""The built-in melody is a sound that telephones can play, quiet, and without a click where it begins again."""

import wave
from array import array
from io import BytesIO
from itertools import pairwise

import pytest

from centrex.sounds.kinds import Kind, recognise
from centrex.sounds.tune import LOUDNESS, default_tune


@pytest.mark.parametrize("rate", [8000, 16000])
def test_it_can_be_played_and_repeated(rate):
    assert recognise(BytesIO(default_tune(rate))) == Kind.WAV
    with wave.open(BytesIO(default_tune(rate))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, rate)
        samples = array("h", file.readframes(file.getnframes()))
    assert 20 < len(samples) / rate < 40
    assert max(abs(sample) for sample in samples) == LOUDNESS
    steps = [abs(after - before) for before, after in pairwise(samples)]
    assert abs(samples[0] - samples[-1]) <= max(steps)
    quietest = min(max(abs(s) for s in samples[at : at + rate]) for at in range(0, len(samples) - rate, rate))
    assert quietest > LOUDNESS / 20, "nobody should believe that the call was cut off"


def test_both_rates_play_the_same_for_the_same_time():
    seconds = {(len(default_tune(rate)) - 44) / 2 / rate for rate in (8000, 16000)}
    assert max(seconds) - min(seconds) < 0.001
