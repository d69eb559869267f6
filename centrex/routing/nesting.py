"""Huntgroups inside huntgroups, as plain numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def find_circle(start: int, includes: Mapping[int, Sequence[int]]) -> list[int]:
    """The shortest way from `start` back to itself, both ends given; empty when there is none.

    `includes` maps a group to those directly inside it. Circles that do not pass `start` are left alone.
    """
    came_from: dict[int, int] = {}
    waiting = [start]
    for group in waiting:  # grows while it is read: breadth first
        for inner in includes.get(group, ()):
            if inner == start:
                return [*way_to(group, came_from, start), start]
            if inner not in came_from:
                came_from[inner] = group
                waiting.append(inner)
    return []


def way_to(group: int, came_from: Mapping[int, int], start: int) -> list[int]:
    """From `start` down to `group`."""
    way = [group]
    while way[-1] != start:
        way.append(came_from[way[-1]])
    return way[::-1]


def inside(start: int, includes: Mapping[int, Sequence[int]]) -> list[int]:
    """`start` and every group that it includes, however deep, each once; a circle ends."""
    found = [start]
    for group in found:  # grows while it is read: breadth first
        found += [inner for inner in dict.fromkeys(includes.get(group, ())) if inner not in found]
    return found
