"""Changing how a customer's billing periods run."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from billing.periods import LAST_DAY
from billing.queries.calendars import calendar_of
from selfcare.errors import Refused
from selfcare.models import AuditEvent, Customer, User
from selfcare.models.audit import differences

FIELDS = ("billing_period", "billing_day", "billing_since")


def next_period_begins(customer: Customer, *, now: datetime) -> date:
    """The day, on the customer's calendar, on which the period that runs now is over."""
    calendar = calendar_of(customer)
    return calendar.day(calendar.period_with(now).end)


@transaction.atomic
def choose_billing_period(
    *, customer: Customer, kind: str, billing_day: int, staff: User | None, now: datetime
) -> Customer:
    """Let the customer's billing periods run otherwise from the next one on; the first of them may be shorter.

    What ran before is kept, so that every moment stays in the period that it was in. A change that has not begun to
    count is replaced. Refused for a billing day that not every month has, and for what is so already.
    """
    if not 1 <= billing_day <= LAST_DAY:
        raise Refused(_("The billing day must be between 1 and 28."), field="billing_day")
    row: Any = Customer.locked(customer.pk, None)
    if (row.billing_period, row.billing_day) == (kind, billing_day):
        raise Refused(_("The customer's billing periods run like that already."))
    old = Customer.objects.get(pk=row.pk)
    since = next_period_begins(row, now=now)
    if row.billing_since is None or row.billing_since < since:
        former = {
            "kind": row.billing_period,
            "day": row.billing_day,
            "since": row.billing_since.isoformat() if row.billing_since else None,
        }
        row.billing_before = [*row.billing_before, former]
    row.billing_period, row.billing_day, row.billing_since = kind, billing_day, since
    row.version += 1
    row.save(update_fields=["billing_period", "billing_day", "billing_since", "billing_before", "version"])
    AuditEvent.write(user=staff, action="edit", record=row, changes=differences(old, row, FIELDS))
    changed: Customer = row
    return changed
