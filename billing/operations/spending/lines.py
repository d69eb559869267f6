"""What the calls of one phone line may cost in a day."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from billing.models import LineLimit
from billing.operations.guards import refuse_inexact
from centrex.models import Line
from selfcare import formats
from selfcare.errors import Refused
from selfcare.models import AuditEvent, Customer, User


@transaction.atomic
def save_line_limit(*, user: User, line: Line, version: int | None, daily_limit: Decimal, confirmed: bool) -> LineLimit:
    """Limit the line's calls to so much a day, in the customer's currency.

    Refused for an amount that the currency cannot carry, and at "password" for more than before unless `confirmed`.
    """
    customer = Customer.locked(line.customer_id, None)
    try:
        refuse_inexact(daily_limit, customer.currency)
    except Refused as refusal:
        raise Refused(refusal.message, field="daily_limit") from refusal
    kept = LineLimit.for_customer(customer).filter(line=line).first()
    before = kept.daily_limit if kept else None
    kept = LineLimit.locked(kept.pk, version) if kept else LineLimit(customer=customer, line=line)
    if before is not None and daily_limit > before and not confirmed:
        raise Refused(_("Type your password to let calls cost more."), field="password")
    kept.daily_limit = daily_limit
    kept.version += 1 if kept.pk else 0
    kept.save()
    words = ["" if amount is None else formats.money(amount, customer.currency) for amount in (before, daily_limit)]
    changes = {_("Calls may cost in a day"): words}
    AuditEvent.write(user=user, action="edit" if before is not None else "add", record=kept, changes=changes)
    return kept


@transaction.atomic
def remove_line_limit(*, user: User, limit: LineLimit, version: int | None, confirmed: bool) -> None:
    """Let the line's calls cost what the company's limits allow; refused at "password" unless `confirmed`."""
    kept = LineLimit.locked(limit.pk, version)
    if not confirmed:
        raise Refused(_("Type your password to let calls cost more."), field="password")
    AuditEvent.write(user=user, action="delete", record=kept)
    kept.delete()
