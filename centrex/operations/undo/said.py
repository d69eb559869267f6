"""What a place says of a feature, turned back value by value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, fields, replace
from typing import Any

from centrex.models import FeatureSetting
from centrex.routing.features import Feature, of_mapping
from selfcare.models import AuditEvent

# Whether it is on, and its values; None where the place says nothing.
Said = tuple[bool, dict[str, Any]] | None


def said_in(row: FeatureSetting | None) -> Said:
    """A row, or a kept state of one."""
    return (row.enabled, row.values) if row else None


def turned_back(feature: type[Feature], *, old: Said, new: Said, now: Said) -> Said:
    """`now` with what differs between `old` and `new` as it was; all of it where a place began or ceased to say it."""
    if old is None or new is None or now is None:
        return old
    was, became, present = (of_mapping(feature, values) for _enabled, values in (old, new, now))
    back = {name: getattr(was, name) for name in changed(was, became)}
    return (old[0] if old[0] != new[0] else now[0]), asdict(replace(present, **back))


def changed(old: Feature, new: Feature) -> Iterable[str]:
    """The names of the values that differ."""
    return [field.name for field in fields(old) if getattr(old, field.name) != getattr(new, field.name)]


def reversed_words(event: AuditEvent) -> dict[str, list[str]]:
    """What the event changed, the other way round."""
    return {label: [new, old] for label, (old, new) in event.changes.items()}
