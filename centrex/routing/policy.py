"""Where a call may be sent: one rule for every number that somebody saves or a call is about to reach.

Thieves of telephone time forward a line to expensive numbers abroad and call it all night. So a number at home of an
ordinary kind is allowed, one abroad or of a costly kind is asked about when it is saved, and what the ITSP lists
nobody reaches, whenever it was saved.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumberType

from centrex.routing.dialing.rules import is_e164
from centrex.routing.patterns import match_any
from centrex.routing.screening import is_emergency


class Answer(StrEnum):
    """What may be done with a number; `STEP_UP`: after the password was given once more."""

    ALLOW = "allow"
    STEP_UP = "step_up"
    DENY = "deny"


class Risk(StrEnum):
    """How likely a number is to be called for somebody else's gain."""

    LOW = "low"
    SPECIAL = "special"
    FRAUD = "fraud"


class Reason(StrEnum):
    """Why the answer is what it is."""

    EMERGENCY = "emergency"
    HOME = "home"
    ABROAD = "abroad"
    PREMIUM = "premium"
    SHARED_COST = "shared_cost"
    PERSONAL = "personal"
    SATELLITE = "satellite"
    SHORT = "short"
    NOT_CHOSEN = "not_chosen"
    LISTED = "listed"
    DENIED = "denied"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Policy:
    """The ITSP's lists, patterns of `centrex.routing.patterns`: nobody may call `denied`, `risky` is asked about."""

    denied: tuple[str, ...] = ()
    risky: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Countries:
    """Which countries (ISO 3166, "001" for numbers of none) a company calls beside its own.

    `everywhere` are all but those of high risk (`risky`), which must be `chosen` one by one.
    """

    everywhere: bool = True
    chosen: frozenset[str] = frozenset()
    risky: frozenset[str] = frozenset()

    def has(self, country: str) -> bool:
        """Whether the company calls numbers of `country`, "" where nobody can tell."""
        return country in self.chosen or (self.everywhere and country not in self.risky)


EVERYWHERE = Countries()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer about one number, its risk, and the reason."""

    answer: Answer
    risk: Risk
    reason: Reason


# Kinds of numbers of a national plan that cost more, or that lead to nobody knows where.
COSTLY_KINDS = {
    PhoneNumberType.PREMIUM_RATE: Reason.PREMIUM,
    PhoneNumberType.SHARED_COST: Reason.SHARED_COST,
    PhoneNumberType.PERSONAL_NUMBER: Reason.PERSONAL,
}
# Country codes without a country (ITU-T E.164, list of assigned codes).
COSTLY_CODES = {
    808: Reason.SHARED_COST,
    870: Reason.SATELLITE,
    878: Reason.PERSONAL,
    881: Reason.SATELLITE,
    882: Reason.SATELLITE,
    883: Reason.SATELLITE,
    979: Reason.PREMIUM,
}


def check(policy: Policy, number: str, *, home: str, countries: Countries = EVERYWHERE) -> Verdict:
    """What may be done with `number` (E.164 without the plus, or a short code) by a customer in `home` (ISO 3166, "").

    `countries` are those that he calls beside his home. Emergency numbers pass everything.
    """
    if is_emergency(number, home):
        return Verdict(Answer.ALLOW, Risk.LOW, Reason.EMERGENCY)
    if match_any(policy.denied, number) is not None:
        return Verdict(Answer.DENY, Risk.FRAUD, Reason.DENIED)
    reason, country = classified(number)
    if reason is Reason.UNKNOWN:
        return Verdict(Answer.DENY, Risk.FRAUD, reason)
    is_home = bool(country) and country == home
    if reason is not Reason.SHORT and not is_home and not countries.has(country):
        return Verdict(Answer.DENY, Risk.FRAUD, Reason.NOT_CHOSEN)
    if match_any(policy.risky, number) is not None:
        return Verdict(Answer.STEP_UP, Risk.FRAUD, Reason.LISTED)
    if reason is not None:
        return Verdict(Answer.STEP_UP, Risk.SPECIAL, reason)
    if is_home:
        return Verdict(Answer.ALLOW, Risk.LOW, Reason.HOME)
    return Verdict(Answer.STEP_UP, Risk.LOW, Reason.ABROAD)


def has_code_of(number: str, country: str) -> bool:
    """Whether `number` (E.164 without the plus) has the code of `country`, which others may share."""
    code = phonenumbers.country_code_for_region(country)
    return bool(code) and number.startswith(str(code))


@lru_cache(maxsize=4096)
def classified(number: str) -> tuple[Reason | None, str]:
    """Why a number is more than an ordinary one, if it is, and the country that it is in, "" where nobody can tell."""
    if not is_e164(number):
        return Reason.SHORT, ""
    try:
        parsed = phonenumbers.parse(f"+{number}")
    except phonenumbers.NumberParseException:
        return Reason.UNKNOWN, ""
    costly = COSTLY_CODES.get(parsed.country_code or 0) or COSTLY_KINDS.get(phonenumbers.number_type(parsed))
    return costly, region_of(parsed)


def region_of(number: phonenumbers.PhoneNumber) -> str:
    """The country that a number is in, "" where a code that countries share does not tell."""
    known = phonenumbers.region_code_for_number(number)
    if known:
        return str(known)
    regions = phonenumbers.region_codes_for_country_code(number.country_code or 0)
    return str(regions[0]) if len(regions) == 1 else ""
