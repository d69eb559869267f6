"""Billing periods of every kind: what they are, that they tile time, and that a change counts from the next one."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.periods import Calendar, Kind, Rule
from tests.billing.rating.many import many

ZONES = [
    ZoneInfo(name)
    for name in (
        "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu",
        "Pacific/Apia", "UTC", "America/St_Johns",
    )
]  # fmt: skip
KINDS = list(Kind)
A_MOMENT = timedelta(microseconds=1)
UNTIL = datetime(2030, 1, 1, tzinfo=UTC)


def days(calendar: Calendar, at: str) -> tuple[str, str]:
    """The first and the last day of the period that holds noon of the day."""
    noon = datetime.fromisoformat(at).replace(hour=12, tzinfo=calendar.zone)
    period = calendar.period_with(noon)
    return str(calendar.day(period.start)), str(calendar.day(period.end - A_MOMENT))


@pytest.mark.parametrize(
    ("rule", "at", "first", "last"),
    [
        (Rule(Kind.DAILY), "2026-02-28", "2026-02-28", "2026-02-28"),
        (Rule(Kind.WEEKLY), "2026-11-23", "2026-11-23", "2026-11-29"),  # a Monday
        (Rule(Kind.WEEKLY), "2026-11-22", "2026-11-16", "2026-11-22"),  # the Sunday before
        (Rule(Kind.SEMIMONTHLY), "2026-02-15", "2026-02-01", "2026-02-15"),
        (Rule(Kind.SEMIMONTHLY), "2026-02-16", "2026-02-16", "2026-02-28"),
        (Rule(Kind.SEMIMONTHLY, billing_day=20), "2028-02-29", "2028-02-16", "2028-02-29"),
        (Rule(Kind.MONTHLY, billing_day=15), "2026-03-14", "2026-02-15", "2026-03-14"),
        (Rule(Kind.ANNIVERSARY, anchor=date(2026, 1, 10)), "2026-03-09", "2026-02-10", "2026-03-09"),
        (Rule(Kind.ANNIVERSARY, anchor=date(2026, 1, 31)), "2026-01-31", "2026-01-28", "2026-02-27"),
        (Rule(Kind.ANNIVERSARY, anchor=date(2026, 1, 29)), "2028-02-28", "2028-02-28", "2028-03-27"),
        (Rule(Kind.THIRTY_DAYS, anchor=date(2026, 1, 31)), "2026-01-31", "2026-01-31", "2026-03-01"),
        (Rule(Kind.THIRTY_DAYS, anchor=date(2026, 1, 31)), "2026-01-30", "2026-01-01", "2026-01-30"),
    ],
)
def test_the_kinds_of_periods(rule, at, first, last):
    assert days(Calendar(ZoneInfo("America/New_York"), (rule,)), at) == (first, last)


@pytest.mark.parametrize("zone", ZONES, ids=str)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("anchor", [date(2010, 1, 1), date(2012, 2, 29), date(2011, 12, 31)], ids=str)
def test_twenty_years_without_gap_or_overlap(kind, zone, anchor):
    """Each period ends where the next begins, its first and last moments lie in it, and none is empty."""
    calendar = Calendar(zone, (Rule(kind, billing_day=28, anchor=anchor),))
    period = calendar.period_with(datetime(2010, 1, 1, 12, tzinfo=UTC))
    while period.start < UNTIL:
        assert calendar.period_with(period.start) == period
        assert calendar.period_with(period.end - A_MOMENT) == period
        following = calendar.period_with(period.end)
        assert following.start == period.end
        period = following


rules = st.builds(
    Rule,
    kind=st.sampled_from(KINDS),
    billing_day=st.integers(1, 28),
    anchor=st.dates(date(2009, 1, 1), date(2029, 1, 1)),
)
moments = st.datetimes(datetime(2010, 1, 1), datetime(2029, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001


@many
@given(st.sampled_from(ZONES), rules, rules, moments, moments)
def test_a_new_rule_counts_from_the_next_period_and_leaves_no_gap(zone, old, new, changed_at, moment):
    before = Calendar(zone, (old,))
    running = before.period_with(changed_at)
    since = before.day(running.end)
    after = Calendar(zone, (old, Rule(new.kind, new.billing_day, new.anchor, since)))
    assert after.period_with(changed_at) == running, "the period that runs stays what it is"
    assert after.period_with(running.end).start == running.end
    period = after.period_with(moment)
    assert period.start <= moment < period.end
    assert after.period_with(period.start) == period
    assert after.period_with(period.end - A_MOMENT) == period
    assert after.period_with(period.end).start == period.end
    whole = Calendar(zone, (new if moment >= running.end else old,)).period_with(moment)
    assert period.end - period.start <= whole.end - whole.start


def test_where_a_date_comes_twice_the_second_belongs_to_the_day_after():
    """In St John's clocks went back over midnight until 2011: 00:01 on the 7th became 23:01 on the 6th."""
    calendar = Calendar(ZoneInfo("America/St_Johns"), (Rule(Kind.DAILY),))
    second = datetime(2010, 11, 7, 2, 45, tzinfo=UTC)  # 23:15 on the 6th, for the second time
    assert calendar.day(second) == date(2010, 11, 6)
    period = calendar.period_with(second)
    assert period.start <= second < period.end


def test_what_is_no_calendar_is_refused():
    with pytest.raises(ValueError, match="rule"):
        Calendar(ZONES[0], ())
    with pytest.raises(ValueError, match="begins on a day"):
        Calendar(ZONES[0], (Rule(), Rule(Kind.WEEKLY)))
    for day in (0, 29):
        with pytest.raises(ValueError, match="1 to 28"):
            Rule(billing_day=day)
