"""Codes that can be dialled: none may be another, or the beginning of another."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable


class Codes:
    """Many codes at once, asked which of them is in another's way; one that comes twice is in its own."""

    def __init__(self, codes: Iterable[str]) -> None:
        self.counts = Counter(codes)
        self.in_order = sorted(self.counts)

    def clash(self, code: str) -> str | None:
        """A code that stands in the way of `code`, which is one of them."""
        if self.counts[code] > 1:
            return code
        for length in range(1, len(code)):
            if code[:length] in self.counts:
                return code[:length]
        place = bisect_right(self.in_order, code)
        after = self.in_order[place] if place < len(self.in_order) else ""
        return after if after.startswith(code) else None
