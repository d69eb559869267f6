"""Taking a sound in, within the limits of size and room, and letting it go with all its files."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

import structlog
from django.conf import settings
from django.core.files.storage import Storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models.fields.files import FieldFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from centrex.models import Sound
from centrex.queries.sounds import bytes_used, is_used
from centrex.sounds.kinds import recognise
from selfcare.errors import Refused
from selfcare.models import Customer

log = structlog.get_logger(__name__)

FILES = ("original", "wav_8k", "wav_16k")
NAME_LENGTH = 100


@transaction.atomic
def add_sound(
    *, customer: Customer, name: str, purpose: Sound.Purpose, file: UploadedFile[Any], now: datetime
) -> Sound:
    """Take `file` in, to be converted by a job; Refused at `file` when it is no sound, too large, or finds no room.

    Without a `name` the sound is called like the file. The act that puts it to use writes it down.
    """
    refuse_unfit(file)
    # Two uploads at once must not share the same room. "no key": rows that point at the customer are still written.
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    size = file.size or 0
    if bytes_used(customer) + size > settings.SOUND_QUOTA_BYTES:
        most = filesizeformat(settings.SOUND_QUOTA_BYTES)
        raise Refused(_("Your sounds take all of your %(most)s. Remove one first.") % {"most": most}, field="file")
    sound = Sound(
        customer=customer,
        name=plain_name(name) or plain_name(stem(file.name or "")) or str(purpose.label),
        purpose=purpose,
        bytes=size,
        uploaded_at=now,
    )
    try:
        sound.original.save("", file, save=False)
        sound.save()
    except OSError as error:
        log.exception("sound_not_stored", customer=customer.pk)
        forget(files_of(sound))
        raise Refused(_("The file could not be stored just now. Please try again later."), field="file") from error
    except Exception:
        forget(files_of(sound))
        raise
    return sound


def refuse_unfit(file: UploadedFile[Any]) -> None:
    """Refused at `file` unless its bytes are those of a sound, and not too many."""
    size = file.size or 0
    if size > settings.SOUND_MAX_BYTES:
        most = filesizeformat(settings.SOUND_MAX_BYTES)
        raise Refused(_("This file is too large. A sound may have at most %(most)s.") % {"most": most}, field="file")
    if not size:
        raise Refused(_("This file is empty."), field="file")
    if recognise(file) is None:  # type: ignore[arg-type]  # an upload reads like any open file
        raise Refused(
            _("This is not a sound that we can use, or it is damaged. Choose a WAV, MP3, OGG or M4A file."),
            field="file",
        )


def discard(sound: Sound) -> None:
    """Delete a sound that nothing plays any more, its files once that is certain; inside the caller's transaction."""
    if is_used(sound):
        return
    files = files_of(sound)
    sound.delete()
    transaction.on_commit(partial(forget, files))


def files_of(sound: Sound, fields: Iterable[str] = FILES) -> list[tuple[Storage, str]]:
    """Where the files of `sound` lie."""
    found: list[FieldFile] = [getattr(sound, field) for field in fields]
    return [(file.storage, file.name) for file in found if file.name]


def forget(files: Iterable[tuple[Storage, str]]) -> None:
    """Remove files; one that cannot be removed now is a matter for the log, not for the person."""
    for storage, name in files:
        try:
            storage.delete(name)
        except OSError:
            log.exception("sound_file_left_behind", name=name)


def stem(file_name: str) -> str:
    """The name that a person gave a file, without folders and ending."""
    last = file_name.replace("\\", "/").rpartition("/")[2]
    return last.rpartition(".")[0] or last


def plain_name(text: str) -> str:
    """`text` on one line, without marks that cannot be seen."""
    seen = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in text)
    return " ".join(seen.split())[:NAME_LENGTH]
