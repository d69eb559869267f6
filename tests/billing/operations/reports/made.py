"""Calls in the ledger, and a report of them, in one line each."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path

from django.conf import settings
from pypdf import PdfReader

from billing.models import Service, XdrReport
from billing.operations.ledger import LedgerRow, make_missing_months, post_rows
from billing.operations.reports import make_report, opened
from tests.factories import XdrReportFactory

MARCH = datetime(2026, 3, 2, 9, tzinfo=UTC)
NOW = datetime(2026, 4, 2, 9, tzinfo=UTC)


def call(customer, number, *, line=None, at=MARCH, amount="0.12345", **more) -> LedgerRow:
    return LedgerRow(
        customer_id=customer.pk,
        line_id=line and line.pk,
        started_at=at,
        amount=Decimal(amount),
        external_id=f"report:{customer.pk}-{number}",
        **{"service_id": Service.CALLS, "charged_quantity": Decimal(61), "cli": "12125550100", "cld": "4930400400",
           "country": "DE", "destination": "Germany, Berlin", **more},
    )  # fmt: skip


def book(*rows) -> None:
    make_missing_months({row.started_at for row in rows})
    post_rows(list(rows), now=NOW)


def clock(now=NOW):
    """One that goes on by a second whenever it is read."""
    times = iter(now + timedelta(seconds=n) for n in range(1_000_000))
    return lambda: next(times)


def made(customer, **more) -> XdrReport:
    """A report that was asked for and made."""
    report = XdrReportFactory(customer=customer, **more)
    assert make_report(report_id=report.pk, clock=clock())
    report.refresh_from_db()
    return report


def bytes_of(report, kind) -> bytes:
    with opened(report, kind) as file:
        return file.read()


def pages_of(report) -> list[str]:
    """What somebody reads on each page of the PDF."""
    return [page.extract_text() for page in PdfReader(BytesIO(bytes_of(report, "pdf"))).pages]


def files_on_disk() -> list[str]:
    root = Path(settings.MEDIA_ROOT) / "reports"
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())
