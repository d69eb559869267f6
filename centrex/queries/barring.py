"""The ITSP's classes of numbers, and which of them a change would open to a line."""

from __future__ import annotations

from typing import Any

from centrex.models import BarringClass
from centrex.routing import plan
from centrex.routing.features import Effective


def barring_classes() -> list[BarringClass]:
    """All classes, by name."""
    return list(BarringClass.objects.order_by("name"))


def as_class(row: BarringClass) -> plan.BarringClass:
    """A class as the engine takes it."""
    return plan.BarringClass(
        id=row.pk,
        name=row.name,
        patterns=tuple(row.patterns.split()),
        matching=row.matching == BarringClass.Matching.MATCHES,
        barred_by_default=row.barred_by_default,
    )


def opened(before: Effective[Any], after: Effective[Any]) -> list[BarringClass]:
    """The dangerous classes that were barred and no longer are."""
    return [
        row
        for row in barring_classes()
        if row.dangerous and as_class(row).is_barred_by(before) and not as_class(row).is_barred_by(after)
    ]
