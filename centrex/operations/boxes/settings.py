"""What a line's voicemail and fax boxes do. The settings count as a part of the line, as those of any feature."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from centrex.models import Did, FeatureSetting, Line, Sound
from centrex.operations.features import Act, differences, save_or_inherit
from centrex.operations.sounds.keeping import add_sound, discard
from centrex.queries.sounds import GREETINGS
from centrex.routing.features import Effective, Fax, Voicemail
from centrex.routing.pins import weakness_of
from selfcare.errors import Refused
from selfcare.models import User

STANDARD = "standard"


@transaction.atomic
def set_voicemail(
    *,
    user: User,
    line: Line,
    version: int | None,
    values: Voicemail | None,
    enabled: bool,
    labels: Mapping[str, str],
    pin: str = "",
    needs_pin: bool = False,
    greetings: Mapping[str, UploadedFile[Any]],
    now: datetime,
) -> tuple[Line, list[int]]:
    """Give the line's box settings of its own, or what its company has (`values` None).

    `greetings` are uploads by their kind; `pin` replaces the one there is, and without `needs_pin` there is none. Gives
    the line and the ids of sounds to convert. Outdated and Refused as for `save_feature`; Refused at the field for a
    PIN that is easily guessed, a greeting without a sound, or mail without an address.
    """
    former = own_greetings(line)
    given: dict[str, Any] = {}
    if values is not None:
        values = replace(values, pin_hash=kept_pin(line, values, pin) if needs_pin else "")
        given = {kind: take_greeting(line, kind, file, now=now) for kind, file in greetings.items()}
        values = replace(values, **given)
        refuse_incomplete(values)
    act: Act = {"user": user, "line": line, "version": version, "labels": labels, "describe": greeting_differences}
    saved = save_or_inherit(feature=Voicemail, values=values, enabled=enabled, **act)
    kept = {getattr(values, kind) for kind in GREETINGS} if values else set()
    for sound in former:
        if sound.pk not in kept:
            discard(sound)
    return saved, list(given.values())


@transaction.atomic
def set_fax(
    *, user: User, line: Line, version: int | None, values: Fax | None, enabled: bool, labels: Mapping[str, str]
) -> Line:
    """Give the line's faxes settings of their own, or what its company has (`values` None); Refused without address."""
    if values is not None and values.action != "copy" and not values.email:
        raise Refused(_("Enter the address that the mail goes to."), field="email")
    act: Act = {"user": user, "line": line, "version": version, "labels": labels}
    return save_or_inherit(feature=Fax, values=values, enabled=enabled, **act)


def kept_pin(line: Line, values: Voicemail, pin: str) -> str:
    """The hash of the new PIN, or of the one that stays; Refused when there is none, or it is easily guessed."""
    if not pin:
        if not values.pin_hash:
            raise Refused(_("Choose a PIN of six digits."), field="pin")
        return values.pin_hash
    if weakness_of(pin, numbers_of(line)) is not None:
        raise Refused(
            _("Choose six digits that nobody guesses: no row such as 123456, no repetition, no part of your numbers."),
            field="pin",
        )
    return make_password(pin)


def numbers_of(line: Line) -> list[str]:
    """The numbers that a thief would try first: the line's own, its extension, its external numbers."""
    extension = getattr(line, "extension", None)
    external = Did.for_customer(line.customer).filter(line=line).values_list("number", flat=True)
    return [line.account_id, *([extension.number] if extension else []), *external]


def take_greeting(line: Line, kind: str, file: UploadedFile[Any], *, now: datetime) -> int:
    """Take the sound of a greeting in, to be converted by a job; Refused at its field."""
    try:
        sound = add_sound(customer=line.customer, name="", purpose=Sound.Purpose.PROMPT, file=file, now=now)
    except Refused as refusal:
        raise Refused(refusal.message, field=f"{kind}_file") from refusal
    return int(sound.pk)


def refuse_incomplete(values: Voicemail) -> None:
    """Refused for a greeting without a sound, and for mail without an address."""
    if values.greeting != STANDARD and values.greeting_sound is None:
        raise Refused(_("Upload or record this greeting first."), field=f"{values.greeting}_file")
    if values.email_option != "none" and not values.email:
        raise Refused(_("Enter the address that the mail goes to."), field="email")


def own_greetings(line: Line) -> list[Sound]:
    """The sounds that the line's own setting names."""
    row = FeatureSetting.objects.filter(line=line, name=Voicemail.NAME).first()
    named = [row.values.get(kind) for kind in GREETINGS] if row else []
    return list(Sound.for_customer(line.customer).filter(pk__in=[pk for pk in named if pk is not None]))


def greeting_differences(
    before: Effective[Any], after: Effective[Any], labels: Mapping[str, str]
) -> dict[str, list[str]]:
    """What changed; of a greeting's sound, whether there is one."""
    found = differences(before, after, labels)
    for kind in GREETINGS:
        label = labels.get(kind, kind)
        if label in found:
            old, new = getattr(before.values, kind), getattr(after.values, kind)
            found[label] = [_("Recorded") if old else "", (_("Recorded anew") if old else _("Recorded")) if new else ""]
    return found
