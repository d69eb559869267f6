"""Billing Summary: what a customer owes, uses and pays for at a glance, and where it is heading."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from billing.documents import spend_charts
from billing.pages.discounts import row_of
from billing.pages.subscriptions import applied_to, fee_words, own_day
from billing.periods import Period
from billing.queries import spending
from billing.queries.accounts import money_words
from billing.queries.calendars import period_of
from billing.queries.discounts import Status, discounts_of
from billing.queries.dunning import dunning_of
from billing.queries.invoices import invoice_summary
from billing.queries.spending import Days, Span
from billing.queries.subscriptions import active_subscriptions
from billing.queries.xdrs import Wanted, service_totals, services
from selfcare.access import sees
from selfcare.crud.days import span_query
from selfcare.crud.views import Page

THIS, LAST, YEAR = "this", "last", "year"
CHOICES = {THIS: _("This period"), LAST: _("Last period"), YEAR: _("12 months")}
MONTHS = 12
MOST_PLACES = 8
MOST_ROWS = 5  # of a window; the page that it leads to has all of them
LEADS_TO = ("invoices", "transactions", "subscriptions", "discounts", "pay")


class Summary(Page, TemplateView):
    page = "billing:summary"
    title = _("Billing Summary")
    intro = _("What you owe, what you use and what it costs, and where this billing period is heading.")
    template_name = "billing/summary/page.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        customer, now = self.request.customer, timezone.now()
        period = period_of(customer, now)
        facts = {
            "funds": money_words(customer),
            "period": Span.of(customer, now=now),
            "invoices": invoice_summary(customer, now=now),
            "dunning": dunning_of(customer, now=now),
            "opens": {name for name in LEADS_TO if sees(self.request, f"billing:{name}")},
            "most": MOST_ROWS,
            **self.subscriptions(now=now),
            **self.discounts(now=now),
            **self.totals(period),
            **self.charts(now=now),
        }
        return super().get_context_data(**(facts | kwargs))

    def subscriptions(self, *, now: datetime) -> dict[str, Any]:
        """What is paid for now, latest first, in the words of the page Subscriptions."""
        found = list(active_subscriptions(self.request.customer, now=now)[: MOST_ROWS + 1])
        rows = [
            {
                "name": each.name,
                "applied_to": "" if each.did else applied_to(each),  # its name says the number already
                "fee": fee_words(each),
                "started": own_day(each.started_at, each),
            }
            for each in found[:MOST_ROWS]
        ]
        return {"subscriptions": rows, "more_subscriptions": len(found) > MOST_ROWS}

    def discounts(self, *, now: datetime) -> dict[str, Any]:
        """The discounts that the next call may have, as the page Volume Discounts shows them."""
        found = [each for each in discounts_of(self.request.customer, now=now) if each.status == Status.ACTIVE]
        rows = [row_of(each, now=now, most=0) for each in found[:MOST_ROWS]]
        return {"discounts": rows, "more_discounts": len(found) > MOST_ROWS}

    def totals(self, period: Period) -> dict[str, Any]:
        """The period's transactions by service, each with the address of its rows."""
        found = service_totals(self.request.customer, Wanted(start=period.start, end=period.end))
        query = urlencode(span_query(period.start, period.end))
        rows = [
            {
                "name": total.service.name,
                "transactions": total.transactions,
                "quantity": total.service.counted(total.charged_quantity),
                "amount": total.amount,
                "details": f"{reverse('billing:transactions-of', args=[total.service.pk])}?{query}",
            }
            for total in found
        ]
        return {
            "totals": rows,
            "count": sum(total.transactions for total in found),
            "amount": sum((total.amount for total in found), Decimal(0)),
            "totals_query": query,
        }

    def charts(self, *, now: datetime) -> dict[str, Any]:
        """The charts of the chosen time; the comparison is always of this period."""
        customer = self.request.customer
        chosen = self.request.GET.get("time", THIS)
        chosen = chosen if chosen in CHOICES else THIS
        current, today = Span.of(customer, now=now), now.astimezone(customer.zone).date()
        last, month = Span.before_now(customer, now=now), Span.of_month(customer, now=now)
        year = [month.before(n) for n in reversed(range(MONTHS))]
        needed = spending.days_needed([current, last, *(year if chosen == YEAR else ())], today=today)
        days = spending.spend_by_day(customer, first=needed.first, end=needed.end)
        forecast = spending.forecast_of(days, current, today=today, known_since=spending.first_use(customer))
        shown = {THIS: current, LAST: last, YEAR: Span(year[0].first, month.end)}[chosen]
        months = {"first": shown.whole_months.first, "end": shown.whole_months.end}
        places = spending.top_destinations(customer, **months, limit=MOST_PLACES)
        return {
            "choices": [(name, label, name == chosen) for name, label in CHOICES.items()],
            "shown": shown,
            "months": shown.whole_months,
            "by_months": shown.whole_months != shown,
            "forecast": forecast,
            "spend": self.spend(days, shown, year if chosen == YEAR else ()),
            "against_last": spend_charts.against_last(
                days, current, last, today=today, forecast=forecast, currency=customer.currency
            ),
            "destinations": spend_charts.destinations(places, currency=customer.currency),
            "hours": spend_charts.hours(spending.busiest_hours(customer, **months)),
        }

    def spend(self, days: Days, shown: Span, months: Sequence[Span]) -> Any:
        words = {"services": services(), "currency": self.request.customer.currency}
        if months:
            return spend_charts.by_period(days, months, **words)
        return spend_charts.by_day(days, shown, **words)
