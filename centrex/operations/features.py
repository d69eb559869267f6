"""A line's own settings of features: set, or given up so that it inherits again.

The settings of a line count as a part of it: they lock its row and are versions and history of the line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from typing import Any, NotRequired, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from centrex.models import FeatureSetting, Line
from centrex.queries.features import SOURCES, effective_of
from centrex.routing.features import Effective, Feature, Source
from selfcare.errors import Refused
from selfcare.models import AuditEvent, User

# Values that the history must not repeat.
SECRET = frozenset({"pin", "pin_hash"})


# The changes between two states of a feature, label -> [old, new]; where a value is an id, an act brings its own.
Describe = Callable[[Effective[Any], Effective[Any], Mapping[str, str]], dict[str, list[str]]]


class Act(TypedDict):
    """What every act on a feature of a line is told."""

    user: User
    line: Line
    version: int | None
    labels: Mapping[str, str]
    describe: NotRequired[Describe]


def differences(before: Effective[Any], after: Effective[Any], labels: Mapping[str, str]) -> dict[str, list[str]]:
    """What differs between two states of a feature: label -> [old, new], in words."""
    pairs = {
        labels.get(field.name, field.name): (
            field.name,
            getattr(before.values, field.name),
            getattr(after.values, field.name),
        )
        for field in fields(after.values)
    }
    found = {
        label: [in_words(name, old), in_words(name, new)] for label, (name, old, new) in pairs.items() if old != new
    }
    return found | state_differences(before, after, labels)


def state_differences(before: Effective[Any], after: Effective[Any], labels: Mapping[str, str]) -> dict[str, list[str]]:
    """Whether the feature was switched on or off, or has another source now."""
    found = {}
    for name, old, new in (("enabled", before.enabled, after.enabled), ("source", before.source, after.source)):
        if old != new:
            found[labels.get(name, name)] = [in_words(name, old), in_words(name, new)]
    return found


@transaction.atomic
def save_feature(
    *,
    user: User,
    line: Line,
    version: int | None,
    values: Feature,
    enabled: bool,
    labels: Mapping[str, str],
    describe: Describe = differences,
) -> Line:
    """Make `values` the line's own setting of their feature; `labels` name them in the history.

    Outdated when somebody saved the line since `version`; Refused where the ITSP has locked the feature.
    """
    current = Line.locked(line.pk, line.version if version is None else version)
    before = unlocked(current, type(values))
    row, _is_new = FeatureSetting.objects.get_or_create(
        line=current, name=values.NAME, defaults={"customer_id": current.customer_id}
    )
    row.enabled, row.values = enabled, asdict(values)
    row.save()
    after = effective_of(current, type(values))
    return counted(user=user, line=current, changes=describe(before, after, labels))


@transaction.atomic
def inherit_feature(
    *,
    user: User,
    line: Line,
    version: int | None,
    feature: type[Feature],
    labels: Mapping[str, str],
    describe: Describe = differences,
) -> Line:
    """Give the line's own setting up: what its site, its company or the default says counts again."""
    current = Line.locked(line.pk, line.version if version is None else version)
    before = unlocked(current, feature)
    FeatureSetting.objects.filter(line=current, name=feature.NAME).delete()
    return counted(user=user, line=current, changes=describe(before, effective_of(current, feature), labels))


def save_or_inherit(*, feature: type[Feature], values: Feature | None, enabled: bool, **act: Unpack[Act]) -> Line:
    """Make `values` the line's own setting of `feature`, or give its own setting up (None)."""
    if values is None:
        return inherit_feature(feature=feature, **act)
    return save_feature(values=values, enabled=enabled, **act)


def unlocked(line: Line, feature: type[Feature]) -> Effective[Any]:
    """What counts now; Refused where the ITSP keeps it."""
    before = effective_of(line, feature)
    if before.locked_by is not None:
        raise Refused(_("Your telephone company keeps this setting."))
    return before


def counted(*, user: User, line: Line, changes: dict[str, list[str]]) -> Line:
    """Write down what counts differently now, as a version of the line; nothing when nothing does."""
    if not changes:
        return line
    line.version += 1
    line.save(update_fields=["version"])
    AuditEvent.write(user=user, action="edit", record=line, changes=changes)
    return line


def in_words(name: str, value: Any) -> str:
    """A value as a person would say it; a secret only says that it is one."""
    if name in SECRET:
        return "••••" if value else ""
    if isinstance(value, Source):
        return str(SOURCES[value])
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
