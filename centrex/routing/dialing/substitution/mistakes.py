"""What can be wrong with a custom rule, and where."""

from __future__ import annotations

from enum import StrEnum


class Fault(StrEnum):
    """Kinds of mistakes; the words for them belong to the page."""

    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    NO_SUBSTITUTION = "no_substitution"
    NOT_CLOSED = "not_closed"
    FLAG = "flag"
    SEMICOLON = "semicolon"
    NO_SUCH_GROUP = "no_such_group"
    CHARACTER = "character"
    NOT_SUPPORTED = "not_supported"
    NOTHING_TO_REPEAT = "nothing_to_repeat"
    REPEATS_EMPTY = "repeats_empty"
    BAD_COUNT = "bad_count"
    BRACKET = "bracket"
    BAD_RANGE = "bad_range"
    TOO_DEEP = "too_deep"
    TOO_BIG = "too_big"


class Mistake(ValueError):
    """A custom rule that cannot be understood: `fault` at `position`, counted from 0 in the text of the rule."""

    def __init__(self, fault: Fault, position: int) -> None:
        super().__init__(f"{fault} at {position}")
        self.fault = fault
        self.position = position
