"""The reports of closed periods: one for each customer and period, whoever asks however often."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from billing.models import XdrReport
from billing.periods import Period, last_moment
from billing.queries.calendars import calendar_of
from billing.queries.reports import ends_of_automatic, has_rows
from selfcare.models import Customer

# Calls of the last minutes of a period come in late; the report waits for them.
GRACE = timedelta(hours=1)
SHORTEST = timedelta(hours=22)  # less than any day has, however clocks change
REACH = timedelta(days=400)  # after an outage, periods that are older stay without a report


def open_automatic(*, now: datetime) -> list[int]:
    """Have the reports of all periods made that have ended and have none yet; gives the ids of the new ones.

    Periods are the customer's billing periods; without a transaction there is no report.
    """
    ends = ends_of_automatic()
    made = []
    for customer in Customer.objects.order_by("pk").iterator():
        end = ends.get(customer.pk)
        if end is None or now - end >= SHORTEST:
            made += open_for(customer, after=end, now=now)
    return made


def open_for(customer: Customer, *, after: datetime | None, now: datetime) -> list[int]:
    """The same for one customer, whose reports reach until `after`; the first one is of the last period only."""
    closed = now - GRACE
    calendar = calendar_of(customer)
    current = calendar.period_with(closed)
    before = calendar.period_with(last_moment(current.start))
    start = max(after, closed - REACH) if after else before.start
    made = []
    while start < current.start:
        end = calendar.period_with(start).end
        if has_rows(customer, start, end) and (report := open_one(customer, Period(start, end), now=now)):
            made.append(report.pk)
        start = end
    return made


def open_one(customer: Customer, period: Period, *, now: datetime) -> XdrReport | None:
    """The report of the period; None when another worker was faster."""
    try:
        with transaction.atomic():
            return XdrReport.objects.create(
                customer=customer,
                kind=XdrReport.Kind.AUTOMATIC,
                period_start=period.start,
                period_end=period.end,
                time_zone=customer.time_zone,
                requested_at=now,
            )
    except IntegrityError:
        return None
