"""A list of members in one cell: "201; 203 (after 5 sec, for 20 sec)".

The words in brackets are given by the caller, in the reader's language: `{}` stands for a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

# Brackets keep what is between them together.
ENTRY = re.compile(r"(?:[^;,\n()]|\([^()]*\))+")
PARTS = re.compile(r"([^()]*?)\s*(?:\(([^()]*)\))?")


class NotUnderstood(Exception):
    """`part` of the cell is not written as such lists are."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


@dataclass(frozen=True, slots=True)
class Entry:
    """One member: its number, and its notes as name -> number (None where the words have none)."""

    number: str
    notes: Mapping[str, int | None] = field(default_factory=dict)


def entries(text: str, words: Mapping[str, Sequence[str]]) -> Iterator[Entry]:
    """The members of the cell in their order; `words`: name of a note -> the ways to write it. NotUnderstood else."""
    if ENTRY.sub("", text).strip(" ;,\n"):
        raise NotUnderstood(text)
    for part in (found.strip() for found in ENTRY.findall(text)):
        match = PARTS.fullmatch(part)
        if not part:
            continue
        if match is None or not match[1]:
            raise NotUnderstood(part)
        yield Entry(match[1].strip(), dict(note(each, words, part) for each in notes_of(match[2] or "")))


def notes_of(text: str) -> list[str]:
    return [each for each in (part.strip() for part in re.split("[,;]", text)) if each]


def note(text: str, words: Mapping[str, Sequence[str]], part: str) -> tuple[str, int | None]:
    """The note that `text` is."""
    for name, ways in words.items():
        for way in ways:
            match = re.fullmatch(pattern(way), " ".join(text.split()), re.IGNORECASE)
            if match:
                return name, int(match[1]) if match.groups() else None
    raise NotUnderstood(part)


def pattern(way: str) -> str:
    """A regular expression for one way to write a note; the unit behind the number may be another word, or missing."""
    before, brace, _after = way.partition("{}")
    if not brace:
        return re.escape(way)
    return rf"{re.escape(before.strip())}\s*([0-9]{{1,6}})\s*[^\W\d_]*\.?"


def written(members: Sequence[Entry], words: Mapping[str, Sequence[str]]) -> str:
    """The members as one cell, each note in the first of its ways."""
    return "; ".join(one(member, words) for member in members)


def one(member: Entry, words: Mapping[str, Sequence[str]]) -> str:
    notes = [words[name][0].replace("{}", str(number)) for name, number in member.notes.items()]
    return f"{member.number} ({', '.join(notes)})" if notes else member.number
