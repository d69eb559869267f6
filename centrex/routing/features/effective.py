"""Where a line gets a feature from: of the places that say something, the nearest, or the one that locks it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Generic, TypeVar

from centrex.routing.features.kinds import Feature

AnyFeature = TypeVar("AnyFeature", bound=Feature)


class Source(StrEnum):
    """The place that a value comes from, nearest first."""

    LINE = "line"
    SITE = "site"
    COMPANY = "company"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Said:
    """What one place says of a feature; `locked` by the ITSP, it keeps every place below from differing."""

    source: Source
    enabled: bool
    values: Mapping[str, Any]
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Effective(Generic[AnyFeature]):
    """What counts for a line: whether the feature is on, its values, where they come from, who locked them."""

    enabled: bool
    values: AnyFeature
    source: Source
    locked_by: Source | None = None


def effective(feature: type[AnyFeature], said: Sequence[Said]) -> Effective[AnyFeature]:
    """What counts, given what the places say, nearest first; a place that locks outranks those nearer."""
    farthest_lock = next((place for place in reversed(said) if place.locked), None)
    place = farthest_lock or (said[0] if said else None)
    if place is None:
        return Effective(feature.ENABLED_BY_DEFAULT, feature(), Source.DEFAULT)
    values = of_mapping(feature, place.values)
    return Effective(place.enabled, values, place.source, farthest_lock.source if farthest_lock else None)


def of_mapping(feature: type[AnyFeature], values: Mapping[str, Any]) -> AnyFeature:
    """The feature with these values; what is not named has its default, and names it no longer has are left out."""
    known = {field.name for field in fields(feature)}
    taken = {
        name: tuple(value) if isinstance(value, list) else value for name, value in values.items() if name in known
    }
    return feature(**taken)
