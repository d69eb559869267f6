"""What a report says besides its rows, gathered before the first page is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from billing.models import Service, XdrReport
from billing.queries.reports import spent_by_day, totals_of
from billing.queries.xdrs import ServiceTotal
from selfcare import formats
from selfcare.models import Brand


@dataclass(frozen=True, slots=True)
class ReportContent:
    """The words and sums of a report; `days` has every day of the period, from 1 on, with what it cost.

    `colour` is the brand's as #rrggbb; `letter` says whether the paper is US Letter and not A4.
    """

    title: str
    brand: str
    colour: str
    customer: str
    address: list[str]
    period: str
    facts: list[tuple[str, str]]
    currency: str
    totals: list[ServiceTotal]
    days: list[tuple[date, Decimal]]
    services: dict[int, Service]
    language: str = "en"
    letter: bool = False


# Where paper is Letter, by ISO country code.
LETTER = {"US", "CA", "MX", "CL", "CO", "CR", "DO", "GT", "PA", "PH", "PR", "SV", "VE"}


def content_of(report: XdrReport, *, brand: Brand, now: datetime) -> ReportContent:
    """The content, in the words of the language and the zone that are active."""
    customer = report.customer
    return ReportContent(
        title=_("Transaction report"),
        brand=brand.name,
        colour=brand.colour,
        customer=str(customer),
        address=customer.address_lines,
        period=str(report),
        facts=facts_of(report, now=now),
        currency=customer.currency,
        totals=totals_of(report),
        days=every_day(report),
        services=Service.objects.in_bulk(),
        language=report.language,
        letter=str(customer.country) in LETTER,
    )


def facts_of(report: XdrReport, *, now: datetime) -> list[tuple[str, str]]:
    """What the report was asked for, as label and words."""
    shown: list[tuple[str, str]] = [
        (_("From"), formats.moment(report.period_start, seconds=True)),
        (_("Till"), formats.moment(report.last_moment, seconds=True)),
        (_("Records of"), report.line_name or str(report.get_whose_display())),
    ]
    if report.services:
        names = Service.objects.filter(pk__in=report.services).values_list("name", flat=True)
        shown.append((_("Services"), ", ".join(names)))
    failed = _("included") if report.failed_too else _("left out")
    return [*shown, (_("Failed transactions"), failed), (_("Times are those of"), report.time_zone),
            (_("Made"), formats.moment(now))]  # fmt: skip


def every_day(report: XdrReport) -> list[tuple[date, Decimal]]:
    """Each day of the period with what it cost, as the zone of the report has days."""
    spent = spent_by_day(report)
    day = timezone.localtime(report.period_start, report.zone).date()
    last = timezone.localtime(report.last_moment, report.zone).date()
    days = []
    while day <= last:
        days.append((day, spent.get(day, Decimal(0))))
        day += timedelta(days=1)
    return days
