"""A finding, and the links to where it is mended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

from selfcare.errors import Link


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence, and the page that mends it, at the form field with the id `field`.

    `about` are the ids of the records that it is about: with the check's name they tell it from every other finding.
    """

    words: str
    link: Link
    about: tuple[int, ...]
    field: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One question to the set-up, with all that was found; nothing found is well."""

    name: str
    title: Promise
    advice: Promise
    findings: tuple[Finding, ...]

    def key(self, finding: Finding) -> str:
        """What a finding is remembered by."""
        return key_of(self.name, finding.about)


def key_of(check: str, about: Iterable[int]) -> str:
    """A check's name and the ids of what it found, in any order."""
    return ":".join([check, *map(str, sorted(set(about)))])


def line_link(line: int, words: str, page: str = "centrex:line") -> Link:
    """To one of a line's pages."""
    return Link(words, "centrex:lines", page, (line,))
