"""Billing months: billing day, time zones, clocks that change."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from billing.periods import Period, midnight, month_after

NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("moment", "billing_day", "zone", "start", "end"),
    [
        (datetime(2026, 3, 10, 12, tzinfo=UTC), 1, "UTC", (2026, 3, 1, 0), (2026, 4, 1, 0)),
        (datetime(2026, 3, 10, 12, tzinfo=UTC), 15, "UTC", (2026, 2, 15, 0), (2026, 3, 15, 0)),
        (datetime(2026, 1, 5, 0, tzinfo=UTC), 28, "UTC", (2025, 12, 28, 0), (2026, 1, 28, 0)),
        # In New York it is still February, and March begins in winter time and ends in summer time.
        (datetime(2026, 3, 1, 4, tzinfo=UTC), 1, "America/New_York", (2026, 2, 1, 5), (2026, 3, 1, 5)),
        (datetime(2026, 3, 1, 5, tzinfo=UTC), 1, "America/New_York", (2026, 3, 1, 5), (2026, 4, 1, 4)),
        # The first moment belongs to the new month.
        (datetime(2026, 12, 1, tzinfo=UTC), 1, "UTC", (2026, 12, 1, 0), (2027, 1, 1, 0)),
    ],
)
def test_the_month_that_holds_a_moment(moment, billing_day, zone, start, end):
    period = Period.month_with(moment, billing_day=billing_day, zone=ZoneInfo(zone))
    assert period == Period(datetime(*start, tzinfo=UTC), datetime(*end, tzinfo=UTC))


def test_months_join_without_gap_over_ten_years():
    month = Period.month_with(datetime(2020, 1, 1, 12, tzinfo=UTC), billing_day=28, zone=NEW_YORK)
    for _ in range(120):
        following = Period.month_with(month.end, billing_day=28, zone=NEW_YORK)
        assert following.start == month.end
        month = following
    assert month.end == midnight(date(2030, 1, 28), zone=NEW_YORK)


def test_a_midnight_that_the_clocks_skip_is_the_first_moment_after_it():
    # In Beirut clocks went from 0:00 to 1:00 on 2024-03-31.
    assert midnight(date(2024, 3, 31), zone=ZoneInfo("Asia/Beirut")) == datetime(2024, 3, 30, 22, tzinfo=UTC)


def test_months_over_a_year():
    assert month_after(date(2026, 12, 28)) == date(2027, 1, 28)
    assert month_after(date(2026, 1, 1), months=-1) == date(2025, 12, 1)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (datetime(2026, 1, 2, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)),
        (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)),
        (datetime(2026, 1, 1), datetime(2026, 2, 1, tzinfo=UTC)),  # noqa: DTZ001 - the error is the test
    ],
)
def test_no_empty_or_zoneless_period(start, end):
    with pytest.raises(ValueError, match="period"):
        Period(start, end)
