"""PINs that are easily guessed."""

import pytest

from centrex.routing.pins import Weakness, weakness_of

NUMBERS = ["12125550101", "201", ""]


@pytest.mark.parametrize("pin", ["482915", "908172", "112358"])
def test_a_good_pin(pin):
    assert weakness_of(pin, NUMBERS) is None


@pytest.mark.parametrize(
    ("pin", "why"),
    [
        ("", Weakness.NO_PIN), ("4829", Weakness.NO_PIN), ("4829153", Weakness.NO_PIN), ("48291a", Weakness.NO_PIN),
        ("٤٨٢٩١٥", Weakness.NO_PIN), ("777777", Weakness.REPEATED), ("121212", Weakness.REPEATED),
        ("483483", Weakness.REPEATED), ("112211", Weakness.REPEATED), ("123456", Weakness.SEQUENCE),
        ("567890", Weakness.SEQUENCE), ("987654", Weakness.SEQUENCE), ("320198", Weakness.NUMBER),
        ("550101", Weakness.NUMBER),
    ],
)  # fmt: skip
def test_a_pin_that_thieves_try_first(pin, why):
    assert weakness_of(pin, NUMBERS) is why
