"""Closing the billing periods that are over: every customer's invoices, oldest first, however often it runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from django.db import OperationalError, transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from billing.models import BillingTrouble, Invoice, XdrDay
from billing.operations.invoices import issue_invoice
from billing.operations.subscriptions import charge_due
from billing.periods import Period, midnight
from billing.queries.calendars import calendar_of, first_day
from billing.queries.invoices import OF_PERIODS
from selfcare import mail
from selfcare.errors import Refused
from selfcare.models import Brand, Customer

log = structlog.get_logger(__name__)

# Calls of a period's last minutes come in late; what comes later still is on the next invoice.
GRACE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a billing run did: the invoices that it made, and whom it could not invoice, with the reason."""

    issued: list[Invoice]
    failed: list[tuple[Customer, str]]


def run(*, now: datetime, until: date | None = None) -> Outcome:
    """Make the invoices of all customers' periods that are over: by `until` on their clocks, else an hour ago.

    Each invoice is a transaction of its own, so that a run that dies, or two at once, leave one for each period, and
    the next one goes on. A customer who cannot be invoiced is written down, told to staff once, and tried again.
    """
    outcome = Outcome([], [])
    for customer in due_customers(now=now, until=until):
        try:
            outcome.issued.extend(close_periods(customer=customer, until=until, now=now))
        except OperationalError:
            raise  # the database is away: that is nobody's own trouble
        except Exception as trouble:  # whatever is wrong with one customer, the others get their invoices
            words = str(trouble.message) if isinstance(trouble, Refused) else f"{type(trouble).__name__}: {trouble}"
            log.exception("customer_not_invoiced", customer=customer.pk)
            outcome.failed.append((customer, words))
            _write_down(customer, words, now)
        else:
            BillingTrouble.objects.filter(customer=customer).delete()
    return outcome


def close_periods(*, customer: Customer, now: datetime, until: date | None = None) -> list[Invoice]:
    """Make the invoices of the customer's periods that are over and have none; may be run as often as you like.

    What subscriptions owe for these periods is charged first, so that it is on their invoices. After a changed billing
    day or kind of period one period is shorter.
    """
    charge_due(customer=customer, now=now)
    found = with_ends(Customer.objects.filter(pk=customer.pk)).get()
    periods = list(open_periods(found, end=limit_of(customer, until=until, now=now)))
    return [issue_invoice(customer=customer, period=period, now=now) for period in periods]


def due_customers(*, now: datetime, until: date | None = None) -> list[Customer]:
    """The customers of whom a period is over that has no invoice, in one query."""
    started = Q(invoiced_until__lt=now) | Q(invoiced_until=None, first_use__isnull=False)
    found = with_ends(Customer.objects.all()).filter(started).order_by("pk")
    return [each for each in found if any(open_periods(each, end=limit_of(each, until=until, now=now)))]


def limit_of(customer: Customer, *, until: date | None, now: datetime) -> datetime:
    """Until when the customer's periods are closed."""
    return now - GRACE if until is None else min(midnight(until, zone=customer.zone), now)


def with_ends(customers: QuerySet[Customer]) -> QuerySet[Any]:
    """Annotates `invoiced_until`, and the first and the last day on which something was booked."""
    invoices = Invoice.objects.filter(OF_PERIODS, customer=OuterRef("pk")).order_by("-period_end")
    days = XdrDay.objects.filter(customer=OuterRef("pk")).values("day")
    return customers.annotate(
        invoiced_until=Subquery(invoices.values("period_end")[:1]),
        first_use=Subquery(days.order_by("day")[:1]),
        last_use=Subquery(days.order_by(F("day").desc())[:1]),
    )


def open_periods(customer: Any, *, end: datetime) -> Iterator[Period]:
    """The periods, closed by `end`, of a customer `with_ends` that have no invoice, oldest first.

    The first is that of his first transaction, from the day on which he began. A closed customer has none after his
    last transaction.
    """
    start = _first_open(customer)
    while start is not None:
        period = Period(start, calendar_of(customer).period_with(start).end)
        if period.end > end or _has_left(customer, start):
            return
        yield period
        start = period.end


def _has_left(customer: Any, start: datetime) -> bool:
    """Whether a customer is closed and nothing was booked since."""
    if customer.status != Customer.Status.CLOSED:
        return False
    return customer.last_use is None or start > midnight(customer.last_use, zone=customer.zone)


def _first_open(customer: Any) -> datetime | None:
    if customer.invoiced_until is not None:
        until: datetime = customer.invoiced_until
        return until
    if customer.first_use is None:
        return None
    start = calendar_of(customer).period_with(midnight(customer.first_use, zone=customer.zone)).start
    began = first_day(customer)
    return max(start, midnight(began, zone=customer.zone)) if began <= customer.first_use else start


@transaction.atomic
def _write_down(customer: Customer, words: str, now: datetime) -> None:
    """Keep the trouble where staff see it, and mail them about it once."""
    row, is_new = BillingTrouble.objects.get_or_create(
        customer=customer, defaults={"since": now, "tried_at": now, "error": words[:300]}
    )
    if not is_new:
        BillingTrouble.objects.filter(pk=row.pk).update(tried_at=now, tries=F("tries") + 1, error=words[:300])
    mail.post(
        template="billing_trouble",
        context={"trouble": row},
        to=[Brand.current().support_email],
        key=f"billing-trouble:{customer.pk}:{row.since.isoformat()}",
    )
