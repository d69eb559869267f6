"""What number was dialled: E.164 where it is certain, nothing where it could be two."""

from functools import lru_cache

import phonenumbers
from phonenumbers import CountryCodeSource, NumberParseException, PhoneNumber

_EXPLICIT = {CountryCodeSource.FROM_NUMBER_WITH_PLUS_SIGN, CountryCodeSource.FROM_NUMBER_WITH_IDD}
_SHORTEST = 7  # below it are extensions, service codes and emergency numbers


@lru_cache(maxsize=65_536)
def to_e164(dialled: str, country: str) -> str | None:
    """Return the E.164 digits without plus, or None if the number is none or could be read in two ways.

    `country` (ISO 3166 alpha-2, or "") is where it was dialled. After a plus or the country's international prefix
    any possible number counts, as it says itself what it is; other digits must be a valid number, either of the
    country's own plan or as E.164 without its plus, and not both of two different ones.
    """
    if is_short(dialled):
        return None
    digits = dialled.removeprefix("+")
    at_home = _parse(dialled, country)
    if at_home and at_home.country_code_source in _EXPLICIT:
        return _written(at_home) if phonenumbers.is_possible_number(at_home) else None
    abroad = _parse(f"+{digits}", "")
    readings = {_written(number) for number in (at_home, abroad) if number and phonenumbers.is_valid_number(number)}
    return readings.pop() if len(readings) == 1 else None


def is_short(dialled: str) -> bool:
    """Whether it is too short for a full number, or no number at all: an extension, a service code, a name."""
    digits = dialled.removeprefix("+")
    return not (digits.isascii() and digits.isdigit()) or len(digits) < _SHORTEST


def _parse(text: str, country: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, country or None, keep_raw_input=True)
    except NumberParseException:
        return None


def _written(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164).removeprefix("+")
