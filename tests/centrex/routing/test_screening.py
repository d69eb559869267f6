"""Blocked callers, as the routing asks about them."""

import pytest

from centrex.routing.screening import is_blocked, is_emergency, is_hidden

NUMBER = "442079460000"


@pytest.mark.parametrize(
    ("caller", "blocked", "answer"),
    [
        (NUMBER, {NUMBER}, True),
        (f"+{NUMBER}", {NUMBER}, True),
        (f" +{NUMBER} ", {NUMBER}, True),
        (NUMBER, set(), False),
        (NUMBER, {"44207946000"}, False),  # a beginning is another number
        (NUMBER[:-1], {NUMBER}, False),
        (NUMBER, {""}, False),  # hidden numbers are blocked, this one is shown
        ("", {""}, True),
        ("anonymous", {""}, True),
        ("Anonymous", {""}, True),
        ("restricted", {""}, True),
        ("+", {""}, True),
        ("", {NUMBER}, False),
        ("anonymous", {NUMBER}, False),
        ("bert", {""}, False),  # a name is not a hidden number
    ],
)
def test_is_blocked(caller, blocked, answer):
    assert is_blocked(caller, blocked) is answer
    assert is_blocked(caller, frozenset(blocked)) is answer


@pytest.mark.parametrize(
    ("caller", "answer"),
    [("", True), (" ", True), ("ANONYMOUS", True), ("Unavailable", True), ("0", False), (NUMBER, False)],
)
def test_is_hidden(caller, answer):
    assert is_hidden(caller) is answer


@pytest.mark.parametrize(
    ("number", "country", "answer"),
    [
        ("112", "", True),
        ("911", "DE", True),
        ("110", "DE", True),
        ("999", "GB", True),
        ("999", "US", False),
        ("000", "AU", True),
        ("110", "XX", False),
        ("1121", "DE", False),
        ("493023125010", "DE", False),
        ("", "DE", False),
    ],
)
def test_is_emergency(number, country, answer):
    assert is_emergency(number, country) is answer
