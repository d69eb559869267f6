"""What one phone line plays on hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from centrex.models import FeatureSetting, Line, Sound
from centrex.operations.features import Act, save_or_inherit, state_differences
from centrex.operations.sounds.keeping import discard
from centrex.queries.sounds import music_ready
from centrex.routing.features import Effective, Music
from selfcare.errors import Refused
from selfcare.models import User


@transaction.atomic
def set_line_music(
    *, user: User, line: Line, version: int | None, values: Music | None, enabled: bool, labels: Mapping[str, str]
) -> Line:
    """Let the line play a sound of its customer's or the default tune, or what its company plays (`values` None).

    Refused at `sound` for one that is not the customer's or not ready. A sound that nothing plays any more goes.
    """
    former = own_sound(line)
    if values is not None and values.sound is not None:
        refuse_lost_music(line, values.sound)
    act: Act = {"user": user, "line": line, "version": version, "labels": labels, "describe": music_differences}
    saved = save_or_inherit(feature=Music, values=values, enabled=enabled, **act)
    if former is not None and (values is None or former.pk != values.sound):
        discard(former)
    return saved


def refuse_lost_music(line: Line, sound: int) -> None:
    """Refused when the sound (id) is not the customer's, or not ready."""
    if not music_ready(line.customer).filter(pk=sound).exists():
        raise Refused(_("Somebody deleted this music meanwhile. Choose again."), field="sound")


def own_sound(line: Line) -> Sound | None:
    """The sound that the line's own setting names."""
    row = FeatureSetting.objects.filter(line=line, name=Music.NAME).first()
    music: Sound | None = Sound.for_customer(line.customer).filter(pk=row.values.get("sound")).first() if row else None
    return music


def music_differences(before: Effective[Any], after: Effective[Any], labels: Mapping[str, str]) -> dict[str, list[str]]:
    """What changed, with the names of the sounds."""
    found = state_differences(before, after, labels)
    old, new = before.values.sound, after.values.sound
    if old != new:
        found[labels["sound"]] = [named(old), named(new)]
    return found


def named(sound: int | None) -> str:
    """A sound by its name."""
    if sound is None:
        return _("Default tune")
    return Sound.objects.filter(pk=sound).values_list("name", flat=True).first() or ""
