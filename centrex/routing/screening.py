"""Who may not reach us: the first question about a call from outside, before any rule of a line."""

from __future__ import annotations

from collections.abc import Collection

from phonenumbers import shortnumberinfo

# What stands in place of the number when a caller hides it: nothing, the user part of RFC 3323's anonymous URI, and
# what switches write of their own accord.
HIDDEN = frozenset({"", "anonymous", "private", "restricted", "unavailable", "unknown"})
# What every phone takes for an emergency call wherever it is: 3GPP TS 22.101, section 10.1.
EMERGENCY_EVERYWHERE = frozenset({"112", "911"})


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
    if number in EMERGENCY_EVERYWHERE:
        return True
    return country in shortnumberinfo.SUPPORTED_SHORT_REGIONS and shortnumberinfo.is_emergency_number(number, country)
