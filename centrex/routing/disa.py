"""Calling outside through a line: who may, and which change of its settings makes it easier."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from centrex.routing.features import Disa, Effective


class Refusal(StrEnum):
    """Why DISA does not serve a caller; the words for it belong to the page."""

    OFF = "disa_off"
    LOCKED = "disa_locked"
    CALLER = "disa_caller"
    TOO_LONG = "disa_too_long"
    CAP = "disa_cap"


def is_locked(values: Disa, failures: int) -> bool:
    """Whether so many wrong PINs in a row have locked it; an owner unlocks it on its page."""
    return failures >= values.lock_after


def cap_of(values: Disa) -> Decimal | None:
    """What calls through the line may cost on one day, None without a limit."""
    return Decimal(values.daily_cap) if values.daily_cap else None


def loosened(before: Effective[Disa], after: Effective[Disa]) -> bool:
    """Whether a thief has it easier afterwards: it is on now, and was off, or guarded better."""
    if not after.enabled:
        return False
    if not before.enabled:
        return True
    old, new = before.values, after.values
    return (
        new.pin_hash != old.pin_hash
        or is_wider(new.numbers, old.numbers)
        or is_wider(new.callers, old.callers)
        or (old.obey_barring and not new.obey_barring)
        or new.retries > old.retries
        or new.lock_after > old.lock_after
        or is_higher(cap_of(new), cap_of(old))
    )


def is_wider(new: tuple[str, ...], old: tuple[str, ...]) -> bool:
    """Whether a list has more on it; an empty one is everybody."""
    return new != old and (not new or (bool(old) and not set(new) <= set(old)))


def is_higher(new: Decimal | None, old: Decimal | None) -> bool:
    """Whether a limit is higher, or gone."""
    return old is not None and (new is None or new > old)
