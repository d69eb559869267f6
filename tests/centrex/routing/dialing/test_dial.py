"""The nine steps of dialing rules, one by one and against each other."""

from dataclasses import replace

import pytest

from centrex.routing.dialing.dial import LONGEST_DIALLED, dial
from centrex.routing.dialing.rules import DialingRules, Kind, Outcome, Reason, Step
from centrex.routing.dialing.samples import SAMPLES

INSIDE = {"201": "", "88": "", "*97": "", "77": "12065550199", "5550151": "", "9115": ""}
SEATTLE = SAMPLES["us-wa-7"].rules
OFFICE = replace(SEATTLE, outside_prefix="9")
TEN_DIGITS = SAMPLES["us-wa-10"].rules
BERLIN = SAMPLES["de-berlin"].rules
OFF = DialingRules(exceptions=("112", "911"))


def say(rules: DialingRules, dialled: str) -> str:
    """The answer in one line: outcome, result and step, or the reason."""
    answer = dial(rules, dialled, INSIDE.get)
    if answer.outcome is Outcome.INVALID:
        assert answer.result == ""
        return f"{answer.reason} ({answer.step})"
    assert answer.reason is None
    return f"{answer.outcome} {answer.result} ({answer.step})"


@pytest.mark.parametrize(
    ("rules", "dialled", "answer"),
    [
        # 1. A plus is E.164, whatever the rules say, also before the outside prefix is asked for.
        (SEATTLE, "+493023125020", "e164 493023125020 (plus)"),
        (OFFICE, "+49 (30) 2312-5020", "e164 493023125020 (plus)"),
        (OFF, "+1 206 555 0151", "e164 12065550151 (plus)"),
        (SEATTLE, "+911", "not_e164 (plus)"),
        (SEATTLE, "+0493023125020", "not_e164 (plus)"),
        (SEATTLE, "+1206555015", "not_e164 (plus)"),
        (SEATTLE, "+4930231250201234", "not_e164 (plus)"),
        # 2. The office's own numbers, before everything else; an abbreviated number leads to its target.
        (SEATTLE, "201", "internal 201 (internal)"),
        (OFFICE, "88", "internal 88 (internal)"),
        (OFF, "*97", "internal *97 (internal)"),
        (SEATTLE, "77", "internal 12065550199 (internal)"),
        (SEATTLE, "5550151", "internal 5550151 (internal)"),
        (OFFICE, "9201", "not_recognised (not_recognised)"),
        # 3. Exceptions stay what they are, with the outside prefix and without.
        (SEATTLE, "911", "unchanged 911 (exception)"),
        (OFFICE, "911", "unchanged 911 (exception)"),
        (OFFICE, "9-911", "unchanged 911 (exception)"),
        (OFF, "112", "unchanged 112 (exception)"),
        (BERLIN, "11 61 17", "unchanged 116117 (exception)"),
        (OFFICE, "9115", "internal 9115 (internal)"),
        # Off: what is dialled is E.164.
        (OFF, "12065550151", "e164 12065550151 (off)"),
        (OFF, "2065550151", "e164 2065550151 (off)"),
        (OFF, "0493023125020", "not_e164 (off)"),
        (OFF, "555", "not_e164 (off)"),
        # 4. The outside prefix of an office must be there, and only an office has one.
        (OFFICE, "9 555 0152", "e164 12065550152 (local)"),
        (OFFICE, "5550152", "no_outside_prefix (outside)"),
        (OFFICE, "12125550150", "no_outside_prefix (outside)"),
        (OFFICE, "9", "not_recognised (outside)"),
        (OFFICE, "99 555 0152", "not_recognised (not_recognised)"),
        (replace(OFFICE, kind=Kind.RESIDENTIAL), "5550152", "e164 12065550152 (local)"),
        # 5. The international prefix, before a long-distance prefix that is its beginning.
        (SEATTLE, "011 49 30 23125020", "e164 493023125020 (international)"),
        (OFFICE, "9 011 49 30 23125020", "e164 493023125020 (international)"),
        (BERLIN, "001 206 555 0151", "e164 12065550151 (international)"),
        (BERLIN, "0049 30 23125020", "e164 493023125020 (international)"),
        (BERLIN, "00 0301234567", "not_e164 (international)"),
        (SEATTLE, "011", "not_e164 (international)"),
        (SAMPLES["jp-tokyo"].rules, "010 1 206 555 0151", "e164 12065550151 (international)"),
        # 6. The long-distance prefix decides for good: no local number begins with it.
        (SEATTLE, "1 212 555 0150", "e164 12125550150 (long_distance)"),
        (SEATTLE, "1555015", "length (long_distance)"),
        (BERLIN, "040 22690164", "e164 494022690164 (long_distance)"),
        (BERLIN, "0301", "length (long_distance)"),
        # 7. A local number, where the area code may be left out.
        (SEATTLE, "555-0152", "e164 12065550152 (local)"),
        (BERLIN, "2312 5020", "e164 493023125020 (local)"),
        (BERLIN, "902010", "e164 4930902010 (local)"),
        (TEN_DIGITS, "5550152", "not_recognised (not_recognised)"),
        (replace(SEATTLE, area_codes=()), "5550152", "not_recognised (not_recognised)"),
        (SEATTLE, "0550152", "not_recognised (not_recognised)"),
        # 8. A number with its area code: always, or for the office's own areas.
        (TEN_DIGITS, "2125550150", "e164 12125550150 (national)"),
        (SEATTLE, "2535550150", "e164 12535550150 (national)"),
        (SEATTLE, "2125550150", "not_recognised (not_recognised)"),
        (SAMPLES["es"].rules, "911 234 156", "e164 34911234156 (national)"),
        (SAMPLES["it"].rules, "02 94756157", "e164 390294756157 (national)"),
        (SAMPLES["it"].rules, "312 345 6789", "e164 393123456789 (national)"),
        (TEN_DIGITS, "0125550150", "not_recognised (not_recognised)"),
        # Between 6 and 7: numbers that the whole country dials alike.
        (SAMPLES["au-sydney"].rules, "13 12 34", "e164 61131234 (nationwide)"),
        (SAMPLES["au-sydney"].rules, "1800 123 456", "e164 611800123456 (nationwide)"),
        # 9. Anything else.
        (SEATTLE, "55", "not_recognised (not_recognised)"),
        (SAMPLES["fr"].rules, "123456789", "not_recognised (not_recognised)"),
    ],
)
def test_steps(rules, dialled, answer):
    assert say(rules, dialled) == answer


