"""A quantity with its unit reads as a person would say it."""

from decimal import Decimal

import pytest

from billing.models import Service


@pytest.mark.parametrize(
    ("unit", "quantity", "words"),
    [
        ("seconds", "63", "1:03"),
        ("months", "1", "1 month"),
        ("months", "1.000", "1 month"),
        ("months", "22", "22 months"),
        ("months", "1.5", "1.5 months"),
        ("messages", "1", "1 message"),
        ("messages", "1200", "1,200 messages"),
        ("megabytes", "1", "1 MB"),
        ("none", "5", ""),
    ],
)
def test_a_unit_is_counted(unit, quantity, words):
    assert Service(unit=unit).counted(Decimal(quantity)) == words
