"""A telephone number as people type it."""

from __future__ import annotations

import re

from billing.rating.dialled import to_e164

SEPARATORS = re.compile(r"[\s()./‐-―-]|\(0\)")
MOST_DIGITS = 15  # E.164


def without_separators(text: str) -> str:
    """`text` without what people put between the digits of a number; "(0)" is dialled at home only."""
    return SEPARATORS.sub("", text.replace("(0)", ""))


def typed_number(text: str, country: str) -> str | None:
    """E.164 without plus; a short or odd number of digits as it is; empty for nothing; None when it is no number."""
    typed = without_separators(text)
    if not typed:
        return ""
    known = to_e164(typed, country)
    digits = typed.removeprefix("+")
    if known is None and not (digits.isascii() and digits.isdecimal() and len(digits) <= MOST_DIGITS):
        return None
    return known or digits
