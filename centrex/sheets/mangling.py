"""What a spreadsheet program does to digits that it takes for a number, and how to undo it where that is safe."""

from __future__ import annotations

import re
from decimal import Decimal

WITH_DECIMALS = re.compile(r"([0-9]+)[.,]0+", re.ASCII)
SHORTENED = re.compile(r"([0-9])(?:[.,]([0-9]+))?[eE]\+?([0-9]{1,2})", re.ASCII)


def is_shortened(text: str) -> bool:
    """Whether digits were lost, as in 4,93023E+11."""
    return SHORTENED.fullmatch(text) is not None


def undone(text: str, current: str, *, length: int | None = None) -> str:
    """`text` as it was before: without decimals (201.0), and as `current` where it is what is left of that.

    `length` is how many digits there must be: only then are zeros that went missing certain.
    """
    decimals = WITH_DECIMALS.fullmatch(text)
    text = decimals[1] if decimals else text
    if not re.fullmatch(r"[0-9]+", current, re.ASCII):
        return text
    if is_shortened(text) and rounds_to(current, text):
        return current
    if length and len(text) < length == len(current) and text.zfill(length) == current:
        return current
    return text


def rounds_to(current: str, shortened: str) -> bool:
    """Whether the digits `current` look like `shortened` when they are shortened."""
    match = SHORTENED.fullmatch(shortened)
    if match is None:
        return False
    first, rest, exponent = match[1], match[2] or "", int(match[3])
    step = Decimal(10) ** (exponent - len(rest))
    return abs(Decimal(current) - Decimal(first + rest) * step) * 2 <= step
