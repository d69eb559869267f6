"""Whether values from JSON are those of a feature."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, get_args, get_origin, get_type_hints

from centrex.routing.features import Feature


def mistakes_in(feature: type[Feature], values: Mapping[str, Any]) -> list[str]:
    """The names of values that the feature does not have, or whose type is not the field's."""
    types = get_type_hints(feature)
    known = {field.name for field in fields(feature)}
    return [name for name, value in values.items() if name not in known or not fits_type(value, types[name])]


def fits_type(value: Any, wanted: Any) -> bool:
    """Whether a value from JSON is of a field's type; a list is a tuple of its items, and a truth is no number."""
    if get_origin(wanted) is tuple:
        return isinstance(value, list | tuple) and all(fits_type(item, get_args(wanted)[0]) for item in value)
    kinds = get_args(wanted) or (wanted,)
    return any(type(value) is kind for kind in kinds)