@pytest.mark.parametrize(
    ("dialled", "answer"),
    [
        ("0 11 2345 6789", "e164 551123456789 (long_distance)"),
        ("0 21 11 2345 6789", "e164 551123456789 (long_distance)"),
        ("0 15 11 96123 4567", "e164 5511961234567 (long_distance)"),
        ("0 18 11 2345 6789", "length (long_distance)"),  # 18 is nobody's code
        ("00 21 1 206 555 0151", "e164 12065550151 (international)"),
        ("00 49 30 23125020", "no_carrier (international)"),
        ("00 1 312 555 0151", "no_carrier (international)"),
        ("00 1 212 555 0151", "not_e164 (international)"),  # 12 is a carrier, and +1 25550151 no number
        ("2345 6789", "e164 551123456789 (local)"),
        ("4004 1234", "e164 5540041234 (nationwide)"),
    ],
)
def test_in_brazil_the_caller_chooses_the_carrier(dialled, answer):
    assert say(SAMPLES["br-sao-paulo"].rules, dialled) == answer


@pytest.mark.parametrize(
    ("dialled", "answer"),
    [
        ("", "empty (typed)"),
        (" ( ) - . / ", "empty (typed)"),
        ("1" * LONGEST_DIALLED, "length (long_distance)"),
        ("1" * (LONGEST_DIALLED + 1), "too_long (typed)"),
        ("1-800-FLOWERS", "characters (typed)"),
        ("٢٠١", "characters (typed)"),
        ("1+2065550151", "characters (typed)"),
        ("*12#", "characters (typed)"),
        ("206\u00a0555\u20110151", "e164 12065550151 (national)"),  # as pages and letters print it
    ],
)
def test_what_is_typed(dialled, answer):
    assert say(SEATTLE, dialled) == answer


CUSTOM = DialingRules(enabled=True, kind=Kind.CUSTOM, exceptions=("112",), outside_prefix="9", custom="s/^0/49/")


@pytest.mark.parametrize(
    ("custom", "dialled", "answer"),
    [
        ("s/^0([1-9])/49$1/; s/^00//;", "0301234567", "e164 49301234567 (custom)"),
        ("s/^0([1-9])/49$1/; s/^00//;", "0044 20 79460153", "e164 442079460153 (custom)"),
        ("s/^/+49/", "301234567", "e164 49301234567 (custom)"),
        ("", "493023125020", "e164 493023125020 (custom)"),
        ("s/^9//", "+13023125020", "e164 13023125020 (plus)"),
        ("s/.*/493023125020/", "201", "internal 201 (internal)"),
        # Whatever the rule, an exception is never rewritten, also when the rule gives one.
        ("s/.*/493023125020/", "112", "unchanged 112 (exception)"),
        ("s/^9//", "9112", "unchanged 112 (exception)"),
        ("s/.*//", "301234567", "custom_result (custom)"),
        ("s/$/*1/", "493023125020", "custom_result (custom)"),
        ("s/^0(/49/", "0301234567", "custom_mistake (custom)"),
        ("s/(.*)/$1$1$1$1$1$1$1$1/;" * 9, "301234567", "custom_work (custom)"),
    ],
)
def test_a_custom_rule(custom, dialled, answer):
    assert say(replace(CUSTOM, custom=custom), dialled) == answer


def test_every_reason_is_reached():
    """A reason that no test above reaches would be dead."""
    reached = {
        dial(rules, number).reason
        for rules in (SEATTLE, OFFICE, BERLIN, SAMPLES["br-sao-paulo"].rules, *map(custom_of, ("s/.*//", "s/(/1/")))
        for number in ("", "1" * 65, "a", "+1", "5550151", "001", "0301", "55")
    } | {dial(custom_of("s/(.*)/$1$1$1$1$1$1$1$1/;" * 9), "5550151").reason}
    assert reached >= set(Reason)


def custom_of(text: str) -> DialingRules:
    return replace(CUSTOM, custom=text)


def test_steps_are_in_the_order_they_are_asked():
    order = [Step.PLUS, Step.INTERNAL, Step.EXCEPTION, Step.OUTSIDE, Step.INTERNATIONAL, Step.LONG_DISTANCE]
    order += [Step.LOCAL, Step.NATIONAL, Step.NOT_RECOGNISED]
    assert [step for step in Step if step in order] == order
