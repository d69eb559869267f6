"""What a monthly fee costs: pro rata by days at the beginning, whole months after it."""

from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.money import round_money
from billing.rating.subscription import Calendar, part_from, parts_due

NEW_YORK, BERLIN, AUCKLAND = ZoneInfo("America/New_York"), ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Auckland")


def local(text: str, zone: ZoneInfo) -> datetime:
    """A moment as the clocks of `zone` show it, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "billing_day", "zone", "fee", "days", "of_days", "amount", "end"),
    [
        ("2026-01-01T00:00", 1, NEW_YORK, "3.00", 31, 31, "3.00", "2026-02-01"),
        ("2026-01-01T23:59", 1, NEW_YORK, "3.00", 31, 31, "3.00", "2026-02-01"),  # the day that it begins on counts
        ("2026-01-16T10:00", 1, NEW_YORK, "3.10", 16, 31, "1.60", "2026-02-01"),
        ("2026-01-31T23:59", 1, NEW_YORK, "3.10", 1, 31, "0.10", "2026-02-01"),
        ("2026-02-15T12:00", 1, BERLIN, "2.80", 14, 28, "1.40", "2026-03-01"),
        ("2028-02-15T12:00", 1, BERLIN, "2.90", 15, 29, "1.50", "2028-03-01"),  # a leap year
        ("2026-03-20T12:00", 1, BERLIN, "3.10", 12, 31, "1.20", "2026-04-01"),  # a day of 23 hours is a day
        ("2026-01-10T12:00", 15, BERLIN, "3.10", 5, 31, "0.50", "2026-01-15"),
        ("2026-01-15T00:00", 15, BERLIN, "3.10", 31, 31, "3.10", "2026-02-15"),
        ("2026-02-28T12:00", 28, AUCKLAND, "2.80", 28, 28, "2.80", "2026-03-28"),
        ("2026-12-20T12:00", 1, NEW_YORK, "0.01", 12, 31, "0.00", "2027-01-01"),
        ("2026-12-16T12:00", 1, NEW_YORK, "0.01", 16, 31, "0.01", "2027-01-01"),  # half up
        ("2026-06-15T12:00", 1, NEW_YORK, "0", 16, 30, "0", "2026-07-01"),
    ],
)
def test_the_first_part(start, billing_day, zone, fee, days, of_days, amount, end):
    begins = local(start, zone)
    part = part_from(begins, fee=Decimal(fee), currency="USD", calendar=Calendar(billing_day, zone))
    assert (part.days, part.of_days, part.amount) == (days, of_days, Decimal(amount))
    assert (part.period.start, part.period.end) == (begins, local(f"{end}T00:00", zone))
    assert part.is_whole == (days == of_days)


@pytest.mark.parametrize(
    ("currency", "fee", "amount"), [("JPY", "310", "160"), ("BHD", "0.310", "0.160"), ("JPY", "100", "52")]
)
def test_in_other_currencies(currency, fee, amount):
    begins = local("2026-01-16T10:00", NEW_YORK)
    part = part_from(begins, fee=Decimal(fee), currency=currency, calendar=Calendar(1, NEW_YORK))
    assert part.amount == Decimal(amount)
    assert part.months == Decimal("0.516")


def test_later_months_are_whole_and_leave_no_gap():
    calendar = Calendar(15, NEW_YORK)
    begins, now = local("2026-01-10T09:00", NEW_YORK), local("2026-05-15T00:00", NEW_YORK)
    parts = list(parts_due(begins, now=now, fee=Decimal("3.10"), currency="USD", calendar=calendar))
    assert [part.amount for part in parts] == [Decimal("0.50"), *[Decimal("3.10")] * 5]
    assert [part.months for part in parts[1:]] == [1] * 5
    assert parts[0].period.start == begins
    assert all(one.period.end == other.period.start for one, other in pairwise(parts))
    assert parts[-1].period.start == now  # a period is due at its first moment


def test_nothing_is_due_before_its_time():
    calendar, begins = Calendar(1, NEW_YORK), local("2026-02-01T00:00", NEW_YORK)
    before = local("2026-01-31T23:59", NEW_YORK)
    assert not list(parts_due(begins, now=before, fee=Decimal(3), currency="USD", calendar=calendar))


def test_after_a_new_billing_day_the_gap_is_a_part():
    charged_until = local("2026-02-01T00:00", BERLIN)
    part = part_from(charged_until, fee=Decimal("3.10"), currency="EUR", calendar=Calendar(15, BERLIN))
    assert (part.days, part.of_days, part.amount) == (14, 31, Decimal("1.40"))


@given(
    start=st.datetimes(datetime(2001, 1, 1), datetime(2040, 1, 1)),  # noqa: DTZ001 - the zone is below
    billing_day=st.integers(1, 28),
    zone=st.sampled_from([NEW_YORK, BERLIN, AUCKLAND, ZoneInfo("America/Sao_Paulo"), ZoneInfo("Asia/Kathmandu")]),
    fee=st.decimals(0, 1000, places=2),
)
def test_a_part_is_never_more_than_the_month(start, billing_day, zone, fee):
    begins = start.replace(tzinfo=zone).astimezone(UTC)
    part = part_from(begins, fee=fee, currency="USD", calendar=Calendar(billing_day, zone))
    assert 1 <= part.days <= part.of_days <= 31
    assert 0 <= part.amount <= round_money(fee, "USD")
    assert part.period.start < part.period.end
