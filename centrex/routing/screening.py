"""Who may not reach us: the first question about a call from outside, before any rule of a line."""

from __future__ import annotations

from collections.abc import Collection

from centrex.routing.dialing.emergency import EVERYWHERE, emergency_numbers

# What stands in place of the number when a caller hides it: nothing, the user part of RFC 3323's anonymous URI, and
# what switches write of their own accord.
HIDDEN = frozenset({"", "anonymous", "private", "restricted", "unavailable", "unknown"})


def is_blocked(caller: str, blocked: Collection[str]) -> bool:
    """Whether a call from `caller` (E.164, with or without plus) is refused; an empty text blocks hidden numbers."""
    return plain(caller) in blocked


def is_hidden(caller: str) -> bool:
    """Whether the caller has hidden his number."""
    return not plain(caller)


def plain(caller: str) -> str:
    """`caller` as blocked callers are kept: E.164 without the plus, empty for a hidden number."""
    number = caller.strip().removeprefix("+")
    return "" if number.lower() in HIDDEN else number


def is_emergency(number: str, country: str) -> bool:
    """Whether `number` calls for help in `country` (ISO 3166 alpha-2, or ""), from where help also calls back."""
    return number in EVERYWHERE or number in emergency_numbers(country)
