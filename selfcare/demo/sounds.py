"""The demo's own music on hold and one recorded name, given as in the portal; simple melodies, no real voice."""

from __future__ import annotations

from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile

from centrex.models import Extension
from centrex.operations.sounds import convert_waiting, set_music, set_recorded_name
from centrex.sounds.convert import find_ffmpeg
from selfcare.demo.people import People
from selfcare.demo.recordings import sound


def make_sounds(people: People, *, now: datetime) -> None:
    """Music of the main office and the name of its first extension; none where they could not be converted."""
    if find_ffmpeg() is None:
        return
    music = SimpleUploadedFile("Morning melody.wav", sound(12, 1))
    set_music(user=people.alice, customer=people.easycall, version=None, enabled=True, file=music, now=now)
    first = Extension.for_customer(people.easycall).order_by("number")[0]
    name = SimpleUploadedFile("alice.wav", sound(3, 2))
    set_recorded_name(user=people.alice, extension=first, version=None, file=name, now=now)
    convert_waiting(now=now)
