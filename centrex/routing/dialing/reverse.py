"""From a number to how people would dial it."""

from __future__ import annotations

from collections.abc import Iterator

from centrex.routing.dialing.dial import Internal, dial, nobody
from centrex.routing.dialing.rules import DialingRules, Kind, Outcome


def reverse(rules: DialingRules, e164: str, internal: Internal = nobody) -> str:
    """How an office with these `rules` dials the number `e164` (digits without plus), the shortest usual way.

    What it answers always leads back: `dial` of it is `e164`. So where no way of the rules does, which is so for
    most custom rules, it is the number with a plus, as that is understood whatever the rules are.
    """
    for way in ways(rules, e164):
        meant = dial(rules, way, internal)
        if meant.outcome is Outcome.E164 and meant.result == e164:
            return way
    return f"+{e164}"


def ways(rules: DialingRules, e164: str) -> Iterator[str]:
    """What people might dial, the shortest first; some of it may mean something else."""
    if not rules.enabled or rules.kind is Kind.CUSTOM:
        yield e164
        return
    if rules.country_code and e164.startswith(rules.country_code):
        for number in ways_inside(rules, e164.removeprefix(rules.country_code)):
            yield rules.outside + number
    carrier = rules.carrier_codes[0] if rules.carrier_codes else ""
    for prefix in rules.international_prefixes[:1]:
        yield rules.outside + prefix + carrier + e164


def ways_inside(rules: DialingRules, number: str) -> Iterator[str]:
    """What people might dial for a national number in its own country.

    Where a long-distance prefix is usual, it is left out for the office's own area codes only.
    """
    if rules.is_nationwide(number):
        yield number
    if rules.area_codes and number.startswith(rules.area_codes[0]):
        yield number.removeprefix(rules.area_codes[0])
    near = rules.area_codes if rules.always_area else rules.area_codes[1:]
    if number.startswith(near) or not rules.long_distance_prefix:
        yield number
    yield rules.long_distance_prefix + number
