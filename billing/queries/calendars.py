"""How a customer's billing periods run, for everything that says "billing period"."""

from __future__ import annotations

from datetime import date, datetime

from billing.periods import Calendar, Kind, Period, Rule
from selfcare.models import Customer


def calendar_of(customer: Customer) -> Calendar:
    """The customer's billing periods, former rules and the one that counts now or from the next period on."""
    anchor = first_day(customer)
    former = [
        Rule(Kind(kept["kind"]), kept["day"], anchor, date.fromisoformat(kept["since"]) if kept["since"] else None)
        for kept in customer.billing_before
    ]
    present = Rule(Kind(customer.billing_period), customer.billing_day, anchor, customer.billing_since)
    return Calendar(customer.zone, (*former, present))


def period_of(customer: Customer, moment: datetime) -> Period:
    """The customer's billing period that holds the moment."""
    return calendar_of(customer).period_with(moment)


def first_day(customer: Customer) -> date:
    """The day on which the customer began, on his own clock."""
    return customer.created_at.astimezone(customer.zone).date()
