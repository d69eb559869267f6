"""The machine that matches: all ways at once, each character read once, so that time is linear in the number.

Ken Thompson's construction with Rob Pike's captures (Russ Cox, "Regular Expression Matching: the Virtual Machine
Approach", 2009). Of several matches it gives the one that Perl would: the leftmost, and there the one preferred by
the order of alternatives and by greed.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from centrex.routing.dialing.substitution.mistakes import Fault, Mistake
from centrex.routing.dialing.substitution.pattern import UNLIMITED, Choice, Edge, Group, Node, OneOf, Repeat, Row

BIGGEST = 600  # instructions of one pattern
MOST_STEPS = 100_000  # for one number through the whole rule; well under 0.1 s

Slots = tuple[int, ...]


class TooMuchWork(ValueError):
    """A rule took more steps than a dialled number is worth."""


@dataclass(slots=True)
class Budget:
    """Counts steps down, over all substitutions of a rule; a clock would answer differently on a busy machine."""

    left: int = MOST_STEPS

    def spend(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise TooMuchWork


@dataclass(frozen=True, slots=True)
class Take:
    """Read one of these characters."""

    characters: frozenset[str]


@dataclass(frozen=True, slots=True)
class Split:
    """Go on at each of these, the first preferred."""

    ways: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """Note the place in a slot."""

    slot: int


@dataclass(frozen=True, slots=True)
class Match:
    """The pattern has matched."""


Instruction = Take | Split | Mark | Edge | Match


@dataclass(slots=True)
class Program:
    """A compiled pattern; slots 0 and 1 are the ends of the match, 2n and 2n+1 those of group n."""

    groups: int
    code: list[Instruction] = field(default_factory=list)

    def add(self, instruction: Instruction, begins_at: int) -> int:
        if len(self.code) >= BIGGEST:
            raise Mistake(Fault.TOO_BIG, begins_at)
        self.code.append(instruction)
        return len(self.code) - 1


def compile_pattern(node: Node, *, groups: int, begins_at: int) -> Program:
    """The program for a pattern; Mistake at `begins_at` when it would be too big."""
    program = Program(groups)
    add(program, Group(node, 0), begins_at)
    program.add(Match(), begins_at)
    return program


def add(program: Program, node: Node, begins_at: int) -> None:
    """Append the instructions of a part."""
    if isinstance(node, OneOf):
        program.add(Take(node.characters), begins_at)
    elif isinstance(node, Edge):
        program.add(node, begins_at)
    elif isinstance(node, Row):
        for part in node.parts:
            add(program, part, begins_at)
    elif isinstance(node, Choice):
        add_choice(program, node, begins_at)
    elif isinstance(node, Repeat):
        add_repeat(program, node, begins_at)
    else:
        program.add(Mark(2 * node.number), begins_at)
        add(program, node.part, begins_at)
        program.add(Mark(2 * node.number + 1), begins_at)


def add_choice(program: Program, node: Choice, begins_at: int) -> None:
    split = program.add(Split(()), begins_at)
    ways, ends = [], []
    for alternative in node.alternatives:
        ways.append(len(program.code))
        add(program, alternative, begins_at)
        ends.append(program.add(Split(()), begins_at))
    program.code[split] = Split(tuple(ways))
    for end in ends:
        program.code[end] = Split((len(program.code),))


def add_repeat(program: Program, node: Repeat, begins_at: int) -> None:
    for _time in range(node.low):
        add(program, node.part, begins_at)
    if node.high == UNLIMITED:
        split = program.add(Split(()), begins_at)
        add(program, node.part, begins_at)
        program.add(Split((split,)), begins_at)
        program.code[split] = either(split + 1, len(program.code), lazy=node.lazy)
        return
    splits = []
    for _time in range(node.high - node.low):
        splits.append(program.add(Split(()), begins_at))
        add(program, node.part, begins_at)
    for split in splits:
        program.code[split] = either(split + 1, len(program.code), lazy=node.lazy)


def either(inside: int, behind: int, *, lazy: bool) -> Split:
    return Split((behind, inside) if lazy else (inside, behind))


@dataclass(slots=True)
class Front:
    """The ways that are still open at one place of the number, the preferred first."""

    program: Program
    text: str
    at: int
    budget: Budget
    ways: list[tuple[int, Slots]] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)

    def open(self, start: int, slots: Slots) -> None:
        """Open a way at instruction `start` and all it splits into; a place already reached is not worth a second."""
        waiting = [(start, slots)]
        while waiting:
            place, slots = waiting.pop()
            if place in self.seen:
                continue
            self.seen.add(place)
            self.budget.spend()
            instruction = self.program.code[place]
            if isinstance(instruction, Split):
                waiting += [(way, slots) for way in reversed(instruction.ways)]
            elif isinstance(instruction, Mark):
                waiting.append((place + 1, noted(slots, instruction.slot, self.at)))
            elif isinstance(instruction, Edge):
                if self.at == (0 if instruction.at_start else len(self.text)):
                    waiting.append((place + 1, slots))
            else:
                self.ways.append((place, slots))


def noted(slots: Slots, slot: int, at: int) -> Slots:
    return (*slots[:slot], at, *slots[slot + 1 :])


def search(program: Program, text: str, start: int, budget: Budget) -> Slots | None:
    """The first match in `text` at or after `start`: where it and its groups begin and end, -1 for an unused group."""
    nothing = (-1,) * (2 * program.groups + 2)
    found: Slots | None = None
    front = Front(program, text, start, budget)
    for at in range(start, len(text) + 1):
        if found is None:
            front.open(0, nothing)
        ahead = Front(program, text, at + 1, budget)
        for place, slots in front.ways:
            instruction = program.code[place]
            if isinstance(instruction, Match):
                found = slots
                break  # the ways behind this one are less preferred
            if isinstance(instruction, Take) and at < len(text) and text[at] in instruction.characters:
                ahead.open(place + 1, slots)
        front = ahead
        if found is not None and not front.ways:
            break
    return found
