"""Times, money and numbers for the reader."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from selfcare import formats

NOON = datetime(2026, 12, 31, 17, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("iso", "2026-12-31 12:05"),
        ("europe", "31.12.2026 12:05"),
        ("uk", "31/12/2026 12:05"),
        ("us", "12/31/2026 12:05 PM"),
    ],
)
def test_a_moment_follows_the_users_pattern_and_zone(pattern, text):
    with formats.reading_as(zone=ZoneInfo("America/New_York"), pattern=pattern):
        assert formats.moment(NOON) == text


def test_a_day_may_be_another_one_in_the_readers_zone():
    with formats.reading_as(zone=ZoneInfo("Pacific/Auckland"), pattern="iso"):
        assert formats.day(NOON) == "2027-01-01"
        assert formats.day(date(2026, 12, 31)) == "2026-12-31"


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (Decimal("1234.5"), "USD", "1,234.50 USD"),
        (Decimal("1234.5"), "JPY", "1,235 JPY"),
        (Decimal("-0.004"), "EUR", "0.00 EUR"),
        (Decimal("-0.005"), "EUR", "-0.01 EUR"),
        (Decimal("1.2345"), "KWD", "1.235 KWD"),
    ],
)
def test_money_has_its_currencys_digits(amount, currency, text):
    with formats.reading_as(zone=UTC, pattern="iso", language="en"):
        assert formats.money(amount, currency) == text


@pytest.mark.parametrize(("seconds", "text"), [(0, "0:00"), (59, "0:59"), (61, "1:01"), (3661, "1:01:01"), (None, "")])
def test_durations(seconds, text):
    assert formats.duration(seconds) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("12125550142", "+1 212-555-0142"),
        ("493023125010", "+49 30 23125010"),
        ("201", "201"),
        ("anonymous", "anonymous"),
    ],
)
def test_phone_numbers_are_grouped_as_their_country_writes_them(number, text):
    assert formats.phone(number) == text


@pytest.mark.parametrize(
    ("user_agent", "text"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox 140, Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/18.5 Mobile/15E148 Safari/604.1",
            "Mobile Safari 18, iOS",
        ),
        ("curl/8.5.0", "curl 8"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("", ""),
    ],
)
def test_browsers_are_named_as_people_name_them(user_agent, text):
    assert formats.browser(user_agent) == text
