"""What a periodic fee costs: which periods there are, when each is due, and parts that sum to the whole."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.money import round_money
from billing.periods import Calendar
from billing.rating.subscription import Cycle, Terms, anniversary, next_part, part_from, parts_due, reduced

NEW_YORK, BERLIN, AUCKLAND = ZoneInfo("America/New_York"), ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Auckland")


def local(text: str, zone: ZoneInfo) -> datetime:
    """A moment as the clocks of `zone` show it, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def terms_from(started_at: datetime, *, fee: str | Decimal, calendar: Calendar, **more) -> Terms:
    return Terms(**({"currency": "USD"} | more), fee=Decimal(fee), calendar=calendar, started_at=started_at)


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
    part = part_from(begins, terms=terms_from(begins, fee=fee, calendar=Calendar.monthly(billing_day, zone)))
    assert (part.days, part.of_days, part.amount) == (days, of_days, Decimal(amount))
    assert (part.period.start, part.period.end) == (begins, local(f"{end}T00:00", zone))
    assert part.is_whole == (days == of_days)


@pytest.mark.parametrize(
    ("currency", "fee", "amount"), [("JPY", "310", "160"), ("BHD", "0.310", "0.160"), ("JPY", "100", "52")]
)
def test_in_other_currencies(currency, fee, amount):
    begins = local("2026-01-16T10:00", NEW_YORK)
    part = part_from(
        begins, terms=terms_from(begins, fee=fee, currency=currency, calendar=Calendar.monthly(1, NEW_YORK))
    )
    assert part.amount == Decimal(amount)
    assert part.months == Decimal("0.516")


def test_later_months_are_whole_and_leave_no_gap():
    calendar = Calendar.monthly(15, NEW_YORK)
    begins, now = local("2026-01-10T09:00", NEW_YORK), local("2026-05-15T00:00", NEW_YORK)
    parts = list(parts_due(begins, now=now, terms=terms_from(begins, fee="3.10", calendar=calendar)))
    assert [part.amount for part in parts] == [Decimal("0.50"), *[Decimal("3.10")] * 5]
    assert [part.months for part in parts[1:]] == [1] * 5
    assert parts[0].period.start == begins
    assert all(one.period.end == other.period.start for one, other in pairwise(parts))
    assert parts[-1].period.start == now  # a period is due at its first moment


def test_nothing_is_due_before_its_time():
    calendar, begins = Calendar.monthly(1, NEW_YORK), local("2026-02-01T00:00", NEW_YORK)
    before = local("2026-01-31T23:59", NEW_YORK)
    assert not list(parts_due(begins, now=before, terms=terms_from(begins, fee=3, calendar=calendar)))


def test_after_a_new_billing_day_the_gap_is_a_part():
    charged_until = local("2026-02-01T00:00", BERLIN)
    began = local("2026-01-01T00:00", BERLIN)
    for prorated in (True, False):
        terms = terms_from(began, fee="3.10", calendar=Calendar.monthly(15, BERLIN), prorated=prorated)
        part = part_from(charged_until, terms=terms)
        assert (part.days, part.of_days, part.amount) == (14, 31, Decimal("1.40"))


@given(
    start=st.datetimes(datetime(2001, 1, 1), datetime(2040, 1, 1)),  # noqa: DTZ001 - the zone is below
    billing_day=st.integers(1, 28),
    zone=st.sampled_from([NEW_YORK, BERLIN, AUCKLAND, ZoneInfo("America/Sao_Paulo"), ZoneInfo("Asia/Kathmandu")]),
    fee=st.decimals(0, 1000, places=2),
)
def test_a_part_is_never_more_than_the_month(start, billing_day, zone, fee):
    begins = start.replace(tzinfo=zone).astimezone(UTC)
    part = part_from(begins, terms=terms_from(begins, fee=fee, calendar=Calendar.monthly(billing_day, zone)))
    assert 1 <= part.days <= part.of_days <= 31
    assert 0 <= part.amount <= round_money(fee, "USD")
    assert part.period.start < part.period.end


@pytest.mark.parametrize(
    ("start", "end", "prorated", "amount", "until"),
    [
        ("2026-01-01T00:00", "2026-01-11T00:00", True, "1.00", "2026-01-11"),  # ten days of 31
        ("2026-01-01T00:00", "2026-01-10T15:00", True, "1.00", "2026-01-10"),  # the day that it ends on counts
        ("2026-01-16T10:00", "2026-01-26T00:00", True, "1.00", "2026-01-26"),
        ("2026-01-16T10:00", "2026-01-26T00:00", False, "3.10", "2026-02-01"),  # the whole fee, once
        ("2026-01-16T10:00", "2026-02-11T00:00", False, "3.10", "2026-02-01"),
        ("2026-01-16T10:00", "2026-01-16T10:01", True, "0.10", "2026-01-16"),
    ],
)
def test_the_finish_date_cuts_a_period(start, end, prorated, amount, until):
    begins = local(start, NEW_YORK)
    terms = terms_from(
        begins, fee="3.10", calendar=Calendar.monthly(1, NEW_YORK), ended_at=local(end, NEW_YORK), prorated=prorated
    )
    part = part_from(begins, terms=terms)
    assert part.amount == Decimal(amount)
    assert part.period.end.astimezone(NEW_YORK).date() == date.fromisoformat(until)


