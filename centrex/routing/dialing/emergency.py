"""Emergency numbers of a country: no dialing rule may ever touch them."""

from __future__ import annotations

import re
from functools import lru_cache

from phonenumbers import PhoneMetadata, shortnumberinfo

# What every mobile phone takes for an emergency call wherever it is: 3GPP TS 22.101, section 10.1.
EVERYWHERE = ("112", "911")


@lru_cache(maxsize=300)
def emergency_numbers(region: str) -> tuple[str, ...]:
    """The emergency numbers of the country `region` (ISO 3166, two letters), in order of their length.

    Most have two or three digits, some more, such as 1122 in Pakistan and 90000 in Sweden.
    A region that is empty or unknown gets those that are understood everywhere.
    """
    if region.upper() not in shortnumberinfo.SUPPORTED_SHORT_REGIONS:
        return EVERYWHERE
    metadata = PhoneMetadata.short_metadata_for_region(region.upper())
    known = metadata.emergency if metadata else None
    if known is None or known.national_number_pattern is None:
        return EVERYWHERE
    pattern = re.compile(known.national_number_pattern)
    candidates = (f"{number:0{length}}" for length in known.possible_length for number in range(10**length))
    return tuple(code for code in candidates if pattern.fullmatch(code))
