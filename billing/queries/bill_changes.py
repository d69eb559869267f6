"""Two bills side by side: what each has by service, and behind a service by destination, phone line and charge.

The number of queries does not depend on how many calls there were. Destinations come from the monthly sums where both
periods are calendar months and nothing was booked into them late, else from the rows themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum

from billing.difference import Breakdown, Change, Figure, Part, breakdown, changes
from billing.models import CallPlace, Invoice, Rate, Service, Subscription, Xdr, XdrDay
from billing.money import round_money
from billing.periods import month_after
from billing.queries.invoice_rows import rows_of
from billing.queries.invoices import OF_PERIODS
from centrex.models import Line

TAX = "tax"
DESTINATIONS, LINES, CHARGES = "destinations", "lines", "charges"
BY_DESTINATION = (Service.CALLS, Service.MESSAGES, Service.DATA)


@dataclass(frozen=True, slots=True)
class BillChange:
    """Two bills of a customer; `parts` add up to `difference` exactly."""

    before: Invoice
    now: Invoice
    parts: tuple[Part, ...]
    services: dict[int, Service]
    lines: dict[int, Line]
    subscriptions: dict[int, Subscription]
    new_rates: tuple[Rate, ...]

    @property
    def difference(self) -> Decimal:
        return self.now.total - self.before.total

    @property
    def less(self) -> Decimal:
        """By how much the later one is lower."""
        return -self.difference


def previous_of(invoice: Invoice) -> Invoice | None:
    """The last valid invoice before this one, in the same currency."""
    earlier = Invoice.for_customer(invoice.customer).filter(OF_PERIODS, currency=invoice.currency)
    found: Invoice | None = earlier.filter(period_end__lte=invoice.period_start).order_by("-period_end").first()
    return found


def bill_change(before: Invoice, now: Invoice) -> BillChange:
    """Why the later of two invoices is higher or lower."""
    currency = now.currency
    by_service = changes(_by_service(before), _by_service(now), currency=currency)
    behind = {
        DESTINATIONS: changes(*_destinations(before, now), currency=currency),
        LINES: changes(_by_line(before), _by_line(now), currency=currency),
        CHARGES: changes(_by_charge(before), _by_charge(now), currency=currency),
    }
    parts = [Part(change, _behind(change, behind)) for change in by_service if change.amount]
    tax = Change(TAX, now.tax - before.tax, Figure(before.tax), Figure(now.tax))
    services = Service.objects.in_bulk()
    return BillChange(
        before=before,
        now=now,
        parts=(*parts, *([Part(tax)] if tax.amount else [])),
        services=services,
        lines=_named_lines(parts),
        subscriptions=_named_subscriptions(parts),
        new_rates=_new_rates(before, now, parts),
    )


def _by_service(invoice: Invoice) -> dict[int | None, Figure]:
    """The lines of an invoice, already rounded; None is the line for earlier periods."""
    found: dict[int | None, Figure] = {}
    for line in invoice.lines.all():
        known = found.get(line.service_id, Figure())
        found[line.service_id] = Figure(
            known.amount + line.net, known.transactions + line.transactions, known.quantity + line.quantity
        )
    return found


def _behind(part: Change, behind: dict[str, list[Change]]) -> dict[str, Breakdown]:
    """From which sides a service is looked at, each with what is left so that it adds up; sides that say nothing go."""
    sides = (DESTINATIONS, LINES) if part.key in BY_DESTINATION else (CHARGES,)
    found = {side: breakdown(part.amount, [c for c in behind[side] if c.key[0] == part.key]) for side in sides}
    return {side: broken for side, broken in found.items() if broken.changes}


def _grouped(rows: QuerySet[Xdr], *keys: str) -> dict[tuple[Any, ...], Figure]:
    sums = rows.order_by().values_list(*keys).annotate(Count("id"), Sum("charged_quantity"), Sum("amount"))
    size = len(keys)
    return {tuple(row[:size]): Figure(row[size + 2], row[size], row[size + 1]) for row in sums}


def _by_line(invoice: Invoice) -> dict[Any, Figure]:
    """By service and phone line; charges of the customer himself have none."""
    return _grouped(rows_of(invoice).filter(service__in=BY_DESTINATION, failed=False), "service_id", "line_id")


def _by_charge(invoice: Invoice) -> dict[Any, Figure]:
    """What is not a call by service and subscription, else by its own words and line."""
    rows = rows_of(invoice).exclude(service__in=BY_DESTINATION).order_by()
    found: dict[Any, Figure] = {}
    told = rows.values_list("service_id", "external_id", "description", "line_id", "charged_quantity", "amount")
    for service, external_id, words, line, quantity, amount in told.iterator(2000):
        key = (service, *_charge(external_id, words, line))
        known = found.get(key, Figure())
        found[key] = Figure(known.amount + amount, known.transactions + 1, known.quantity + quantity)
    return found


def _charge(external_id: str, words: str, line: int | None) -> tuple[Any, ...]:
    """A subscription by its id, apart from its activation; a charge of a phone line by the line; else its words."""
    kind, _colon, rest = external_id.partition(":")
    number, _colon, what = rest.partition(":")
    if kind in ("subscription", "did") and number.isdecimal():
        return ("activation" if what == "activation" else "subscription", int(number))
    return ("line", line) if line is not None else ("words", words)


def _destinations(before: Invoice, now: Invoice) -> tuple[dict[Any, Figure], dict[Any, Figure]]:
    """By service, country and destination; both bills from the same source, so that like is held against like."""
    if all(_is_month(invoice) and _nothing_came_late(invoice) for invoice in (before, now)):
        return _from_sums(before), _from_sums(now)
    return _from_rows(before), _from_rows(now)


def _from_rows(invoice: Invoice) -> dict[Any, Figure]:
    rows = rows_of(invoice).filter(service__in=BY_DESTINATION, failed=False).exclude(country="", destination="")
    return _grouped(rows, "service_id", "country", "destination")


def _from_sums(invoice: Invoice) -> dict[Any, Figure]:
    """The calls from the monthly sums; messages and data have no destination there and stay in the rest."""
    rows = CallPlace.for_customer(invoice.customer).filter(month=_first_day(invoice))
    sums = rows.values_list("country", "destination", "calls", "charged_quantity", "amount")
    return {
        (Service.CALLS, country, place): Figure(amount, calls, quantity)
        for country, place, calls, quantity, amount in sums
    }


def _is_month(invoice: Invoice) -> bool:
    """Whether the period is a calendar month where the monthly sums are kept: in the customer's zone of today."""
    zone = invoice.customer.zone
    first, end = invoice.period_start.astimezone(zone), invoice.period_end.astimezone(zone)
    midnights = first.time() == end.time() == first.min.time()
    return midnights and first.day == 1 and end.date() == month_after(first.date())


