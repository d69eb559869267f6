"""What the ledger says about a customer: totals by service, pages of transactions, the last calls.

Totals of whole days come from the daily roll-up, only the edges of a range from the rows themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet, Sum

from billing.coverage import Cover
from billing.models import Invoice, Service, Xdr, XdrDay
from billing.periods import midnight
from billing.queries.invoice_rows import charged, covered
from billing.queries.invoices import OF_PERIODS
from billing.queries.keyset import Cursor, KeysetPage, Sort, page_of
from centrex.models import CallRecording, Line
from centrex.queries.recordings import heard_by
from selfcare.models import Customer, User

MOST_TO_SORT = 200_000
ONE_MONTH = timedelta(days=31)
RECENT = timedelta(days=400)
Range = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which transactions: started in [start, end), of one service or all, of the customer and all his lines, of the
    customer himself (`customer_only`), or of one line; failed ones only if asked for."""

    start: datetime
    end: datetime
    service_id: int | None = None
    customer_only: bool = False
    line: Line | None = None
    failed: bool = False
    covers: tuple[Cover, ...] | None = None  # only what an invoice charged for in these

    @property
    def is_whole(self) -> bool:
        """Whether the daily totals know the answer: they are not kept by line, nor by what came after an invoice."""
        return self.line is None and not self.customer_only and self.covers is None


@dataclass(frozen=True, slots=True)
class ServiceTotal:
    """The sums of one service; `charged_quantity` counts its unit."""

    service: Service
    transactions: int
    charged_quantity: Decimal
    amount: Decimal


def service_totals(customer: Customer | None, wanted: Wanted) -> list[ServiceTotal]:
    """The sums by service in order of the services; services without a transaction are left out."""
    sums: dict[int, tuple[int, Decimal, Decimal]] = {}
    for service_id, *values in _sums(customer, wanted):
        known = sums.get(service_id, (0, Decimal(0), Decimal(0)))
        sums[service_id] = (known[0] + values[0], known[1] + values[1], known[2] + values[2])
    services = Service.objects.in_bulk(sums)
    return [ServiceTotal(services[pk], *sums[pk]) for pk in sorted(sums)]


def transactions(customer: Customer | None, wanted: Wanted) -> QuerySet[Xdr]:
    """The rows themselves, with line and service, oldest first."""
    rows = _matching(customer, wanted).filter(started_at__gte=wanted.start, started_at__lt=wanted.end)
    return rows.select_related("line", "service").order_by("started_at", "id")


def transactions_page(
    customer: Customer | None, wanted: Wanted, *, sort: str, cursor: str, size: int, total: int
) -> KeysetPage:
    """One page, each row with `account_id` (of its line, or None); `total` as `service_totals` counts them.

    What `may_sort` refuses is by date whatever is asked.
    """
    order = Sort.of(sort if may_sort(total, wanted) or sort.endswith("started_at") else "")
    page = page_of(
        _matching(customer, wanted),
        start=wanted.start,
        end=wanted.end,
        sort=order,
        cursor=Cursor.read(cursor, order) if cursor else None,
        size=size,
        total=total,
    )
    name_lines(page.rows)
    return page


def name_lines(rows: Sequence[Xdr]) -> None:
    """Give each row `account_id`: all in one look-up, where a join would go to each row's line by itself."""
    ids = {row.line_id for row in rows if row.line_id is not None}
    known = dict(Line.objects.filter(pk__in=ids).values_list("pk", "account_id"))
    for row in rows:
        row.account_id = None if row.line_id is None else known.get(row.line_id)


def may_sort(total: int, wanted: Wanted) -> bool:
    """Whether so many rows, or so short a time, may be sorted by any column; no column but the date has an index."""
    return total <= MOST_TO_SORT or wanted.end - wanted.start <= ONE_MONTH


def cursor_at(customer: Customer | None, wanted: Wanted, at: datetime, *, newest_first: bool, total: int) -> str:
    """The cursor of the page in order of date that begins at a moment; beyond the last row that of the last page.

    `total` as for `transactions_page`. The daily totals know how many rows are passed over.
    """
    passed = replace(wanted, start=at) if newest_first else replace(wanted, end=at)
    position = 1 + sum(one.transactions for one in service_totals(customer, passed))
    # No row has the id 0: those of the moment itself are before it going down, and after it going up.
    return str(Cursor("after", position, at, at) if position <= total else Cursor("last"))


