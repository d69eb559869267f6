"""Why is this invoice higher (or lower) than the last? In sentences whose amounts add up to the difference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from billing.difference import Breakdown, Change, Part
from billing.models import Invoice, Service
from billing.money import round_charge
from billing.queries.bill_changes import CHARGES, DESTINATIONS, LINES, TAX, BillChange, bill_change, previous_of
from selfcare import formats
from selfcare.crud.views import DetailPage

HEADS: dict[str, Promise] = {
    DESTINATIONS: gettext_lazy("By destination"),
    LINES: gettext_lazy("By phone line"),
    CHARGES: gettext_lazy("By charge"),
}
NOTABLE = Decimal("0.02")  # an average price that moved by less is the same price, rounded


@dataclass(frozen=True, slots=True)
class Sentence:
    """A thing on both bills: its name, what it adds to the difference, and why, in words."""

    name: str | Promise
    amount: Decimal
    words: str = ""


@dataclass(frozen=True, slots=True)
class Side:
    """What is behind a part, from one side; the amounts of the rows add up to that of the part."""

    head: str | Promise
    rows: list[Sentence]


class Why(DetailPage):
    page = "billing:invoices"
    model = Invoice
    template_name = "billing/invoice/why.html"

    def get_queryset(self) -> QuerySet[Invoice]:
        """A credit note has no invoice before it to be compared with."""
        periods = super().get_queryset().filter(kind=Invoice.Kind.INVOICE)
        return periods.select_related("customer").prefetch_related("lines")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        invoice: Invoice = self.object
        before = previous_of(invoice)
        if before is None:
            words = {"title": _("Invoice %(number)s is the first one") % {"number": invoice.number}, "found": None}
            return super().get_context_data(**(words | {"invoice": invoice} | kwargs))
        found = bill_change(before, invoice)
        self.currency = invoice.currency
        words = {
            "title": question(found),
            "invoice": invoice,
            "before": before,
            "found": found,
            "currency": invoice.currency,
            "parts": [(self.sentence(found, part), self.sides(found, part)) for part in found.parts],
            "remarks": list(self.remarks(found)),
        }
        return super().get_context_data(**(words | kwargs))

    def sentence(self, found: BillChange, part: Part) -> Sentence:
        change = part.change
        if change.key == TAX:
            return Sentence(_("Tax"), change.amount, _("It follows from the sums above."))
        if change.key is None:
            words = _("Transactions that came in after the invoice of their period was made.")
            return Sentence(_("Charges of earlier periods"), change.amount, words)
        service = found.services[change.key]
        return Sentence(service.name, change.amount, self.compared(service, change))

    def sides(self, found: BillChange, part: Part) -> list[Side]:
        return [
            Side(HEADS[name], list(self.rows(found, part, name, broken))) for name, broken in part.breakdowns.items()
        ]

    def rows(self, found: BillChange, part: Part, side: str, broken: Breakdown) -> Iterator[Sentence]:
        service = found.services[part.change.key]
        for change in broken.changes:
            if side == CHARGES:
                yield self.charge(found, change)
            else:
                name = self.line(found, change.key[1]) if side == LINES else place(change)
                price = self.price(change) if side == DESTINATIONS else ""
                yield Sentence(name, change.amount, " ".join(filter(None, [self.compared(service, change), price])))
        if broken.rest:
            yield Sentence(_("Everything else"), broken.rest)

    def line(self, found: BillChange, pk: int | None) -> str:
        if pk is None:
            return _("No phone line")
        return str(found.lines[pk]) if pk in found.lines else _("A phone line that was deleted")

    def compared(self, service: Service, change: Change) -> str:
        """How much of it there was, then and now."""
        if change.is_new or change.is_gone:
            words = _("Only on this invoice: %(much)s.") if change.is_new else _("Only on the last invoice: %(much)s.")
            return words % {"much": much(service, change.now if change.is_new else change.before)}
        old, new = much(service, change.before), much(service, change.now)
        if old == new:
            return _("As many as before: %(much)s.") % {"much": new}
        return _("%(now)s instead of %(before)s.") % {"now": new, "before": old}

    def price(self, change: Change) -> str:
        """The average price of calls to a destination, where it moved."""
        old, new = (
            average(change.before.amount, change.before.quantity),
            average(change.now.amount, change.now.quantity),
        )
        if not old or not new or abs(new - old) < old * NOTABLE:
            return ""
        prices = {"now": formats.price(new, self.currency), "before": formats.price(old, self.currency)}
        return _("A minute was %(now)s on average instead of %(before)s.") % prices

    def charge(self, found: BillChange, change: Change) -> Sentence:
        """A fee, its activation, or a single charge or credit."""
        _service, kind, key = change.key
        if kind == "words":
            words = _("Only on this invoice.") if change.is_new else _("Only on the last invoice.")
            return Sentence(key or _("Without a text"), change.amount, words if change.is_new or change.is_gone else "")
        if kind == "line":
            return Sentence(self.line(found, key), change.amount, self.fee(change))
        subscription = found.subscriptions.get(key)
        name = subscription.name if subscription else _("A subscription")
        if kind == "activation":
            return Sentence(_("Activation of %(name)s") % {"name": name}, change.amount, _("Charged once."))
        if subscription and change.is_new and subscription.started_at >= found.before.period_start:
            words = _("It began on %(day)s.") % {"day": formats.day(subscription.started_at)}
        elif subscription and subscription.finishes_at and subscription.finishes_at < found.now.period_end:
            words = _("It ended on %(day)s.") % {"day": formats.day(subscription.finishes_at)}
        else:
            words = self.fee(change)
        return Sentence(name, change.amount, words)

    def fee(self, change: Change) -> str:
        """What was charged for it, then and now."""
        amounts = {
            "now": formats.money(change.now.amount, self.currency),
            "before": formats.money(change.before.amount, self.currency),
        }
        return _("%(now)s instead of %(before)s.") % amounts

    def remarks(self, found: BillChange) -> Iterator[str]:
        """What else is different: how long the periods are, and prices that are new."""
        old, new = days(found.before), days(found.now)
        if old != new:
            words = _("This period has %(now)s days, the last one had %(before)s.")
            yield words % {"now": new, "before": old}
        for rate in found.new_rates:
            words = _("Since %(day)s a minute to %(place)s (%(prefix)s) is %(price)s.")
            yield words % {
                "day": formats.day(rate.effective_from),
                "place": rate.destination,
                "prefix": rate.prefix,
                "price": formats.price(rate.price_next, self.currency),
            }


def question(found: BillChange) -> str:
    """What somebody asks who holds both bills."""
    if found.difference == 0:
        return _("Invoice %(number)s has the same total as the last one") % {"number": found.now.number}
    words = _("Why is invoice %(number)s higher than the last?")
    if found.difference < 0:
        words = _("Why is invoice %(number)s lower than the last?")
    return words % {"number": found.now.number}


def much(service: Service, figure: Any) -> str:
    """How many, and how much of the service's unit: "12 transactions, 3:20"."""
    count = ngettext("%(count)s transaction", "%(count)s transactions", figure.transactions) % {
        "count": formats.number(figure.transactions)
    }
    quantity = service.counted(figure.quantity) if figure.quantity else ""
    return ", ".join(filter(None, [count, quantity]))


def place(change: Change) -> str:
    """A destination with its country, or what has none."""
    _service, country, destination = change.key
    return ", ".join(filter(None, [destination, country])) or _("Elsewhere")


def average(amount: Decimal, seconds: Decimal) -> Decimal | None:
    """The price a minute; None where nothing was used."""
    return round_charge(amount * 60 / seconds) if seconds else None


def days(invoice: Invoice) -> int:
    """How many days the period has, in the invoice's own zone."""
    zone = ZoneInfo(invoice.time_zone)
    return (invoice.period_end.astimezone(zone).date() - invoice.period_start.astimezone(zone).date()).days
