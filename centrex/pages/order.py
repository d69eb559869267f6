"""Lists whose rows people put into order: what the arrows of a row do."""

from __future__ import annotations


def swapped(keys: list[str], key: str, step: int) -> list[str]:
    """The keys with `key` moved one place up (-1) or down (1), if there is room."""
    here = keys.index(key)
    there = here + step
    if 0 <= there < len(keys):
        keys[here], keys[there] = keys[there], keys[here]
    return keys
