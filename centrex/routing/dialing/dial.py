"""From what was dialled to the number that is meant."""

from __future__ import annotations

import re
from collections.abc import Callable

from centrex.routing.dialing.rules import DialingRules, Dialled, Kind, Outcome, Reason, Step, is_e164
from centrex.routing.dialing.substitution.engine import TooMuchWork
from centrex.routing.dialing.substitution.mistakes import Mistake
from centrex.routing.dialing.substitution.rule import substitute

LONGEST_DIALLED = 64
# What people write between digits: spaces (also the unbreakable ones of a copied number), brackets, hyphens.
BETWEEN = re.compile(r"[\s()./\-\u2010-\u2014\u2212]+")
DIGITS = re.compile(r"[0-9]+")

Internal = Callable[[str], str | None]


def nobody(code: str) -> str | None:
    """An office without numbers of its own."""
    return None


def dial(rules: DialingRules, dialled: str, internal: Internal = nobody) -> Dialled:
    """What `dialled` means to an office with these `rules`.

    `internal` is the office's number space: the target of a code, or the empty text for a code that is dialled as it
    is, or None for no code. The steps are asked in this order, the first that applies decides:

    1. A plus: the rest is E.164, whatever the rules say. 2. A number of the office. 3. An exception, unchanged.
    Rules that are off take the digits as E.164; a custom rule rewrites them. 4. At a PBX the outside prefix, which
    must be there and is taken away; exceptions count behind it as well, as whoever is used to it dials it before an
    emergency number, too. 5. International prefix. 6. Long-distance prefix. 7. A local number: default area code.
    8. A number with area code. 9. Not recognised. Of 5 and 6 the longer prefix wins.

    Where countries need more than those nine: a local or national number may have one of several lengths (Germany,
    Italy). A prefix decides for good: a number of impossible length behind it is refused, never taken for a local
    one. After a prefix a carrier code is accepted, and abroad asked for, where the plan has them (Brazil). Between
    6 and 7, numbers that the whole country dials without prefix (Australia's 13 and 1800). In 8, a number that
    begins with one of the office's own area codes counts even where the area code may be left out (neighbouring
    areas of a 7-digit plan); and plans without any prefix (Spain, Italy, the Czech Republic) live on 8 alone, as
    their digits are the E.164 number, the 0 of an Italian area code included.
    """
    number = BETWEEN.sub("", dialled)
    refusal = why_not_diallable(number)
    if refusal is not None:
        return invalid(Step.TYPED, refusal)
    if number.startswith("+"):
        return abroad(number[1:], Step.PLUS)
    target = internal(number)
    if target is not None:
        return Dialled(Outcome.INTERNAL, target or number, Step.INTERNAL)
    if rules.is_exception(number):
        return Dialled(Outcome.UNCHANGED, number, Step.EXCEPTION)
    if not DIGITS.fullmatch(number):
        return invalid(Step.TYPED, Reason.CHARACTERS)
    if not rules.enabled:
        return abroad(number, Step.OFF)
    return rewritten(rules, number) if rules.kind is Kind.CUSTOM else outside(rules, number)


def why_not_diallable(number: str) -> Reason | None:
    """Why no phone could dial `number`, or None."""
    if not number:
        return Reason.EMPTY
    if len(number) > LONGEST_DIALLED:
        return Reason.TOO_LONG
    return None if re.fullmatch(r"\+?[0-9*#]+", number) else Reason.CHARACTERS


def invalid(step: Step, reason: Reason) -> Dialled:
    """Leads nowhere."""
    return Dialled(Outcome.INVALID, "", step, reason)


def abroad(digits: str, step: Step, reason: Reason = Reason.NOT_E164) -> Dialled:
    """The international number `digits`, or invalid for `reason` when they cannot be one."""
    return Dialled(Outcome.E164, digits, step) if is_e164(digits) else invalid(step, reason)


def rewritten(rules: DialingRules, number: str) -> Dialled:
    """What a custom rule makes of `number`; an exception that comes out of it stays what it is."""
    try:
        result = substitute(rules.custom, number).removeprefix("+")
    except TooMuchWork:
        return invalid(Step.CUSTOM, Reason.CUSTOM_WORK)
    except Mistake:
        return invalid(Step.CUSTOM, Reason.CUSTOM_MISTAKE)
    if rules.is_exception(result):
        return Dialled(Outcome.UNCHANGED, result, Step.EXCEPTION)
    return abroad(result, Step.CUSTOM, Reason.CUSTOM_RESULT)


def outside(rules: DialingRules, number: str) -> Dialled:
    """Step 4, and what follows behind the outside prefix."""
    if not number.startswith(rules.outside):
        return invalid(Step.OUTSIDE, Reason.NO_OUTSIDE_PREFIX)
    number = number[len(rules.outside) :]
    if not number:
        return invalid(Step.OUTSIDE, Reason.NOT_RECOGNISED)
    if rules.is_exception(number):
        return Dialled(Outcome.UNCHANGED, number, Step.EXCEPTION)
    return prefixed(rules, number) or unprefixed(rules, number)


def prefixed(rules: DialingRules, number: str) -> Dialled | None:
    """Steps 5 and 6: None for a number without prefix."""
    far = [(prefix, international) for prefix in rules.international_prefixes if prefix]
    near = [(rules.long_distance_prefix, long_distance)] if rules.long_distance_prefix else []
    for prefix, decide in sorted([*far, *near], key=lambda pair: len(pair[0]), reverse=True):
        if number.startswith(prefix):
            return decide(rules, number[len(prefix) :])
    return None


def international(rules: DialingRules, rest: str) -> Dialled:
    """Step 5: what follows the international prefix, behind the carrier code where the plan asks for one."""
    if rules.carrier_codes:
        carrier = chosen_carrier(rules, rest)
        if not carrier:
            return invalid(Step.INTERNATIONAL, Reason.NO_CARRIER)
        rest = rest[len(carrier) :]
    return abroad(rest, Step.INTERNATIONAL)


def long_distance(rules: DialingRules, rest: str) -> Dialled:
    """Step 6: what follows the long-distance prefix; its length tells whether a carrier code comes first."""
    if not rules.is_national(rest):
        rest = rest[len(chosen_carrier(rules, rest)) :]
    if not rules.is_national(rest):
        return invalid(Step.LONG_DISTANCE, Reason.LENGTH)
    return abroad(rules.country_code + rest, Step.LONG_DISTANCE, Reason.LENGTH)


def chosen_carrier(rules: DialingRules, rest: str) -> str:
    """The longest carrier code that `rest` begins with, or the empty text."""
    return max((code for code in rules.carrier_codes if rest.startswith(code)), key=len, default="")


def unprefixed(rules: DialingRules, number: str) -> Dialled:
    """Steps 7 to 9, and before them the numbers that the whole country dials without prefix."""
    if rules.is_nationwide(number):
        return abroad(rules.country_code + number, Step.NATIONWIDE, Reason.LENGTH)
    is_short = not rules.always_area and len(number) in rules.local_lengths
    if is_short and rules.area_codes and not number.startswith("0"):
        return abroad(rules.country_code + rules.area_codes[0] + number, Step.LOCAL, Reason.LENGTH)
    is_ours = rules.always_area or number.startswith(rules.area_codes)
    if is_ours and rules.national_lengths and rules.is_national(number):
        return abroad(rules.country_code + number, Step.NATIONAL, Reason.LENGTH)
    return invalid(Step.NOT_RECOGNISED, Reason.NOT_RECOGNISED)
