"""Usual limits, how much of one is used, and when money is low: from values alone."""

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from billing.rating.spending import Policy, is_clearly_more, is_low, is_night, percent_reached, usual_limit

D = Decimal


@pytest.mark.parametrize(
    ("spent", "currency", "limit"),
    [
        ("0", "USD", 20),
        ("200", "USD", 20),
        ("200.01", "USD", 21),
        ("1500", "USD", 150),
        ("0", "JPY", 2000),
        ("-50", "USD", 20),
    ],
)
def test_the_usual_limit_is_three_usual_days_and_twenty_at_least(spent, currency, limit):
    assert usual_limit(Policy(), spent=D(spent), currency=currency) == limit


def test_the_policy_says_how_much():
    assert usual_limit(Policy(least=D(5), times=D(2)), spent=D(300), currency="EUR") == 20


@pytest.mark.parametrize(
    ("spent", "limit", "percent"),
    [
        ("0", "20", None),
        ("9.99999", "20", None),
        ("10", "20", 50),
        ("15.99999", "20", 50),
        ("16", "20", 80),
        ("20", "20", 100),
        ("77", "20", 100),
        ("0", "0", None),
        ("0.00001", "0", 100),
        ("-1", "20", None),
    ],
)
def test_the_highest_warning_that_is_reached(spent, limit, percent):
    assert percent_reached(D(spent), D(limit)) == percent


def test_low_money_is_told_again_only_after_clearly_more():
    assert is_low(D("24.99"), D(25))
    assert not is_low(D(25), D(25))
    assert not is_clearly_more(D("27.49"), D(25))
    assert is_clearly_more(D("27.50"), D(25))
    assert not is_clearly_more(D(0), D(0))
    assert is_clearly_more(D("0.01"), D(0))


@pytest.mark.parametrize(("hour", "night"), [(0, True), (5, True), (6, False), (19, False), (20, True), (23, True)])
def test_the_night_is_the_customers(hour, night):
    new_york = ZoneInfo("America/New_York")
    assert is_night(datetime(2026, 3, 2, hour, 59, tzinfo=new_york).astimezone(UTC), zone=new_york) is night
