"""Which leading digits belong to landlines, mobiles or a country alone, from the world's numbering plans.

The facts are those of the `phonenumbers` metadata (ITU-T E.164 and the national plans): for each region and
kind of number a pattern of digits. A pattern is read into a small automaton, so that it can be asked whether
any number of a kind begins with given digits; a prefix is taken only if no number of another kind does.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata, country_code_for_region

LANDLINE = ("fixed_line", "voip")
MOBILE = ("mobile",)
SPECIAL = ("premium_rate", "shared_cost", "toll_free", "personal_number", "pager")

# Deep enough for every plan that has separate ranges at all; below it, they are sold number by number.
_DEEPEST = 6
_MOST_PREFIXES = 6000
_EVERYTHING = LANDLINE + MOBILE + SPECIAL
_DIGITS = "0123456789"

States = frozenset[int]


@dataclass(slots=True)
class DigitPattern:
    """A pattern of digits (alternatives, classes, bounded repeats) as an automaton without dead ends."""

    _arrows: list[tuple[str, int] | None] = field(default_factory=list)
    _jumps: list[list[int]] = field(default_factory=list)
    start: States = frozenset()

    @classmethod
    def of(cls, patterns: Iterable[str]) -> "DigitPattern":
        """Read the patterns as alternatives; without any, nothing matches."""
        automaton = cls()
        starts: list[int] = []
        for pattern in patterns:
            first = automaton._state()
            _Reader(automaton, pattern).alternatives(first)
            starts.append(first)
        automaton.start = automaton._closure(starts)
        return automaton

    def after(self, states: States, digit: str) -> States:
        """Return where the automaton stands after one more digit; nowhere if no number goes on like that."""
        arrows = (self._arrows[state] for state in states)
        return self._closure([arrow[1] for arrow in arrows if arrow and digit in arrow[0]])

    def _state(self) -> int:
        self._arrows.append(None)
        self._jumps.append([])
        return len(self._arrows) - 1

    def _closure(self, states: list[int]) -> States:
        seen, waiting = set(states), list(states)
        while waiting:
            for target in self._jumps[waiting.pop()]:
                if target not in seen:
                    seen.add(target)
                    waiting.append(target)
        return frozenset(seen)


class _Reader:
    """Reads one pattern; each method adds states after a given one and returns the last."""

    def __init__(self, automaton: DigitPattern, pattern: str) -> None:
        self.automaton = automaton
        self.pattern = pattern
        self.at = 0

    def alternatives(self, before: int) -> int:
        after = self.automaton._state()
        while True:
            first = self.automaton._state()
            self.automaton._jumps[before].append(first)
            self.automaton._jumps[self._sequence(first)].append(after)
            if self._next() != "|":
                return after
            self.at += 1

    def _sequence(self, before: int) -> int:
        while self._next() not in ("|", ")", ""):
            before = self._repeated(before)
        return before

    def _repeated(self, before: int) -> int:
        """Read an atom once to learn how often it comes, then again for each repeat."""
        begin = self.at
        self._atom(self.automaton._state())
        atom_end = self.at
        least, most = self._count()
        end = self.at
        optional: list[int] = []
        for turn in range(most):
            if turn >= least:
                optional.append(before)
            self.at = begin
            before = self._atom(before)
        if self.at not in (atom_end, begin):
            raise ValueError(f"cannot read the pattern {self.pattern!r}")
        for state in optional:
            self.automaton._jumps[state].append(before)
        self.at = end
        return before

    def _count(self) -> tuple[int, int]:
        if self._next() == "?":
            self.at += 1
            return 0, 1
        if self._next() != "{":
            return 1, 1
        close = self.pattern.index("}", self.at)
        least, _, most = self.pattern[self.at + 1 : close].partition(",")
        self.at = close + 1
        return int(least), int(most or least)

    def _atom(self, before: int) -> int:
        if self.pattern.startswith("(?:", self.at):
            self.at += 3
            after = self.alternatives(before)
            self.at += 1
            return after
        digits = self._digit_class()
        arrow, after = self.automaton._state(), self.automaton._state()
        self.automaton._jumps[before].append(arrow)
        self.automaton._arrows[arrow] = (digits, after)
        return after

    def _digit_class(self) -> str:
        if self.pattern.startswith(r"\d", self.at):
            self.at += 2
            return _DIGITS
        if self._next() == "[":
            close = self.pattern.index("]", self.at)
            inside, self.at = self.pattern[self.at + 1 : close], close + 1
            return _expand(inside)
        if self._next() in _DIGITS and self._next():
            self.at += 1
            return self.pattern[self.at - 1]
        raise ValueError(f"cannot read the pattern {self.pattern!r} at {self.at}")

    def _next(self) -> str:
        return self.pattern[self.at : self.at + 1]


def _expand(inside: str) -> str:
    """Expand the inside of a class: "02-5" is "02345"."""
    digits = ""
    for index, char in enumerate(inside):
        if char == "-":
            digits += "".join(map(str, range(int(inside[index - 1]) + 1, int(inside[index + 1]))))
        else:
            digits += char
    return digits


def separate(wanted: DigitPattern, others: DigitPattern) -> tuple[str, ...]:
    """Return the shortest prefixes under which there are wanted numbers and no others, in order.

    What cannot be told apart within six digits is left out; so is everything if it takes too many prefixes.
    """
    known: dict[tuple[States, States, int], tuple[str, ...]] = {}

    def below(want: States, other: States, depth: int) -> tuple[str, ...]:
        if not want or (other and depth == _DEEPEST):
            return ()
        if not other:
            return ("",)
        if (want, other, depth) not in known:
            known[want, other, depth] = tuple(
                digit + rest
                for digit in _DIGITS
                for rest in below(wanted.after(want, digit), others.after(other, digit), depth + 1)
            )
        return known[want, other, depth]

    prefixes = below(wanted.start, others.start, 0)
    return prefixes if len(prefixes) <= _MOST_PREFIXES else ()


@cache
def prefixes_of(region: str, kinds: tuple[str, ...]) -> tuple[str, ...]:
    """Return the E.164 prefixes under which a region (ISO 3166 alpha-2) has numbers of these kinds alone.

    Numbers of other kinds and of other regions with the same country code are kept out. Empty if the region
    is unknown or its kinds cannot be told apart.
    """
    code = country_code_for_region(region)
    if not code:
        return ()
    others = [*_patterns(region, set(_EVERYTHING) - set(kinds)), *_foreign_patterns(region, code)]
    found = separate(DigitPattern.of(_patterns(region, kinds)), DigitPattern.of(others))
    return tuple(f"{code}{prefix}" for prefix in found)


def _foreign_patterns(region: str, code: int) -> list[str]:
    """Return the patterns of the other regions with the same country code.

    A dependency whose pattern merely repeats the main country's (Åland's mobiles are Finland's) has no
    numbers of its own there.
    """
    main, *_ = regions = COUNTRY_CODE_TO_REGION_CODE[code]
    own = set(_patterns(region, _EVERYTHING)) if region == main else set()
    neighbours = [other for other in regions if other != region]
    return [pattern for other in neighbours for pattern in _patterns(other, _EVERYTHING) if pattern not in own]


@cache
def region_of(prefix: str) -> str:
    """Return the region (ISO 3166 alpha-2) all numbers under a prefix belong to, "" if none or many do."""
    for length in (1, 2, 3):
        regions = COUNTRY_CODE_TO_REGION_CODE.get(int(prefix[:length] or 0), ())
        if regions and len(prefix) >= length:
            owners = [region for region in regions if _begins(region, prefix[length:])]
            found = regions if len(regions) == 1 else owners
            return found[0] if len(found) == 1 and found[0] != "001" else ""
    return ""


@cache
def _plan(region: str) -> DigitPattern:
    return DigitPattern.of(_patterns(region, LANDLINE + MOBILE))


def _begins(region: str, digits: str) -> bool:
    plan = _plan(region)
    states = plan.start
    for digit in digits:
        states = plan.after(states, digit)
    return bool(states)


def _patterns(region: str, kinds: Iterable[str]) -> list[str]:
    plan = PhoneMetadata.metadata_for_region(region)
    kept = (getattr(plan, kind, None) for kind in kinds)
    return [desc.national_number_pattern for desc in kept if desc and desc.national_number_pattern]
