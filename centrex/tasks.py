"""What the telephone system does by the clock: load by id, one operation, nothing else."""

from __future__ import annotations

from functools import partial

import structlog
from celery import shared_task
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from centrex.operations import boxes, line_recording, recordings, sounds
from centrex.operations.planned.begin_and_end import apply_due
from centrex.operations.sheets import uploads

log = structlog.get_logger(__name__)


@shared_task
def convert_sound(sound_id: int) -> None:
    """A sound, right after it was given."""
    sounds.convert_sound(sound_id=sound_id, now=timezone.now())


@shared_task
def convert_sounds() -> None:
    """Sounds that nobody has converted yet."""
    sounds.convert_waiting(now=timezone.now())


def convert_soon(sound_id: int) -> None:
    """Have it converted as soon as it is stored; without the broker the clockwork finds it within seconds."""
    transaction.on_commit(partial(_hand_on, sound_id))


def _hand_on(sound_id: int) -> None:
    try:
        convert_sound.delay(sound_id)
    except OperationalError as trouble:
        log.warning("sound_waits_for_clockwork", sound=sound_id, error=str(trouble))


@shared_task
def drop_old_sheets() -> None:
    """Spreadsheets that somebody uploaded and never applied."""
    uploads.drop_old_uploads(now=timezone.now())


@shared_task
def delete_old_recordings() -> None:
    """Recordings that their lines keep no longer."""
    recordings.delete_expired(now=timezone.now())


@shared_task
def apply_planned_changes() -> None:
    """Planned changes that begin or end."""
    apply_due(now=timezone.now())


@shared_task
def tell_of_recordings() -> None:
    """Recordings that have become ready, to whoever wants a mail about them."""
    line_recording.tell_of_recordings(now=timezone.now())


@shared_task
def remove_forwarded() -> None:
    """Messages that went out with their mail."""
    boxes.remove_forwarded()
