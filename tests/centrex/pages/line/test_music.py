"""A line's Music On Hold: only the customer's own ready sounds, and none is lost or left behind."""

import pytest
from django.urls import reverse

from centrex.models import Sound
from centrex.queries.features import effective_of
from centrex.queries.sounds import is_used
from centrex.routing.features import Music, Source
from selfcare.models import AuditEvent
from tests.factories import SoundFactory

OWN = {"own": "own", "enabled": "on", "version": 1}


@pytest.fixture
def address(line):
    return reverse("centrex:line-music", args=[line.pk])


@pytest.fixture
def piano(easycall):
    """What the company plays."""
    sound = SoundFactory(customer=easycall, name="Piano", state=Sound.State.READY)
    settings = easycall.company_settings
    settings.music = sound
    settings.save()
    return sound


def test_the_companys_music_once_it_is_ready(as_alice, address, line, piano):
    assert effective_of(line, Music).values.sound == piano.pk
    assert "<dt>Music</dt><dd>Piano</dd>" in as_alice.get(address).content.decode()
    Sound.objects.update(state=Sound.State.WAITING)
    assert effective_of(line, Music).values.sound is None


def test_another_sound_the_default_tune_or_nothing(as_alice, address, line, easycall, piano):
    harp = SoundFactory(customer=easycall, name="Harp", state=Sound.State.READY)
    as_alice.post(address, OWN | {"sound": harp.pk})
    assert effective_of(line, Music).values.sound == harp.pk
    assert AuditEvent.objects.latest("id").changes["Music"] == ["Piano", "Harp"]
    assert is_used(harp)
    as_alice.post(address, OWN | {"sound": "", "version": 2})
    counts = effective_of(line, Music)
    assert (counts.enabled, counts.values.sound, counts.source) == (True, None, Source.LINE)
    assert not Sound.objects.filter(pk=harp.pk).exists()  # nothing played it any more
    as_alice.post(address, {"own": "own", "sound": "", "version": 3})
    assert not effective_of(line, Music).enabled
    assert Sound.objects.filter(pk=piano.pk).exists()


def test_a_strangers_sound_and_one_that_is_not_ready(as_alice, address, line, easycall, lotus):
    foreign = SoundFactory(customer=lotus, state=Sound.State.READY)
    waiting = SoundFactory(customer=easycall)
    greeting = SoundFactory(customer=easycall, purpose="name", state=Sound.State.READY)
    for sound in (foreign, waiting, greeting):
        assert list(as_alice.post(address, OWN | {"sound": sound.pk}).context["form"].errors) == ["sound"]
    assert effective_of(line, Music).source is Source.COMPANY
