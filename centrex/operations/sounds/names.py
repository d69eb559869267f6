"""The recorded name of an extension, which callers of the directory hear; kept by the main office."""

from __future__ import annotations

from copy import copy
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from centrex.models import Extension, Sound
from centrex.operations import numbers
from centrex.operations.sounds.keeping import add_sound, discard
from selfcare.models import AuditEvent, User
from selfcare.models.audit import differences


@transaction.atomic
def set_recorded_name(
    *, user: User, extension: Extension, version: int | None, file: UploadedFile[Any], now: datetime
) -> Extension:
    """Give the extension a recorded name in place of the former; Outdated and Refused as for editing it."""
    office = numbers.locked_office(extension.customer)
    current = Extension.locked(extension.pk, version)
    sound = add_sound(customer=office, name=str(current), purpose=Sound.Purpose.NAME, file=file, now=now)
    return put(sound, current, user=user)


@transaction.atomic
def remove_recorded_name(*, user: User, extension: Extension) -> Extension:
    """Take the recorded name away; without one this changes nothing."""
    numbers.locked_office(extension.customer)
    current = Extension.locked(extension.pk, None)
    return put(None, current, user=user) if current.recorded_name else current


def put(sound: Sound | None, extension: Extension, *, user: User) -> Extension:
    """Save the extension with `sound` as its name, write that down, and let the former go."""
    old, former = copy(extension), extension.recorded_name
    extension.recorded_name, extension.version = sound, extension.version + 1
    extension.save(update_fields=["recorded_name", "version"])
    changes = differences(old, extension, ["recorded_name"])
    AuditEvent.write(user=user, action="edit", record=extension, changes=changes)
    if former is not None:
        discard(former)
    return extension
