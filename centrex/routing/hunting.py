"""How a huntgroup rings: who in the end, in which order, and from when till when."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

HuntSequence = Literal["order", "random", "simultaneous", "least_used"]
NEVER_USED = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Member:
    """An extension (its id) as one group rings it; times in seconds, `ring_time` None rings without end."""

    extension: int
    ring_delay: int = 0
    ring_time: int | None = None
    ignore_forwarding: bool = True


@dataclass(frozen=True, slots=True)
class Inclusion:
    """A group (its id) inside a group; `ignore_forwarding` holds for all that it rings."""

    group: int
    ignore_forwarding: bool = True


@dataclass(frozen=True, slots=True)
class Ring:
    """A phone rings from `start` till `end`, in seconds from when the group was called; `end` None: without end.

    `start` None: only if the phones before it are busy or switched off, because one of them rings without end.
    """

    member: Member
    start: int | None
    end: int | None


def flatten(
    group: int, members: Mapping[int, Sequence[Member]], includes: Mapping[int, Sequence[Inclusion]]
) -> list[Member]:
    """Whom a call to `group` rings in the end: its own extensions, then those of the groups inside it, and inside them.

    Each extension comes once, as the first group on the way has it; a circle of groups ends where it began.
    """
    found: dict[int, Member] = {}
    for inner, ignore in groups_inside(group, includes):
        for member in members.get(inner, ()):
            if member.extension not in found:
                found[member.extension] = replace(member, ignore_forwarding=ignore or member.ignore_forwarding)
    return list(found.values())


def groups_inside(group: int, includes: Mapping[int, Sequence[Inclusion]]) -> Iterator[tuple[int, bool]]:
    """`group` and all groups inside it in the order of ringing, each once, and whether the way ignores forwarding."""
    seen = set()
    waiting = [(group, False)]
    while waiting:
        current, ignore = waiting.pop()
        if current in seen:
            continue
        seen.add(current)
        yield current, ignore
        inner = [(each.group, ignore or each.ignore_forwarding) for each in includes.get(current, ())]
        waiting += reversed(inner)


def in_order_of_ringing(
    members: Sequence[Member],
    sequence: HuntSequence,
    *,
    seed: int = 0,
    last_used: Mapping[int, datetime] | None = None,
) -> list[Member]:
    """The members in the order in which they ring; for "simultaneous" and "order" that of the list.

    "random" is mixed by `seed`, so that a call can be told again. "least_used" begins with the extension whose line
    was used longest ago by `last_used` (by extension id; who is not in it was never used); equals keep their order.
    """
    if sequence == "random":
        mixed = list(members)
        random.Random(seed).shuffle(mixed)  # noqa: S311  # a lot, not a secret
        return mixed
    if sequence == "least_used":
        used = last_used or {}
        return sorted(members, key=lambda member: used.get(member.extension, NEVER_USED))
    return list(members)


def timetable(ordered: Sequence[Member], sequence: HuntSequence) -> list[Ring]:
    """When each phone rings as long as nobody answers: all from the beginning, or one after the other.

    A ring delay counts from when the phone's turn begins: of "simultaneous" that is the call's beginning.
    """
    if sequence == "simultaneous":
        return [Ring(member, member.ring_delay, ends(member.ring_delay, member)) for member in ordered]
    rings: list[Ring] = []
    turn: int | None = 0
    for member in ordered:
        start = None if turn is None else turn + member.ring_delay
        turn = None if start is None else ends(start, member)
        rings.append(Ring(member, start, turn))
    return rings


def ends(start: int, member: Member) -> int | None:
    """When a member that begins to ring at `start` stops."""
    return None if member.ring_time is None else start + member.ring_time
