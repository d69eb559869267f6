"""From a destination's name ("Germany, mobile") to E.164 prefixes, for rate decks that give none.

Nothing is guessed: a name resolves only to prefixes all of whose numbers are meant. "Germany" alone means
its landlines where the deck prices its mobiles apart, else landlines and mobiles, never premium, shared-cost
or toll-free numbers. Names of operators do not resolve: since numbers are portable, no prefix tells.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum
from functools import cache

from babel import Locale
from phonenumbers import SUPPORTED_REGIONS

from .numbering import LANDLINE, MOBILE, prefixes_of
from .places import CITIES, COUNTRY_ALIASES, DESTINATIONS

_MOBILE_WORDS = {"mobile", "mobiles", "mob", "cellular", "mobile all", "all mobile"}
_LANDLINE_WORDS = {"fixed", "fix", "landline", "land line", "proper", "fixed line"}
_MOBILE_HINT = re.compile(r"\b(mobiles?|mob|cellular|cell)\b")
_NO_PREFIX = "No prefix known for this name"


class Scope(Enum):
    """Which of a country's numbers a name means."""

    COUNTRY = "country"
    LANDLINE = "landline"
    MOBILE = "mobile"
    CITY = "city"
    PLACE = "place"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Destination:
    """What a name means: a region (ISO 3166 alpha-2, "" if none) and which of its numbers.

    `prefixes` is set for places and cities (their area codes); the rest comes from the numbering plan.
    """

    region: str
    scope: Scope
    prefixes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A name without prefixes, and why, in words."""

    reason: str


def read_name(name: str) -> Destination | Unresolved:
    """Find out what a destination's name means; operators' mobiles are recognised, but have no prefixes."""
    whole = normalise(name)
    if whole in DESTINATIONS:
        region, prefixes = DESTINATIONS[whole]
        return Destination(region, Scope.PLACE, prefixes)
    if _region(whole):
        return Destination(_region(whole), Scope.COUNTRY)
    country, detail = _split(name)
    region = _region(country)
    if not region:
        return Unresolved(f"{_NO_PREFIX}: no country or network is called like that.")
    if detail in _MOBILE_WORDS:
        return Destination(region, Scope.MOBILE)
    if detail in _LANDLINE_WORDS:
        return Destination(region, Scope.LANDLINE)
    if detail in CITIES.get(region, {}):
        return Destination(region, Scope.CITY, CITIES[region][detail])
    if _MOBILE_HINT.search(detail):
        return Destination(region, Scope.OPERATOR)
    return Unresolved(f"{_NO_PREFIX}: the country is clear, but not which of its numbers are meant.")


def resolve(meant: Destination, *, mobiles_apart: bool) -> tuple[str, ...] | Unresolved:
    """Return the E.164 prefixes of a destination.

    `mobiles_apart`: the deck prices the country's mobiles in rows of their own, so that its bare name leaves
    them out.
    """
    if meant.scope is Scope.PLACE:
        return meant.prefixes
    if meant.scope is Scope.OPERATOR:
        return Unresolved(f"{_NO_PREFIX}: numbers are portable, so no prefix tells a mobile operator.")
    kinds = {
        Scope.MOBILE: MOBILE,
        Scope.LANDLINE: LANDLINE,
        Scope.CITY: LANDLINE,
        Scope.COUNTRY: LANDLINE if mobiles_apart else LANDLINE + MOBILE,
    }[meant.scope]
    prefixes = prefixes_of(meant.region, kinds)
    if meant.scope is Scope.CITY:
        prefixes = _within(meant.prefixes, prefixes)
    return prefixes or Unresolved(
        f"{_NO_PREFIX}: the numbering plan does not tell these numbers from others by their first digits."
    )


def _within(areas: tuple[str, ...], landlines: tuple[str, ...]) -> tuple[str, ...]:
    """Return what area codes and landline prefixes share: in some plans mobiles use area codes too."""
    whole = tuple(area for area in areas if area.startswith(landlines))
    return whole + tuple(prefix for prefix in landlines if prefix.startswith(areas) and prefix not in whole)


def normalise(name: str) -> str:
    """Return a name in small letters without accents and punctuation: "St. Lucia" is "st lucia"."""
    plain = unicodedata.normalize("NFKD", name.casefold().replace("&", " and "))
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    plain = re.sub(r"\bu\.\s?k\b\.?", "uk", plain)
    return " ".join(re.findall(r"[a-z0-9]+", plain))


def _split(name: str) -> tuple[str, str]:
    country, comma, detail = name.partition(",")
    if not comma:
        country, _, detail = re.sub(r"\s+[-–:/]\s+", ",", name).partition(",")
    country, detail = normalise(country), normalise(detail)
    if not detail and not _region(country):
        head, _, last = country.rpartition(" ")
        if last in _MOBILE_WORDS | _LANDLINE_WORDS:
            return head, last
    return country, detail


def _region(name: str) -> str:
    known = _regions()
    return known.get(name) or known.get(re.sub(r" islands?$", "", name), "")


@cache
def _regions() -> dict[str, str]:
    territories = Locale("en").territories
    named = {normalise(territories[region]): region for region in SUPPORTED_REGIONS if region in territories}
    return named | COUNTRY_ALIASES