def recent_calls(customer: Customer | None, *, user: User, limit: int, now: datetime) -> list[Xdr]:
    """The last calls of the last 13 months, newest first; `recording` of each is what `user` can play, or None."""
    rows = Xdr.for_customer(customer).filter(
        service_id=Service.CALLS, started_at__gte=now - RECENT, started_at__lt=now + timedelta(days=1)
    )
    calls = list(rows.select_related("line").order_by("-started_at", "-id")[:limit])
    recordings = recordings_of(customer, calls, user=user)
    for call in calls:
        call.recording = recordings.get(call.call_id)
    return calls


def recordings_of(
    customer: Customer | None, calls: Iterable[Xdr], *, user: User, playable: bool = True
) -> dict[str, CallRecording]:
    """The recordings of these calls that `user` may hear, by call ID: those that can be played, or in any state."""
    ids = {call.call_id for call in calls if call.call_id}
    found = heard_by(user, customer).filter(call_id__in=ids)
    return {recording.call_id: recording for recording in found if recording.is_playable or not playable}


def rows_of_day(customer: Customer | None, day: str) -> QuerySet[Xdr]:
    """The rows of a day in UTC ("2026-03-31"), which leads to their partition; none for what is no day."""
    rows: QuerySet[Xdr] = Xdr.for_customer(customer)
    try:
        start = datetime.combine(date.fromisoformat(day), time(), tzinfo=UTC)
        following = start + timedelta(days=1)
    except (ValueError, OverflowError):
        return rows.none()
    return rows.filter(started_at__gte=start, started_at__lt=following)


def services() -> list[Service]:
    """All services, for a choice."""
    return list(Service.objects.all())


def service_of(pk: int) -> Service | None:
    """The service with this id, if there is one."""
    return Service.objects.filter(pk=pk).first()


def find_line(customer: Customer | None, text: str) -> Line | None:
    """The customer's line with this ID, extension number or external number."""
    lines = Line.for_customer(customer)
    digits = "".join(text.split()).removeprefix("+")
    for look in ({"account_id": text}, {"account_id": digits}, {"extension__number": digits}, {"dids__number": digits}):
        found: Line | None = lines.filter(**look).first()
        if found:
            return found
    return None


def last_invoice_period(customer: Customer | None) -> Range | None:
    """The period of the customer's newest invoice that is not void."""
    invoices = Invoice.for_customer(customer).filter(OF_PERIODS).order_by("-period_start")
    found: Range | None = invoices.values_list("period_start", "period_end").first()
    return found


def _matching(customer: Customer | None, wanted: Wanted) -> QuerySet[Xdr]:
    rows: QuerySet[Xdr] = Xdr.for_customer(customer)
    if wanted.service_id is not None:
        rows = rows.filter(service_id=wanted.service_id)
    if wanted.line is not None:
        rows = rows.filter(line=wanted.line)
    elif wanted.customer_only:
        rows = rows.filter(line=None)
    if wanted.covers is not None:
        rows = charged(rows).filter(covered(wanted.covers))
    return rows if wanted.failed else rows.filter(failed=False)


def _sums(customer: Customer | None, wanted: Wanted) -> Iterable[tuple[Any, ...]]:
    """Rows of (service, transactions, charged quantity, amount), several for one service."""
    if customer is None:
        return
    whole = _whole_days(wanted, customer.zone) if wanted.is_whole else None
    if whole is None:
        yield from _raw_sums(customer, wanted)
        return
    first, following = (moment.astimezone(customer.zone).date() for moment in whole)
    days = XdrDay.objects.filter(customer=customer, day__gte=first, day__lt=following)
    if wanted.service_id is not None:
        days = days.filter(service_id=wanted.service_id)
    if not wanted.failed:
        days = days.filter(failed=False)
    yield from days.values_list("service_id").annotate(Sum("transactions"), Sum("charged_quantity"), Sum("amount"))
    for start, end in ((wanted.start, whole[0]), (whole[1], wanted.end)):
        if start < end:
            yield from _raw_sums(customer, replace(wanted, start=start, end=end))


def _raw_sums(customer: Customer, wanted: Wanted) -> Iterable[tuple[Any, ...]]:
    rows = _matching(customer, wanted).filter(started_at__gte=wanted.start, started_at__lt=wanted.end)
    return rows.values_list("service_id").annotate(Count("id"), Sum("charged_quantity"), Sum("amount"))


def _whole_days(wanted: Wanted, zone: ZoneInfo) -> Range | None:
    """The midnights around the whole days of a range in the customer's zone, in which the daily totals are kept."""
    first = wanted.start.astimezone(zone).date()
    if midnight(first, zone=zone) < wanted.start:
        first += timedelta(days=1)
    following = wanted.end.astimezone(zone).date()
    return (midnight(first, zone=zone), midnight(following, zone=zone)) if first < following else None