def test_in_arrears_a_period_is_due_at_its_end_and_the_last_one_at_the_finish():
    begins, ends = local("2026-01-16T10:00", BERLIN), local("2026-03-11T00:00", BERLIN)
    terms = terms_from(begins, fee="3.10", calendar=Calendar.monthly(1, BERLIN), in_arrears=True, ended_at=ends)
    february = local("2026-02-01T00:00", BERLIN)
    assert not list(parts_due(begins, now=february - timedelta(seconds=1), terms=terms))
    assert [part.amount for part in parts_due(begins, now=february, terms=terms)] == [Decimal("1.60")]
    parts = list(parts_due(begins, now=ends, terms=terms))
    assert [part.amount for part in parts] == [Decimal("1.60"), Decimal("3.10"), Decimal("1.00")]
    assert parts[-1].due_at == ends
    assert next_part(ends, terms=terms) is None


def test_without_parts_a_last_period_in_arrears_is_due_at_the_finish_too():
    begins, ends = local("2026-01-16T10:00", BERLIN), local("2026-01-20T00:00", BERLIN)
    terms = terms_from(
        begins, fee="3.10", calendar=Calendar.monthly(1, BERLIN), in_arrears=True, prorated=False, ended_at=ends
    )
    (part,) = parts_due(begins, now=ends, terms=terms)
    assert (part.due_at, part.amount) == (ends, Decimal("3.10"))


def test_a_daily_fee_is_one_of_each_day():
    begins = local("2026-03-28T15:00", BERLIN)
    terms = terms_from(begins, fee="0.40", calendar=Calendar.monthly(1, BERLIN), cycle=Cycle.DAILY)
    parts = list(parts_due(begins, now=local("2026-03-30T00:00", BERLIN), terms=terms))
    assert [part.amount for part in parts] == [Decimal("0.40")] * 3
    assert [part.months for part in parts] == [Decimal("0.032")] * 3
    assert (parts[1].period.end - parts[1].period.start).total_seconds() == 23 * 3600  # clocks go forward


@pytest.mark.parametrize(
    ("first", "months", "day"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2026-01-31", 2, "2026-03-31"),
        ("2027-12-31", 2, "2028-02-29"),
        ("2026-01-15", 12, "2027-01-15"),
        ("2026-03-31", -1, "2026-02-28"),
    ],
)
def test_an_anniversary_is_the_last_day_of_a_shorter_month(first, months, day):
    assert anniversary(date.fromisoformat(first), months) == date.fromisoformat(day)


def test_a_month_from_the_day_of_the_beginning_is_whole_from_the_first_on():
    begins = local("2026-01-31T18:00", NEW_YORK)
    terms = terms_from(begins, fee="9.90", calendar=Calendar.monthly(1, NEW_YORK), cycle=Cycle.ANNIVERSARY)
    parts = list(parts_due(begins, now=local("2026-04-30T00:00", NEW_YORK), terms=terms))
    assert [part.amount for part in parts] == [Decimal("9.90")] * 4
    ends = [part.period.end.astimezone(NEW_YORK).date().isoformat() for part in parts]
    assert ends == ["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]
    assert all(part.months == 1 for part in parts)


@pytest.mark.parametrize(
    ("fee", "discount", "left"),
    [("10.00", "20", "8"), ("10", "0", "10"), ("10", "100", "0"), ("9.99", "33.33", "6.660333")],
)
def test_a_discount_is_taken_off_the_fee(fee, discount, left):
    assert reduced(Decimal(fee), Decimal(discount)) == Decimal(left)


@given(
    first=st.dates(date(2001, 1, 1), date(2040, 1, 1)),
    lengths=st.lists(st.integers(1, 40), min_size=1, max_size=12),
    billing_day=st.integers(1, 28),
    zone=st.sampled_from([NEW_YORK, BERLIN, AUCKLAND, ZoneInfo("America/Sao_Paulo"), ZoneInfo("Asia/Kathmandu")]),
    cycle=st.sampled_from([Cycle.MONTHLY, Cycle.ANNIVERSARY]),
    in_arrears=st.booleans(),
    fee=st.decimals(0, 1000, places=3),
    currency=st.sampled_from(["USD", "JPY", "BHD"]),
)
def test_however_a_time_is_cut_its_parts_sum_to_the_whole(
    first, lengths, billing_day, zone, cycle, in_arrears, fee, currency
):
    """A subscription that is ended and taken up again where it ended costs what it costs without the cuts."""
    begins = local(f"{first}T00:00", zone)
    whole = terms_from(
        begins,
        fee=fee,
        currency=currency,
        calendar=Calendar.monthly(billing_day, zone),
        cycle=cycle,
        in_arrears=in_arrears,
    )
    day, start, cut = first, begins, Decimal(0)
    for length in lengths:
        day += timedelta(days=length)
        terms = replace(whole, ended_at=local(f"{day}T00:00", zone))
        cut += sum(part.amount for part in parts_due(start, now=terms.ended_at, terms=terms))
        start = terms.ended_at
    uncut = list(parts_due(begins, now=start, terms=replace(whole, ended_at=start)))
    assert cut == sum(part.amount for part in uncut)
    assert all(one.period.end == other.period.start for one, other in pairwise(uncut))
    assert all(part.amount == round_money(fee, currency) for part in uncut if part.is_whole)
