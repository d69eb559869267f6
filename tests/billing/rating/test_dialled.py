"""Dialled digits become E.164 only where there is one reading."""

import pytest

from billing.rating.dialled import to_e164


@pytest.mark.parametrize(
    ("dialled", "country", "expected"),
    [
        ("+4930400400", "US", "4930400400"),
        ("004930400400", "DE", "4930400400"),
        ("011493040040012", "US", "493040040012"),
        ("030400400", "DE", "4930400400"),
        ("4930400400", "DE", "4930400400"),
        ("4930400400", "", "4930400400"),
        ("2125550123", "US", "12125550123"),
        ("89247036282", "RU", "79247036282"),
        ("211474", "RU", None),  # an account, not South Sudan
        ("6789", "US", None),
        ("*98", "US", None),
        ("", "US", None),
        ("100000000000000000000", "US", None),
        ("٠٣٠٤٠٠٤٠٠", "DE", None),
        ("+4930400400abc", "DE", None),
    ],
)
def test_reading(dialled, country, expected):
    assert to_e164(dialled, country) == expected


@pytest.mark.parametrize(("dialled", "country"), [("987623275", "FR"), ("6063851406", "JP"), ("79122314821", "CN")])
def test_two_readings_are_none(dialled, country):
    """Valid in the country itself and, as E.164 without its plus, in another: Iran, Malaysia, Russia."""
    assert to_e164(dialled, country) is None
    assert to_e164(dialled, "") == dialled
