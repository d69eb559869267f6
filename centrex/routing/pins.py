"""PINs that thieves of telephone time try first."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

LENGTH = 6  # a million; boxes with four digits are opened by trying
FEWEST_DIGITS = 3
UP, DOWN = "01234567890", "09876543210"


class Weakness(StrEnum):
    """Why a PIN is easily guessed."""

    NO_PIN = "no_pin"
    REPEATED = "repeated"
    SEQUENCE = "sequence"
    NUMBER = "number"


def weakness_of(pin: str, numbers: Iterable[str]) -> Weakness | None:
    """Why `pin` is not to be had; None when it is. `numbers` are those that others know its owner by."""
    if not (pin.isascii() and pin.isdecimal() and len(pin) == LENGTH):
        return Weakness.NO_PIN
    half, third = pin[: LENGTH // 2], pin[: LENGTH // 3]
    if len(set(pin)) < FEWEST_DIGITS or pin in (half * 2, third * 3):
        return Weakness.REPEATED
    if pin in UP or pin in DOWN:
        return Weakness.SEQUENCE
    if any(number and (pin in number or number in pin) for number in numbers):
        return Weakness.NUMBER
    return None
