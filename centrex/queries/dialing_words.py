"""What dialing rules decided, in words: for the page that checks them and for the trace of a call."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from centrex.routing.dialing.rules import LONGEST, SHORTEST, DialingRules, Dialled, Reason, Step
from centrex.routing.dialing.substitution.mistakes import Fault, Mistake

REASONS: dict[Reason, Promise] = {
    Reason.EMPTY: gettext_lazy("Nothing was dialled."),
    Reason.TOO_LONG: gettext_lazy("This is longer than anything that can be dialled."),
    Reason.CHARACTERS: gettext_lazy("Only digits can be dialled outside, with a plus at the beginning if you like."),
    Reason.NOT_E164: gettext_lazy(
        "What is left is no complete international number: the country code and the number, %(shortest)s to "
        "%(longest)s digits, and 11 in North America."
    ),
    Reason.NO_OUTSIDE_PREFIX: gettext_lazy("It is no number of your office, and %(outside)s is not dialled before it."),
    Reason.NO_CARRIER: gettext_lazy("After the international prefix comes the code of a carrier, such as %(carrier)s."),
    Reason.LENGTH: gettext_lazy("It has too many or too few digits for a number with its area code."),
    Reason.NOT_RECOGNISED: gettext_lazy("It is neither a local number nor one with area code or prefix."),
    Reason.CUSTOM_RESULT: gettext_lazy("What the custom rule makes of it is no complete international number."),
    Reason.CUSTOM_WORK: gettext_lazy("The custom rule takes too much work for this number."),
    Reason.CUSTOM_MISTAKE: gettext_lazy("There is a mistake in the custom rule."),
}

STEPS: dict[Step, Promise] = {
    Step.PLUS: gettext_lazy("A plus: the whole international number follows."),
    Step.INTERNAL: gettext_lazy("A number of your own office."),
    Step.EXCEPTION: gettext_lazy("An emergency number or exception: it is never changed."),
    Step.OFF: gettext_lazy("The rules are off, so this is taken as an international number."),
    Step.CUSTOM: gettext_lazy("By your custom rule."),
    Step.INTERNATIONAL: gettext_lazy("An international number, behind its prefix."),
    Step.LONG_DISTANCE: gettext_lazy("A long-distance number, behind the prefix %(long_distance)s."),
    Step.NATIONWIDE: gettext_lazy("A number that the whole country dials without area code."),
    Step.LOCAL: gettext_lazy("A local number: your area code %(area)s belongs before it."),
    Step.NATIONAL: gettext_lazy("A number with its area code."),
}

FAULTS: dict[Fault, Promise] = {
    Fault.TOO_LONG: gettext_lazy("the rule is too long"),
    Fault.TOO_MANY: gettext_lazy("there are more than 50 substitutions"),
    Fault.NO_SUBSTITUTION: gettext_lazy("a substitution such as s/^0/49/ must begin here"),
    Fault.NOT_CLOSED: gettext_lazy("a slash is missing after this one"),
    Fault.FLAG: gettext_lazy("only the letter g may follow the last slash"),
    Fault.SEMICOLON: gettext_lazy("a semicolon must stand before the next substitution"),
    Fault.NO_SUCH_GROUP: gettext_lazy("there is no such group; before a digit write ${1} instead of $1"),
    Fault.CHARACTER: gettext_lazy("this cannot be dialled; use digits, +, * and #"),
    Fault.NOT_SUPPORTED: gettext_lazy("this part of Perl's language is not understood here"),
    Fault.NOTHING_TO_REPEAT: gettext_lazy("there is nothing here to repeat"),
    Fault.REPEATS_EMPTY: gettext_lazy("what can be empty must not be repeated"),
    Fault.BAD_COUNT: gettext_lazy("write how often as {2} or {2,5}, with at most 64"),
    Fault.BRACKET: gettext_lazy("this bracket has no partner"),
    Fault.BAD_RANGE: gettext_lazy("write a range from a lower to a higher digit, such as 2-9"),
    Fault.TOO_DEEP: gettext_lazy("there are too many brackets in each other"),
    Fault.TOO_BIG: gettext_lazy("this pattern is too big; repeat less"),
}


def in_words(rules: DialingRules, dialled: Dialled) -> str:
    """Why a dialled number means what it means, or why it leads nowhere; one sentence."""
    words = STEPS[dialled.step] if dialled.reason is None else REASONS[dialled.reason]
    facts: dict[str, str | int] = {
        "outside": rules.outside,
        "long_distance": rules.long_distance_prefix,
        "area": next(iter(rules.area_codes), ""),
        "carrier": next(iter(rules.carrier_codes), ""),
        "shortest": SHORTEST,
        "longest": LONGEST,
    }
    return str(words) % facts


def mistake_in_words(rule: str, mistake: Mistake) -> str:
    """Where the mistake in a custom rule is, and what."""
    facts = {
        "place": mistake.position + 1,
        "what": FAULTS[mistake.fault],
        "text": rule[mistake.position : mistake.position + 12].strip(),
    }
    if not facts["text"]:
        return _("Character %(place)s: %(what)s.") % facts
    return _("Character %(place)s, at “%(text)s”: %(what)s.") % facts
