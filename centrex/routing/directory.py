"""Dial by name: a caller keys the first letters of a colleague's name, 2 for A, B or C, up to 9 for W, X, Y or Z.

The letters are those of ITU-T E.161. Accents are left out (Unicode's decomposition, NFKD), and letters that have none
to leave out are written with the plain ones that people take for them. German, Danish and Norwegian letters are found
by their second spelling as well: Müller as MUL and as MUE.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

SHORTEST = 3  # letters that are keyed; a shorter name is keyed whole
MOST_OFFERED = 9
KEYPAD = {
    letter: key
    for key, letters in {
        "2": "ABC", "3": "DEF", "4": "GHI", "5": "JKL", "6": "MNO", "7": "PQRS", "8": "TUV", "9": "WXYZ",
    }.items()
    for letter in letters
}  # fmt: skip
# Letters that Unicode does not decompose.
PLAIN = str.maketrans({
    "ß": "ss", "ẞ": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l",
    "đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "þ": "th", "Þ": "th", "ħ": "h", "Ħ": "h", "ı": "i", "ŋ": "n", "Ŋ": "n",
    "ŧ": "t", "Ŧ": "t", "ĸ": "k", "ƒ": "f", "ſ": "s",
})  # fmt: skip
# As they are written where a keyboard has no such letter; before PLAIN.
WIDE = str.maketrans({
    "ä": "ae", "Ä": "ae", "ö": "oe", "Ö": "oe", "ü": "ue", "Ü": "ue", "ø": "oe", "Ø": "oe", "å": "aa", "Å": "aa",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the directory: an extension's number and its name."""

    number: str
    name: str

    @property
    def names(self) -> tuple[str, str]:
        """Last and first name: "Alice Morgan", or "Morgan, Alice"; a single word is both."""
        last, comma, first = self.name.partition(",")
        if not comma:
            words = self.name.split()
            last, first = (words[-1], " ".join(words[:-1])) if words else ("", "")
        last, first = last.strip(), first.strip()
        return last, first or last


def find(people: Iterable[Person], digits: str, *, by: str) -> list[Person]:
    """Who is meant by the keyed `digits`, in the order of last names; `by` is "last", "first" or "both"."""
    found = (person for person in people if any(fits(digits, code) for code in codes_of(person, by)))
    return sorted(found, key=sorting)


def sorting(person: Person) -> tuple[str, str, str]:
    """By last name as it is read, then by first name, then by number."""
    last, first = person.names
    return letters_of(last), letters_of(first), person.number


def codes_of(person: Person, by: str) -> set[str]:
    """What may be keyed for a person, as far as a whole name."""
    last, first = (unicodedata.normalize("NFC", name) for name in person.names)
    wanted = {"last": (last,), "first": (first,)}.get(by, (last, first))
    spelled = {letters_of(spelling) for name in wanted for spelling in (name, name.translate(WIDE))}
    return {keyed(letters) for letters in spelled if letters}


def fits(digits: str, code: str) -> bool:
    """Whether enough was keyed, and all of it begins the name."""
    return len(digits) >= min(SHORTEST, len(code)) and code.startswith(digits)


def letters_of(name: str) -> str:
    """The plain letters A to Z of a name; a name in another alphabet has none."""
    plain = unicodedata.normalize("NFKD", name.translate(PLAIN))
    return "".join(letter for letter in plain.upper() if letter in KEYPAD)


def keyed(letters: str) -> str:
    """The keys for plain letters."""
    return "".join(KEYPAD[letter] for letter in letters)


def first_keys(person: Person, by: str) -> str:
    """What a caller keys for a person, usually; empty for a name that has no letters to key."""
    last, first = person.names
    letters = letters_of(first if by == "first" else last)
    return keyed(letters[:SHORTEST])


@dataclass(frozen=True, slots=True)
class Offer:
    """What the caller hears: `choices` are read as "press n for ...".

    `confirm`: there is one match, and it is asked about first; `more`: too many to read, more letters are wanted.
    """

    choices: tuple[tuple[str, Person], ...]
    confirm: bool = False
    more: bool = False

    @property
    def rings(self) -> Person | None:
        """Who is called without a question."""
        return self.choices[0][1] if len(self.choices) == 1 and not self.confirm and not self.more else None


def offer(found: list[Person], *, confirm: bool) -> Offer:
    """What is read out for the matches, in their order, with the keys 1 to 9."""
    choices = tuple((str(place), person) for place, person in enumerate(found[:MOST_OFFERED], start=1))
    return Offer(choices, confirm=confirm and len(found) == 1, more=len(found) > MOST_OFFERED)
