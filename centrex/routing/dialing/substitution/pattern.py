"""Reading the pattern of a substitution: the part of Perl's regular expressions that telephone numbers need.

Digits, + * #, any of them by `.`, `\\d`, `\\D`, sets such as `[2-9]` and `[^01]`, the ends `^` and `$`, groups `( )`
and `(?: )`, alternatives `|`, and the repetitions `* + ? {2} {2,} {2,5}`, lazy with a `?` behind.
"""

from __future__ import annotations

from dataclasses import dataclass

from centrex.routing.dialing.substitution.mistakes import Fault, Mistake

DIGITS = frozenset("0123456789")
DIALLABLE = DIGITS | frozenset("+*#")
DEEPEST = 20
MOST_REPEATS = 64
UNLIMITED = -1


@dataclass(frozen=True, slots=True)
class OneOf:
    """One character out of a set."""

    characters: frozenset[str]


@dataclass(frozen=True, slots=True)
class Edge:
    """The beginning or the end of the number; takes no character."""

    at_start: bool


@dataclass(frozen=True, slots=True)
class Row:
    """Parts one after the other; none: nothing at all."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """The first alternative that leads to a match."""

    alternatives: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part `low` to `high` times, as often as possible or, if lazy, as seldom."""

    part: Node
    low: int
    high: int
    lazy: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A part whose text the replacement may use; groups are counted from 1 by their opening bracket."""

    part: Node
    number: int


Node = OneOf | Edge | Row | Choice | Repeat | Group


class Reader:
    """Reads one pattern; positions in mistakes count from the beginning of the whole rule."""

    def __init__(self, text: str, begins_at: int) -> None:
        self.text, self.begins_at = text, begins_at
        self.at, self.depth, self.groups = 0, 0, 0

    def read(self) -> Node:
        """The whole pattern."""
        node = self.choice()
        if self.at < len(self.text):  # only a bracket that nobody opened ends a choice
            raise self.mistake(Fault.BRACKET)
        return node

    def mistake(self, fault: Fault, at: int | None = None) -> Mistake:
        return Mistake(fault, self.begins_at + (self.at if at is None else at))

    def coming(self, text: str) -> bool:
        return self.text.startswith(text, self.at)

    def take(self, text: str) -> bool:
        """Whether `text` comes next; it is then passed."""
        if not self.coming(text):
            return False
        self.at += len(text)
        return True

    def choice(self) -> Node:
        alternatives = [self.row()]
        while self.take("|"):
            alternatives.append(self.row())
        return alternatives[0] if len(alternatives) == 1 else Choice(tuple(alternatives))

    def row(self) -> Node:
        parts = []
        while self.at < len(self.text) and self.text[self.at] not in "|)":
            parts.append(self.repeated())
        return parts[0] if len(parts) == 1 else Row(tuple(parts))

    def repeated(self) -> Node:
        begin = self.at
        part = self.part()
        counted_at = self.at
        count = self.count()
        if count is None:
            return part
        if isinstance(part, Edge):
            raise self.mistake(Fault.NOTHING_TO_REPEAT, counted_at)
        if can_be_empty(part):
            raise self.mistake(Fault.REPEATS_EMPTY, begin)
        lazy = self.take("?")
        if self.at < len(self.text) and self.text[self.at] in "*+?{":
            raise self.mistake(Fault.NOT_SUPPORTED)
        return Repeat(part, *count, lazy)

    def count(self) -> tuple[int, int] | None:
        """How often the part before is repeated, if that is said here."""
        for sign, low, high in (("*", 0, UNLIMITED), ("+", 1, UNLIMITED), ("?", 0, 1)):
            if self.take(sign):
                return low, high
        begin = self.at
        if not self.take("{"):
            return None
        low_digits = self.number()
        high_digits = self.number() if (is_range := self.take(",")) else low_digits
        if not low_digits or not self.take("}"):
            raise self.mistake(Fault.BAD_COUNT, begin)
        low = int(low_digits)
        high = int(high_digits) if high_digits else UNLIMITED
        if max(low, high) > MOST_REPEATS or (is_range and high != UNLIMITED and high < low):
            raise self.mistake(Fault.BAD_COUNT, begin)
        return low, high

    def number(self) -> str:
        """The digits that come next, at most three."""
        begin = self.at
        while self.at < len(self.text) and self.text[self.at] in DIGITS and self.at - begin < 3:
            self.at += 1
        return self.text[begin : self.at]

    def part(self) -> Node:
        begin, sign = self.at, self.text[self.at]
        if sign == "(":
            return self.bracket()
        if sign == "[":
            return OneOf(self.set())
        self.at += 1
        if sign in "^$":
            return Edge(at_start=sign == "^")
        if sign == ".":
            return OneOf(DIALLABLE)
        if sign == "\\":
            return OneOf(self.escaped())
        if sign in "*+?{":
            raise self.mistake(Fault.NOTHING_TO_REPEAT, begin)
        if sign not in DIALLABLE:
            raise self.mistake(Fault.CHARACTER, begin)
        return OneOf(frozenset(sign))

    def bracket(self) -> Node:
        begin = self.at
        is_group = not self.take("(?:")
        if is_group:
            self.take("(")
            if self.coming("?") or self.coming("*"):
                raise self.mistake(Fault.NOT_SUPPORTED, begin)
            self.groups += 1
        number = self.groups
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.mistake(Fault.TOO_DEEP, begin)
        inner = self.choice()
        self.depth -= 1
        if not self.take(")"):
            raise self.mistake(Fault.BRACKET, begin)
        return Group(inner, number) if is_group else inner

    def escaped(self) -> frozenset[str]:
        """What stands behind a backslash, which is passed."""
        sign = self.text[self.at : self.at + 1]
        self.at += 1
        if sign == "d":
            return DIGITS
        if sign == "D":
            return DIALLABLE - DIGITS
        if not sign or sign.isalnum():
            raise self.mistake(Fault.NOT_SUPPORTED, self.at - 2)
        if sign not in DIALLABLE:
            raise self.mistake(Fault.CHARACTER, self.at - 2)
        return frozenset(sign)

    def set(self) -> frozenset[str]:
        begin = self.at
        self.take("[")
        is_negated = self.take("^")
        characters: frozenset[str] = frozenset()
        while not self.coming("]"):
            if self.at >= len(self.text):
                raise self.mistake(Fault.BRACKET, begin)
            characters |= self.set_part()
        self.take("]")
        found = DIALLABLE - characters if is_negated else characters
        if not found:
            raise self.mistake(Fault.CHARACTER, begin)
        return found

    def set_part(self) -> frozenset[str]:
        """One character of a set, or a range of digits such as 2-9."""
        begin = self.at
        first = self.text[self.at]
        self.at += 1
        if first == "\\":
            return self.escaped()
        if first not in DIALLABLE:
            raise self.mistake(Fault.CHARACTER, begin)
        if not self.take("-"):
            return frozenset(first)
        last = self.text[self.at : self.at + 1]
        self.at += 1
        if first not in DIGITS or last not in DIGITS or last < first:  # an empty `last` is in no set
            raise self.mistake(Fault.BAD_RANGE, begin)
        return frozenset(digit for digit in DIGITS if first <= digit <= last)


def can_be_empty(node: Node) -> bool:
    """Whether a part can match without taking a character; repeating it would get nowhere."""
    if isinstance(node, OneOf):
        return False
    if isinstance(node, Row):
        return all(can_be_empty(part) for part in node.parts)
    if isinstance(node, Choice):
        return any(can_be_empty(part) for part in node.alternatives)
    if isinstance(node, Repeat):
        return node.low == 0 or can_be_empty(node.part)
    return isinstance(node, Edge) or can_be_empty(node.part)
