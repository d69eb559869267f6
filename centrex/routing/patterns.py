"""Patterns of numbers, as the ITSP's barring classes and the customers' number lists have them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

PATTERN = re.compile(r"[0-9x_]*%?", re.IGNORECASE)
LONGEST = 20


def is_pattern(text: str) -> bool:
    """Digits, "x" or "_" for exactly one digit, and at the end "%" for any further digits; not empty."""
    return bool(text) and len(text) <= LONGEST and PATTERN.fullmatch(text) is not None


def matches(pattern: str, number: str) -> bool:
    """Whether `number` (E.164 without the plus) is one that `pattern` describes."""
    return compiled(pattern).fullmatch(number) is not None


def match_any(patterns: Iterable[str], number: str) -> str | None:
    """The first of `patterns` that describes `number`."""
    return next((pattern for pattern in patterns if matches(pattern, number)), None)


@lru_cache(maxsize=4096)
def compiled(pattern: str) -> re.Pattern[str]:
    """One digit for each place and a run at the end: linear, whatever a person types."""
    digits = pattern.rstrip("%").lower().replace("x", "[0-9]").replace("_", "[0-9]")
    return re.compile(digits + ("[0-9]*" if pattern.endswith("%") else ""))
