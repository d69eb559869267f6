import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rating.numbering import LANDLINE, MOBILE, DigitPattern, prefixes_of, region_of, separate


def begins(pattern: str, digits: str) -> bool:
    automaton = DigitPattern.of([pattern])
    states = automaton.start
    for digit in digits:
        states = automaton.after(states, digit)
    return bool(states)


@pytest.mark.parametrize(
    "pattern",
    [r"7\d{3}", r"1(?:6[023]|7\d)\d{2,3}", r"(?:3[02]|4)?[5-79]\d", r"(?:8(?:0|1)){2}5", r"2{0,2}3"],
)
@given(digits=st.text("0123456789", max_size=6))
def test_the_automaton_agrees_with_regular_expressions(pattern: str, digits: str) -> None:
    """A number matches if it can be walked through and is as long as the expression allows."""
    if re.fullmatch(pattern, digits):
        assert begins(pattern, digits)
    if not begins(pattern, digits):
        tails = ["", *map(str, range(100)), "000", "111", "5", "5000"]
        assert not any(re.fullmatch(pattern, digits + tail) for tail in tails)


@pytest.mark.parametrize("broken", ["a", "1+", "[1", "1{x}", ".*"])
def test_a_pattern_it_cannot_read_is_an_error(broken: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        DigitPattern.of([broken])


@given(
    st.lists(st.text("123", min_size=1, max_size=4), max_size=6),
    st.lists(st.text("123", min_size=1, max_size=4), max_size=6),
)
def test_separating_keeps_everything_else_out(wanted: list[str], others: list[str]) -> None:
    found = separate(DigitPattern.of(wanted), DigitPattern.of(others))
    assert not any(other.startswith(prefix) for other in others for prefix in found)
    assert all(any(one.startswith(prefix) for one in wanted) for prefix in found)
    clear = [one for one in wanted if not any(other.startswith(one) or one == other for other in others)]
    assert all(any(one.startswith(prefix) for prefix in found) for one in clear)


@pytest.mark.parametrize(
    ("region", "kinds", "inside", "outside"),
    [
        ("DE", MOBILE, ["4915123456789"], ["4930123456", "49900312345"]),
        ("DE", LANDLINE, ["4930123456"], ["4915123456789", "49900312345"]),
        ("GB", LANDLINE, ["442071234567"], ["441481250000", "447911123456"]),
        ("JE", MOBILE, ["447797712345"], ["447911123456"]),
        ("US", LANDLINE + MOBILE, ["12125550123"], ["14165550123", "18765550123", "18005550123"]),
        ("KZ", LANDLINE + MOBILE, ["77272501234", "77011234567"], ["74951234567"]),
        ("FI", MOBILE, ["358412345678"], ["358912345678"]),
    ],
)
def test_prefixes_hold_their_own_numbers_only(
    region: str, kinds: tuple[str, ...], inside: list[str], outside: list[str]
) -> None:
    prefixes = prefixes_of(region, kinds)
    assert all(number.startswith(prefixes) for number in inside)
    assert not any(number.startswith(prefixes) for number in outside)


def test_what_cannot_be_told_apart_has_no_prefixes() -> None:
    assert prefixes_of("US", MOBILE) == ()
    assert prefixes_of("ZZ", MOBILE) == ()


@pytest.mark.parametrize(
    ("prefix", "region"),
    [("49", "DE"), ("1212", "US"), ("1876", "JM"), ("1", ""), ("7495", "RU"), ("7727", "KZ"),
     ("441481", "GG"), ("870", ""), ("999", ""), ("4", ""), ("", "")],
)  # fmt: skip
def test_the_region_of_a_prefix(prefix: str, region: str) -> None:
    assert region_of(prefix) == region