def _nothing_came_late(invoice: Invoice) -> bool:
    """Whether the calls of the month are still those of the invoice."""
    first = _first_day(invoice)
    days = XdrDay.for_customer(invoice.customer).filter(
        service=Service.CALLS, day__gte=first, day__lt=month_after(first)
    )
    today = days.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    invoiced = sum((line.net for line in invoice.lines.all() if line.service_id == Service.CALLS), Decimal(0))
    return round_money(today, invoice.currency) == invoiced


def _first_day(invoice: Invoice) -> date:
    return invoice.period_start.astimezone(invoice.customer.zone).date()


def _shown(parts: list[Part], side: str) -> list[Change]:
    return [change for part in parts if side in part.breakdowns for change in part.breakdowns[side].changes]


def _named_lines(parts: list[Part]) -> dict[int, Line]:
    ids = {change.key[1] for change in _shown(parts, LINES)}
    ids |= {change.key[2] for change in _shown(parts, CHARGES) if change.key[1] == "line"}
    return Line.objects.in_bulk(ids - {None})


def _named_subscriptions(parts: list[Part]) -> dict[int, Subscription]:
    ids = {c.key[2] for c in _shown(parts, CHARGES) if c.key[1] in ("subscription", "activation")}
    return Subscription.objects.in_bulk(ids)


def _new_rates(before: Invoice, now: Invoice, parts: list[Part]) -> tuple[Rate, ...]:
    """Prices of the customer's tariff that began between the two bills, for the destinations that are shown."""
    places = {change.key[2] for change in _shown(parts, DESTINATIONS)}
    rates = Rate.objects.filter(tariff__account__customer=now.customer_id, destination__in=places)
    began = rates.filter(effective_from__gt=before.period_start, effective_from__lt=now.period_end)
    return tuple(began.order_by("effective_from", "prefix")[:10])
