"""The one door through which messages come into a box. Programs run before the transaction: it stays short."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from centrex import faxes
from centrex.models import BoxMessage, Line
from centrex.operations.boxes.notices import tell_by_mail
from centrex.operations.sounds.keeping import forget, plain_name
from centrex.queries.boxes import room_of
from centrex.queries.features import effective_of
from centrex.routing.features import Fax, Feature, Voicemail
from centrex.sounds.convert import CannotConvertError, convert, to_mp3
from centrex.sounds.kinds import recognise
from selfcare.errors import Refused

RATE = 8000  # samples a second: what a telephone carries
LONGEST = 3600  # seconds
MOST_BYTES = 64 * 1024 * 1024  # an hour as telephones record it
WAV, MP3, PDF = "audio/wav", "audio/mpeg", "application/pdf"
FEATURES: dict[str, type[Feature]] = {BoxMessage.Kind.VOICE: Voicemail, BoxMessage.Kind.FAX: Fax}


@dataclass(frozen=True, slots=True)
class Made:
    """A message as the box keeps it: its file, of a fax the TIFF where it is wanted, and how long it is."""

    content_type: str
    data: bytes
    tiff: bytes = b""
    seconds: int | None = None
    pages: int | None = None

    @property
    def bytes(self) -> int:
        return len(self.data) + len(self.tiff)


def store_message(
    *, line: Line, kind: str, uid: str, caller: str, name: str, received_at: datetime, data: bytes, now: datetime
) -> BoxMessage:
    """Take a message into the box of `line`, and write about it as the line's settings say.

    `kind` is a BoxMessage.Kind; `data` a sound (WAV, MP3, OGG, M4A) or the TIFF of a fax. The same `uid` twice is one
    message. Refused, with nothing stored, when the box is off or full, or the file cannot be read; NoConverterError
    when this machine cannot convert, so that it can be tried again.
    """
    existing = BoxMessage.objects.filter(line=line, uid=uid).first()
    if existing is not None:
        return existing
    settings = effective_of(line, FEATURES[kind])
    if not settings.enabled:
        raise Refused(_("This line takes no messages of this kind."))
    if len(data) > MOST_BYTES:
        raise Refused(_("The file is damaged, or too long."))
    refuse_full(line, 1)
    made = made_of(kind, data, settings.values)
    message = BoxMessage(
        customer=line.customer,
        line=line,
        kind=kind,
        uid=uid,
        caller=plain_name(caller)[:64],
        name=plain_name(name),
        received_at=min(received_at, now),  # the clock of another machine may be ahead
        seconds=made.seconds,
        pages=made.pages,
        bytes=made.bytes,
        content_type=made.content_type,
    )
    return put(message, made, settings.values)


@transaction.atomic
def put(message: BoxMessage, made: Made, settings: Feature) -> BoxMessage:
    """Store what was made; two messages at once wait for each other here, so that they cannot share the same room."""
    line = Line.locked(message.line_id, None)
    existing = BoxMessage.objects.filter(line=line, uid=message.uid).first()
    if existing is not None:
        return existing
    refuse_full(line, made.bytes)
    try:
        message.file.save("", ContentFile(made.data), save=False)
        if made.tiff:
            message.tiff.save("", ContentFile(made.tiff), save=False)
        message.save()
        tell_by_mail(message, settings)
    except Exception:
        forget([(file.storage, file.name) for file in (message.file, message.tiff) if file.name])
        raise
    return message


def refuse_full(line: Line, size: int) -> None:
    """Refused when the box has no room for so many bytes."""
    room = room_of(line)
    if room.used + size > room.limit:
        raise Refused(_("The box is full: %(room)s are taken.") % {"room": room})


def made_of(kind: str, data: bytes, settings: Feature) -> Made:
    """The file as it is kept; Refused when it is no sound or no fax."""
    try:
        if isinstance(settings, Fax):
            return made_of_fax(data, settings)
        return made_of_sound(data, as_mp3=isinstance(settings, Voicemail) and settings.file_format == "mp3")
    except CannotConvertError as error:
        raise Refused(_("The file is damaged, or too long.")) from error


def made_of_sound(data: bytes, *, as_mp3: bool) -> Made:
    """A sound as telephones record it, or as MP3."""
    if recognise(BytesIO(data)) is None:
        raise Refused(_("This is not a sound that we can use, or it is damaged."))
    with TemporaryDirectory(prefix="selfcare-box-") as folder:
        given, wav, mp3 = (Path(folder) / each for each in ("given", "made.wav", "made.mp3"))
        given.write_bytes(data)
        seconds = ceil(convert(given, wav, RATE, longest=LONGEST))
        if not as_mp3:
            return Made(WAV, wav.read_bytes(), seconds=seconds)
        to_mp3(wav, mp3)
        return Made(MP3, mp3.read_bytes(), seconds=seconds)


def made_of_fax(data: bytes, settings: Fax) -> Made:
    """A fax as PDF, to be read in the portal, and its TIFF where that is the format of the line."""
    if not faxes.is_tiff(data):
        raise Refused(_("This is not a fax: it has to be a TIFF file."))
    pages = faxes.convert(data)
    return Made(PDF, pages.pdf, tiff=pages.tiff if settings.file_format == "tiff" else b"", pages=pages.count)
