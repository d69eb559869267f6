"""Statistics of closed billing periods, by mail: all transactions as a CSV file, or the totals by service."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from urllib.parse import urlencode

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from billing.models import StatisticSent
from billing.operations.subscriptions import charge_due
from billing.periods import Period, last_moment
from billing.queries.calendars import calendar_of
from billing.queries.readers import readers_of
from billing.queries.records import record_columns
from billing.queries.xdrs import Wanted, service_totals, transactions
from selfcare import export, formats, mail
from selfcare.models import Customer, Statistic

log = structlog.get_logger(__name__)

MOST_ATTACHED = 10 * 1024 * 1024  # bytes; encoded for a mail they are a third more, which most servers still take
AFTER = timedelta(hours=6)  # late calls and the period's invoice are there by then
BACK = timedelta(days=100)  # older periods are not sent, however long nobody sent any
MAILED = (Statistic.FULL, Statistic.SUMMARY)


def send_due_statistics(*, now: datetime) -> int:
    """Put the mails about all closed periods that nobody sent yet into the outbox; returns how many there were.

    Runs as often as you like and by several workers at once: a customer gets one mail for each period.
    """
    return sum(send_statistic(customer=customer, period=period, now=now) for customer, period in due(now=now))


def due(*, now: datetime) -> Iterator[tuple[Customer, Period]]:
    """Who is to be mailed about which closed period, each customer's oldest first.

    Who had them once and wants none now is among them: what he declined is written down, lest it come when he wants
    them again.
    """
    by_class = Q(send_statistic="", customer_class__send_statistic__in=MAILED)
    recent = StatisticSent.objects.filter(period_end__gt=now - BACK)
    sent = dict(recent.order_by("period_end").values_list("customer", "period_end"))
    wanted = Q(send_statistic__in=MAILED) | by_class | Q(pk__in=sent)
    customers = Customer.objects.filter(wanted).exclude(status="closed")
    for customer in customers.select_related("customer_class").order_by("pk").iterator():
        for period in closed_periods(customer, since=sent.get(customer.pk), now=now):
            yield customer, period


def closed_periods(customer: Customer, *, since: datetime | None, now: datetime) -> Iterator[Period]:
    """The billing periods that are closed, from `since` on; without it the last one only. None from before he came."""
    period_with = calendar_of(customer).period_with
    last_closed = period_with(last_moment(period_with(now - AFTER).start))
    period = period_with(since) if since else last_closed
    while period.end <= last_closed.end:
        if period.end > customer.created_at:
            yield Period(max(period.start, since), period.end) if since else period
        period = period_with(period.end)


def send_statistic(*, customer: Customer, period: Period, now: datetime) -> bool:
    """Mail the customer about one closed period, unless that was done or declined; returns whether it was done now.

    Up to 10 MB the file goes with the mail, a larger one has a link to its download in the portal. Nobody who has an
    address: nothing is sent, and it is tried again.
    """
    if customer.statistic not in MAILED:
        write_down(customer, period, now=now)
        return False
    recipients = readers_of(customer)
    if not recipients:
        log.warning("statistic_without_address", customer=customer.pk)
        return False
    charge_due(customer=customer, now=now)
    with formats.reading_as(zone=customer.zone, pattern="language", language="en"):
        wanted = Wanted(start=period.start, end=period.end, failed=True)
        is_full = customer.statistic == Statistic.FULL
        file = whole_file(customer, wanted) if is_full else None
        with transaction.atomic():
            is_new = write_down(customer, period, now=now, by_link=is_full and file is None)
            if is_new:
                _post(customer, wanted, recipients, is_full=is_full, file=file)
    return is_new


def write_down(customer: Customer, period: Period, *, now: datetime, by_link: bool = False) -> bool:
    """What the customer gets, or declined, for a closed period: a row once; returns whether it is new."""
    _row, is_new = StatisticSent.objects.get_or_create(
        customer=customer,
        period_end=period.end,
        defaults={"period_start": period.start, "kind": customer.statistic, "by_link": by_link, "made_at": now},
    )
    return is_new


def whole_file(customer: Customer, wanted: Wanted) -> bytes | None:
    """The Transaction Detail Records as CSV; None when they are too large for a mail, of which no more is read."""
    rows, columns = record_columns(transactions(customer, wanted), customer, customer.zone, export.defused_column)
    return at_most(export.copied_csv(columns, rows, zone=customer.time_zone), MOST_ATTACHED)


def at_most(parts: Iterable[bytes], size: int) -> bytes | None:
    """All parts in one; None as soon as they are more than `size` bytes."""
    whole = bytearray()
    for part in parts:
        whole += part
        if len(whole) > size:
            return None
    return bytes(whole)


def download_address(wanted: Wanted, customer: Customer) -> str:
    """The download of the same rows in the portal, for who signs in there with the customer's time zone."""
    pattern, zone = "%Y-%m-%dT%H:%M:%S", customer.zone
    query = {
        "from_date": wanted.start.astimezone(zone).strftime(pattern),
        "till_date": last_moment(wanted.end).astimezone(zone).strftime(pattern),
        "failed": "on",
    }
    return f"{settings.PORTAL_URL}{reverse('billing:transactions')}?{urlencode(query)}"


def _post(customer: Customer, wanted: Wanted, recipients: list[str], *, is_full: bool, file: bytes | None) -> None:
    first, last = (moment.astimezone(customer.zone).date() for moment in (wanted.start, last_moment(wanted.end)))
    totals = [(each, each.service.counted(each.charged_quantity)) for each in service_totals(customer, wanted)]
    context = {
        "first": first,
        "last": last,
        "totals": totals,
        "amount": sum(each.amount for each, _counted in totals),
        "currency": customer.currency,
        "is_full": is_full,
        "is_attached": file is not None,
        "url": download_address(wanted, customer),
        "general": settings.PORTAL_URL + reverse("billing:general"),
    }
    name = f"transactions-{first}-{last}.csv"
    mail.post(
        template="statistic",
        context=context,
        to=recipients,
        key=f"statistic:{customer.pk}:{wanted.end.isoformat()}",
        customer=customer,
        attached=[mail.Attached(name, "text/csv", file)] if file is not None else [],
    )
