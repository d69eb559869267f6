"""Which PINs a thief would try first."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

SHORTEST, LONGEST = 6, 12
UP, DOWN = "01234567890123456789", "98765432109876543210"


class Weakness(StrEnum):
    """Why a PIN is refused; the words for it belong to the page."""

    DIGITS = "digits"
    LENGTH = "length"
    REPEATED = "repeated"
    SEQUENCE = "sequence"
    OWN_NUMBER = "own_number"


def weakness_of(pin: str, own: Iterable[str]) -> Weakness | None:
    """What is wrong with `pin`, None when nothing is; `own` are the numbers of the line, known to whoever calls it."""
    if not (pin.isascii() and pin.isdecimal()):
        return Weakness.DIGITS
    if not SHORTEST <= len(pin) <= LONGEST:
        return Weakness.LENGTH
    if is_repeated(pin):
        return Weakness.REPEATED
    if pin in UP or pin in DOWN:
        return Weakness.SEQUENCE
    if any(pin in number or (len(number) >= SHORTEST and number in pin) for number in own if number):
        return Weakness.OWN_NUMBER
    return None


def is_repeated(pin: str) -> bool:
    """Whether the PIN is one to three digits over and over, such as 777777, 121212 or 123123."""
    return any(pin == (pin[:size] * len(pin))[: len(pin)] for size in (1, 2, 3))
