"""Emergency numbers of a country: no dialing rule may ever touch them."""

from __future__ import annotations

from functools import lru_cache

from phonenumbers import shortnumberinfo

# What every mobile phone takes for an emergency call wherever it is: 3GPP TS 22.101, section 10.1.
EVERYWHERE = ("112", "911")


@lru_cache(maxsize=300)
def emergency_numbers(region: str) -> tuple[str, ...]:
    """The emergency numbers of the country `region` (ISO 3166, two letters), in order; of two or three digits.

    A region that is empty or unknown gets those that are understood everywhere.
    """
    if region.upper() not in shortnumberinfo.SUPPORTED_SHORT_REGIONS:
        return EVERYWHERE
    candidates = [f"{number:0{length}}" for length in (2, 3) for number in range(10**length)]
    return tuple(code for code in candidates if shortnumberinfo.is_emergency_number(code, region.upper()))
