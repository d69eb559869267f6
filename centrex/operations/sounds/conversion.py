"""A sound as it was given becomes what phones play. The program runs outside any transaction, and may take a minute."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog
from django.core.files import File
from django.db import transaction
from django.db.models import Q, QuerySet

from centrex.models import Sound
from centrex.operations.sounds.keeping import files_of, forget
from centrex.sounds.convert import CannotConvertError, NoConverterError, convert

log = structlog.get_logger(__name__)

RATES = {"wav_8k": 8000, "wav_16k": 16000}
LONGEST = {Sound.Purpose.NAME: 30, Sound.Purpose.MUSIC: 600, Sound.Purpose.PROMPT: 300}  # seconds
# For how long a sound belongs to the worker that took it; longer than all of its conversions can last.
LEASE = timedelta(minutes=15)
LATER = timedelta(minutes=5)
MOST_TRIES = 3
BATCH = 5  # a round has one clock: its last sound must be done before the lease that it counted from is over


def convert_sound(*, sound_id: int, now: datetime) -> None:
    """Convert a waiting sound, unless another worker does; one that is gone or converted meanwhile is left alone."""
    sound = take(sound_id, now=now)
    if sound is None:
        return
    try:
        with TemporaryDirectory(prefix="selfcare-sound-") as folder:
            seconds = make_files(sound, Path(folder))
    except CannotConvertError as refusal:
        end(sound, {"state": Sound.State.FAILED, "reason": refusal.fault.value})
    except NoConverterError:
        log.error("no_ffmpeg", sound=sound.pk)
        put_back(sound, tries=sound.tries - 1, now=now)
    except OSError:  # the disk is full, or the storage away
        log.exception("sound_waits", sound=sound.pk)
        put_back(sound, tries=sound.tries, now=now)
    else:
        end(sound, {"state": Sound.State.READY, "reason": "", "seconds": seconds})


def convert_waiting(*, now: datetime) -> int:
    """Convert what waits, the oldest first; gives how many were tried."""
    found = list(due(now).order_by("uploaded_at", "pk").values_list("pk", flat=True)[:BATCH])
    for sound_id in found:
        convert_sound(sound_id=sound_id, now=now)
    return len(found)


def due(now: datetime) -> QuerySet[Sound]:
    """The waiting sounds that no worker has."""
    free = Q(taken_until=None) | Q(taken_until__lte=now)
    return Sound.objects.filter(free, state=Sound.State.WAITING)


@transaction.atomic
def take(sound_id: int, *, now: datetime) -> Sound | None:
    """The sound, for this worker alone until LEASE is over; None when it is not to be had, or was tried too often.

    Tried too often are files that kill the worker: their conversion never comes to an end that could be written down.
    """
    sound: Sound | None = due(now).select_for_update(skip_locked=True).filter(pk=sound_id).first()
    if sound is None:
        return None
    if sound.tries >= MOST_TRIES:
        end(sound, {"state": Sound.State.FAILED, "reason": Sound.Reason.GAVE_UP})
        return None
    sound.tries, sound.taken_until = sound.tries + 1, now + LEASE
    sound.save(update_fields=["tries", "taken_until"])
    return sound


def make_files(sound: Sound, work: Path) -> Decimal:
    """Convert and store the files for phones; gives the seconds. All of them or none stay in the storage."""
    source = work / "original"
    with sound.original.open("rb") as given, source.open("wb") as copy:
        shutil.copyfileobj(given, copy)
    longest = LONGEST[Sound.Purpose(sound.purpose)]
    seconds = {field: convert(source, work / field, rate, longest=longest) for field, rate in RATES.items()}
    try:
        for field in RATES:
            with (work / field).open("rb") as made:
                getattr(sound, field).save("", File(made), save=False)
    except OSError:
        forget(files_of(sound, RATES))
        raise
    return Decimal(str(round(seconds["wav_16k"], 2)))


@transaction.atomic
def end(sound: Sound, result: Mapping[str, object]) -> None:
    """Write the result down and let the given file go; what was made for a sound that is gone goes too."""
    current = Sound.objects.select_for_update().filter(pk=sound.pk, state=Sound.State.WAITING).first()
    if current is None:
        forget(files_of(sound, RATES))
        return
    given = files_of(current, ["original"])
    current.original, current.taken_until = "", None
    for field, value in {**{field: getattr(sound, field).name for field in RATES}, **result}.items():
        setattr(current, field, value)
    current.bytes = sum(storage.size(name) for storage, name in files_of(current))
    current.save()
    transaction.on_commit(lambda: forget(given))


def put_back(sound: Sound, *, tries: int, now: datetime) -> None:
    """Let it wait for a later round."""
    Sound.objects.filter(pk=sound.pk).update(tries=tries, taken_until=now + LATER)
