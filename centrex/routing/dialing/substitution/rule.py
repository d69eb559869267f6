"""A custom rule: a list of substitutions such as `s/^0(\\d+)/49$1/; s/^9//;`, carried out one after the other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from centrex.routing.dialing.substitution.engine import Budget, Program, Slots, TooMuchWork, compile_pattern, search
from centrex.routing.dialing.substitution.mistakes import Fault, Mistake
from centrex.routing.dialing.substitution.pattern import DIALLABLE, Reader, can_be_empty

LONGEST_RULE = 1000
MOST_SUBSTITUTIONS = 50
LONGEST_RESULT = 64
DELIMITERS = "/!~,@"
GROUP = re.compile(r"\$([0-9]+)|\$\{([0-9]+)\}|\\([0-9])|(\$&)")
SPACE = re.compile(r"\s*")


@dataclass(frozen=True, slots=True)
class Substitution:
    """One substitution; `replacement` has texts and, as numbers, groups of the match (0: all of it)."""

    program: Program
    replacement: tuple[str | int, ...]
    everywhere: bool

    def apply(self, text: str, budget: Budget) -> str:
        """`text` with the first match replaced, or with each of them."""
        result, copied = "", 0
        while (found := search(self.program, text, copied, budget)) is not None:
            result += text[copied : found[0]] + self.filled(text, found)
            copied = found[1]
            if not self.everywhere:
                break
        return result + text[copied:]

    def filled(self, text: str, found: Slots) -> str:
        """The replacement for one match; a group that took no part is empty."""
        return "".join(
            part if isinstance(part, str) else text[max(found[2 * part], 0) : max(found[2 * part + 1], 0)]
            for part in self.replacement
        )


def substitute(rule: str, number: str) -> str:
    """What the custom rule makes of `number`; Mistake when it cannot be understood, TooMuchWork when it does too much.

    A rule has at most 1,000 characters and 50 substitutions; what comes out has at most 64 characters.
    """
    budget = Budget()
    for substitution in parsed(rule):
        number = substitution.apply(number, budget)
        if len(number) > LONGEST_RESULT:
            raise TooMuchWork
    return number


@lru_cache(maxsize=500)
def parsed(rule: str) -> tuple[Substitution, ...]:
    """The substitutions of a rule; Mistake with its place when it cannot be understood."""
    if len(rule) > LONGEST_RULE:
        raise Mistake(Fault.TOO_LONG, LONGEST_RULE)
    found: list[Substitution] = []
    at = after_space(rule, 0)
    while at < len(rule):
        if len(found) == MOST_SUBSTITUTIONS:
            raise Mistake(Fault.TOO_MANY, at)
        substitution, at = one(rule, at)
        found.append(substitution)
        at = after_space(rule, at)
        if at < len(rule) and rule[at] != ";":
            raise Mistake(Fault.SEMICOLON, at)
        at = after_space(rule, at + 1)
    return tuple(found)


def after_space(rule: str, at: int) -> int:
    found = SPACE.match(rule, at)
    return found.end() if found else at


def one(rule: str, at: int) -> tuple[Substitution, int]:
    """The substitution that begins at `at`, and where it ends."""
    if rule[at] != "s" or rule[at + 1 : at + 2] not in tuple(DELIMITERS):
        raise Mistake(Fault.NO_SUBSTITUTION, at)
    pattern_at = at + 2
    pattern, replacement_at = until(rule, pattern_at, rule[at + 1])
    replacement, flags_at = until(rule, replacement_at, rule[at + 1])
    everywhere, end = flags(rule, flags_at)
    reader = Reader(pattern, pattern_at)
    node = reader.read()
    if everywhere and can_be_empty(node):
        raise Mistake(Fault.REPEATS_EMPTY, pattern_at)
    program = compile_pattern(node, groups=reader.groups, begins_at=pattern_at)
    return Substitution(program, parts(replacement, reader.groups, replacement_at), everywhere), end


def until(rule: str, begin: int, delimiter: str) -> tuple[str, int]:
    """The text up to the delimiter that no backslash precedes, and where what follows it begins."""
    at = begin
    while at < len(rule) and rule[at] != delimiter:
        at += 2 if rule[at] == "\\" else 1
    if at >= len(rule):
        raise Mistake(Fault.NOT_CLOSED, begin - 1)
    return rule[begin:at], at + 1


def flags(rule: str, at: int) -> tuple[bool, int]:
    """Whether the flag g (each match) is given, and where the flags end; there is no other flag."""
    everywhere = rule[at : at + 1] == "g"
    at += everywhere
    if rule[at : at + 1].isalnum():
        raise Mistake(Fault.FLAG, at)
    return everywhere, at


def parts(replacement: str, groups: int, begins_at: int) -> tuple[str | int, ...]:
    """Texts and groups of a replacement; groups are written $1, ${1} or \\1, and $& is the whole match."""
    found: list[str | int] = []
    at = 0
    while at < len(replacement):
        if reference := GROUP.match(replacement, at):
            number = int(reference[1] or reference[2] or reference[3] or 0)
            is_whole = reference[4] is not None
            if not is_whole and not 1 <= number <= groups:
                raise Mistake(Fault.NO_SUCH_GROUP, begins_at + at)
            found.append(number)
            at = reference.end()
        elif replacement[at] in DIALLABLE:
            found.append(replacement[at])
            at += 1
        else:
            raise Mistake(Fault.CHARACTER, begins_at + at)
    return tuple(found)
