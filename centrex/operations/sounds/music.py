"""What callers of a company hear while they are on hold."""

from __future__ import annotations

from copy import copy
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from centrex.models import CompanySettings, Sound
from centrex.operations.sounds.keeping import add_sound, discard, plain_name
from selfcare.errors import Refused
from selfcare.models import AuditEvent, Customer, User
from selfcare.models.audit import differences

FIELDS = ("music_enabled", "music")


@transaction.atomic
def set_music(
    *,
    user: User,
    customer: Customer,
    version: int | None,
    enabled: bool,
    name: str = "",
    file: UploadedFile[Any] | None = None,
    now: datetime,
) -> CompanySettings:
    """Switch music on or off; a `file` replaces the former music, a `name` alone renames it.

    Outdated when somebody saved the settings since `version`; Refused at `file` as for adding a sound, at
    `music_name` when there is nothing to name.
    """
    settings = locked_settings(customer, version)
    old, former = copy(settings), settings.music
    if name and file is None and former is None:
        raise Refused(_("Choose a file, or record one, to go with this name."), field="music_name")
    settings.music_enabled = enabled
    if file is not None:
        settings.music = add_sound(customer=customer, name=name, purpose=Sound.Purpose.MUSIC, file=file, now=now)
    changes = differences(old, settings, FIELDS)
    if file is None and former is not None:
        changes |= rename(former, plain_name(name))
    if changes or settings.music != former:
        save(settings, user=user, changes=changes)
    if former is not None and settings.music != former:
        discard(former)
    return settings


@transaction.atomic
def use_default_tune(*, user: User, customer: Customer, music: Sound) -> CompanySettings:
    """Play the built-in tune instead of `music`, which goes; Refused when it is no longer what is set."""
    settings = locked_settings(customer, None)
    if settings.music is None or settings.music != music:
        raise Refused(_("Somebody changed the music meanwhile. Look again."))
    old, former = copy(settings), settings.music
    settings.music = None
    save(settings, user=user, changes=differences(old, settings, FIELDS))
    discard(former)
    return settings


def locked_settings(customer: Customer, version: int | None) -> CompanySettings:
    """The customer's settings, locked; the customer first, as every act does that needs both."""
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    pk = CompanySettings.for_customer(customer).values_list("pk", flat=True).get()
    return CompanySettings.locked(pk, version)


def rename(music: Sound, name: str) -> dict[str, list[str]]:
    """Call the music `name`, unless that is empty or its name already; what changed."""
    if name in ("", music.name):
        return {}
    changes = {str(_("Music Name")): [music.name, name]}
    music.name = name
    music.save(update_fields=["name"])
    return changes


def save(settings: CompanySettings, *, user: User, changes: dict[str, list[str]]) -> None:
    """Save the settings as a new version and write down what changed."""
    settings.version += 1
    settings.save(update_fields=["music_enabled", "music", "version"])
    AuditEvent.write(user=user, action="edit", record=settings, changes=changes)
