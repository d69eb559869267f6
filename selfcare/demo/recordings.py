"""The demo's recorded calls: a ringing tone, then two voices as a simple melody; no real speech."""

from __future__ import annotations

import math
import struct
import wave
from io import BytesIO

from django.core.files.base import ContentFile

from billing.models import Service, Xdr
from centrex.models import CallRecording, CompanySettings
from selfcare.demo.people import People

RATE = 8000
RECORDED = 14
STATES = {0: CallRecording.Status.CONVERTING, 5: CallRecording.Status.FAILED}
RINGING = (425.0,)  # Europe's ringing tone, ITU-T E.180
VOICES = ((220.0, 330.0), (262.0, 392.0), (294.0, 440.0), (247.0, 370.0))


def make_recordings(people: People) -> None:
    """Recordings of the main office's latest answered calls: one could not be converted, one is not ready yet."""
    CompanySettings.for_customer(people.easycall).update(call_recording=True)
    calls = Xdr.for_customer(people.easycall).filter(service_id=Service.CALLS, failed=False).select_related("line")
    for place, call in enumerate(calls.order_by("-started_at", "-id")[:RECORDED]):
        seconds = min(int(call.quantity), 5 + place)
        recording = CallRecording(
            customer=people.easycall,
            call_id=call.call_id,
            line=call.line,
            started_at=call.started_at,
            seconds=seconds,
            status=STATES.get(place, CallRecording.Status.READY),
        )
        if recording.status == CallRecording.Status.READY:
            recording.file.save("demo.wav", ContentFile(sound(seconds, place)), save=False)
        recording.save()


def sound(seconds: int, place: int) -> bytes:
    """A WAV file, mono, 16 bit: one second of ringing, then a note of each voice in turn."""
    samples = bytearray()
    for second in range(seconds):
        tones = RINGING if second == 0 else VOICES[(second + place) % len(VOICES)]
        for step in range(RATE):
            fade = math.sin(math.pi * step / RATE)
            level = sum(math.sin(2 * math.pi * tone * step / RATE) for tone in tones) / len(tones)
            samples += struct.pack("<h", int(9000 * fade * level))
    buffer = BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(bytes(samples))
    return buffer.getvalue()
