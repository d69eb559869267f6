"""The dialing habits of an office, and the answer to what was dialled, as values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

ANY_DIGIT = "x"
SHORTEST, LONGEST = 7, 15  # digits of an E.164 number: ITU-T E.164 sets the longest, practice the shortest
E164 = re.compile(rf"[1-9][0-9]{{{SHORTEST - 1},{LONGEST - 1}}}")
NORTH_AMERICAN = re.compile(r"1[0-9]{10}")


class Kind(StrEnum):
    """Who dials: people at an office's phones, people at home, or whoever follows a rule of one's own."""

    PBX = "pbx"
    RESIDENTIAL = "residential"
    CUSTOM = "custom"


class Outcome(StrEnum):
    """What a dialled number turned out to be."""

    E164 = "e164"
    INTERNAL = "internal"
    UNCHANGED = "unchanged"
    INVALID = "invalid"


class Step(StrEnum):
    """The step of `dial` that decided, in the order in which they are asked."""

    TYPED = "typed"
    PLUS = "plus"
    INTERNAL = "internal"
    EXCEPTION = "exception"
    OFF = "off"
    CUSTOM = "custom"
    OUTSIDE = "outside"
    INTERNATIONAL = "international"
    LONG_DISTANCE = "long_distance"
    NATIONWIDE = "nationwide"
    LOCAL = "local"
    NATIONAL = "national"
    NOT_RECOGNISED = "not_recognised"


class Reason(StrEnum):
    """Why a dialled number leads nowhere; the words for it belong to the page."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    CHARACTERS = "characters"
    NOT_E164 = "not_e164"
    NO_OUTSIDE_PREFIX = "no_outside_prefix"
    NO_CARRIER = "no_carrier"
    LENGTH = "length"
    NOT_RECOGNISED = "not_recognised"
    CUSTOM_RESULT = "custom_result"
    CUSTOM_WORK = "custom_work"
    CUSTOM_MISTAKE = "custom_mistake"


@dataclass(frozen=True, slots=True)
class DialingRules:
    """An office's dialing habits; every prefix, code and pattern is a text of digits.

    `area_codes`: the first is put before a local number; a number that begins with any of them is known without
    the long-distance prefix. `local_lengths` and `national_lengths` count digits without and with the area code,
    never the long-distance prefix; no national lengths: any length. `carrier_codes` stand between prefix and number
    where the caller chooses the carrier (Brazil): may stand for long distance, must for abroad. `nationwide` are
    numbers dialled the same all over the country with no prefix (Australia's 13 numbers), `exceptions` are never
    rewritten; in both an "x" is any digit. `custom` is the text of a list of substitutions.
    """

    enabled: bool = False
    kind: Kind = Kind.PBX
    country_code: str = ""
    international_prefixes: tuple[str, ...] = ()
    area_codes: tuple[str, ...] = ()
    long_distance_prefix: str = ""
    always_area: bool = False
    outside_prefix: str = ""
    local_lengths: tuple[int, ...] = ()
    national_lengths: tuple[int, ...] = ()
    carrier_codes: tuple[str, ...] = ()
    nationwide: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    custom: str = ""
    translate_cli_out: bool = False
    translate_cli_in: bool = False
    translate_cld_in: bool = False

    @property
    def outside(self) -> str:
        """The prefix that leads outside; only an office's phones have one."""
        return self.outside_prefix if self.kind is Kind.PBX else ""

    def is_exception(self, number: str) -> bool:
        """Whether `number` is one that no rule rewrites."""
        return any(fits(pattern, number) for pattern in self.exceptions)

    def is_nationwide(self, number: str) -> bool:
        """Whether `number` is dialled the same, without a prefix, all over the country."""
        return any(fits(pattern, number) for pattern in self.nationwide)

    def is_national(self, number: str) -> bool:
        """Whether `number` can be a number of the country with its area code.

        Where a prefix leads to other areas no area code begins with 0: operators keep that digit for prefixes.
        """
        if number.startswith("0") and self.long_distance_prefix:
            return False
        return not self.national_lengths or len(number) in self.national_lengths


@dataclass(frozen=True, slots=True)
class Dialled:
    """What a dialled number means: `result` is E.164 digits without plus, the target inside, or the number as it is.

    `step` decided; `reason` says why an invalid one leads nowhere, and its `result` is empty.
    """

    outcome: Outcome
    result: str
    step: Step
    reason: Reason | None = None


def fits(pattern: str, number: str) -> bool:
    """Whether `number` is what `pattern` describes: the same digits, with "x" for any digit."""
    return len(pattern) == len(number) and all(
        wanted in (digit, ANY_DIGIT) for wanted, digit in zip(pattern, number, strict=True)
    )


def is_e164(digits: str) -> bool:
    """Whether `digits` can be an international number without its plus.

    ITU-T E.164: at most 15 digits, and no country code begins with 0. Numbers under country code 1 have 11 digits.
    """
    return bool((NORTH_AMERICAN if digits.startswith("1") else E164).fullmatch(digits))
