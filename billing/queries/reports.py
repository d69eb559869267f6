"""What a report of transactions contains: the rows of its files, the sums by service and by day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import starmap
from typing import NamedTuple

from django.db.models import F, Max, QuerySet, Sum
from django.db.models.functions import TruncDate

from billing.models import Service, Xdr, XdrDay, XdrReport
from billing.queries.xdrs import ServiceTotal, Wanted, service_totals, transactions
from selfcare.models import Customer

# Money that comes in or goes back is no spending.
NOT_SPENT = (Service.PAYMENTS, Service.REFUNDS, Service.CREDITS)
CHUNK = 2000


class ReportRow(NamedTuple):
    """One transaction as the report prints it; `line_id` is None for what was charged to the customer himself."""

    line_id: int | None
    account_id: str | None
    line_name: str | None
    extension: str | None
    started_at: datetime
    service_id: int
    cli: str
    cld: str
    country: str
    destination: str
    description: str
    charged_quantity: Decimal
    amount: Decimal
    failed: bool
    cause: str


PATHS = ("line_id", "line__account_id", "line__name", "line__extension__number", *ReportRow._fields[4:])


def wanted_by(report: XdrReport) -> Wanted:
    """What the report asks of the ledger; `rows_of` narrows it to the services."""
    return Wanted(
        start=report.period_start,
        end=report.period_end,
        customer_only=report.whose == XdrReport.Whose.CUSTOMER,
        line=report.line if report.whose == XdrReport.Whose.LINE else None,
        failed=report.failed_too,
    )


def rows_of(report: XdrReport) -> QuerySet[Xdr]:
    """The report's rows, oldest first, as the download of Transactions has them."""
    rows = transactions(report.customer, wanted_by(report))
    return rows.filter(service_id__in=report.services) if report.services else rows


def totals_of(report: XdrReport) -> list[ServiceTotal]:
    """The sums by service."""
    totals = service_totals(report.customer, wanted_by(report))
    return [total for total in totals if not report.services or total.service.pk in report.services]


def rows_by_line(report: XdrReport) -> Iterator[ReportRow]:
    """The rows in order of the phone lines' IDs, the customer's own first, each line's oldest first.

    They come by a cursor of the server, so that memory stays small.
    """
    first = F("line__account_id").asc(nulls_first=True)
    rows = rows_of(report).select_related(None).order_by(first, "line_id", "started_at", "id")
    return starmap(ReportRow, rows.values_list(*PATHS).iterator(chunk_size=CHUNK))


def spent_by_day(report: XdrReport) -> dict[date, Decimal]:
    """What each day with a charge cost, days as the report's time zone has them."""
    rows = rows_of(report).order_by().exclude(service_id__in=NOT_SPENT)
    day = TruncDate("started_at", tzinfo=report.zone)
    return dict(rows.annotate(day=day).values_list("day").annotate(Sum("amount")).order_by("day"))


def visible_reports(customer: Customer | None) -> QuerySet[XdrReport]:
    """The customer's reports with whoever asked for them."""
    reports: QuerySet[XdrReport] = XdrReport.for_customer(customer)
    return reports.select_related("requested_by")


def ends_of_automatic() -> dict[int, datetime]:
    """Where the newest automatic report of each customer ends, by the customers' ids."""
    reports = XdrReport.objects.filter(kind=XdrReport.Kind.AUTOMATIC).order_by().values("customer")
    return dict(reports.annotate(end=Max("period_end")).values_list("customer", "end"))


def has_rows(customer: Customer, start: datetime, end: datetime) -> bool:
    """Whether the daily sums know a transaction of the whole days in [start, end) of the customer's time zone."""
    first, following = (moment.astimezone(customer.zone).date() for moment in (start, end))
    return XdrDay.objects.filter(customer=customer, day__gte=first, day__lt=following).exists()
